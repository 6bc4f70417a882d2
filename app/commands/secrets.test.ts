import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { demoPassword } from '#app/demo/accounts.ts'
import { dataFolder, removeFolder, runCommand, signInAt, startProgram } from '#app/testing/program.ts'

let data: string
beforeEach(async () => {
  data = await dataFolder()
})
afterEach(() => removeFolder(data))

test('master key and data key are changed on the command line while the program answers; after a start anew everything opens', { timeout: 180_000 }, async () => {
  const people = '/api/records/directory.person?limit=5&sort=staffNumber'
  const mobiles = async (url: string) => {
    const call = await signInAt(url, 'zhoumin', demoPassword)
    const { status, body } = await call<{ rows: { mobile: string }[] }>('GET', people)
    expect(status).toBe(200)
    return body.rows.map(({ mobile }) => mobile)
  }
  const file = join(data, 'keys', 'master.key')
  let before: string[]
  {
    await using program = await startProgram(data, ['--demo', 'small'])
    before = await mobiles(program.url)
    expect(before[0]).toMatch(/^1\d{10}$/)
    const old = readFileSync(file, 'utf8')
    const master = await runCommand(['secrets', 'change-master', '--data', data])
    expect([master.code, master.output]).toEqual([0, expect.stringContaining('已更换主密钥：2 个密钥')])
    expect(readFileSync(file, 'utf8')).not.toBe(old)
    const changing = runCommand(['secrets', 'change-data', '--data', data])
    let isOver = false
    void changing.finally(() => (isOver = true))
    let looked = 0
    for (; !isOver; looked++) expect(await mobiles(program.url)).toEqual(before)
    const changed = await changing
    expect([changed.code, changed.output]).toEqual([0, expect.stringMatching(/数据密钥 3：[1-9]\d* 个记录密钥改由它加密，0 条记录重新加密/)])
    expect(looked).toBeGreaterThan(3)
    expect(await mobiles(program.url)).toEqual(before)
  }
  const status = await runCommand(['secrets', 'status', '--data', data])
  expect(status.output).toMatch(/数据密钥 1 .*仅解密\n索引密钥 2 .*检索用\n数据密钥 3 .*加密用/)
  await using again = await startProgram(data)
  expect(await mobiles(again.url)).toEqual(before)
}) // prettier-ignore

test('what is not asked for rightly is told', async () => {
  expect(await runCommand(['secrets', 'gone', '--data', data])).toMatchObject({ code: 2, output: expect.stringContaining('用法：secrets') as string })
}) // prettier-ignore
