import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { demoPassword } from '#app/demo/accounts.ts'
import { dataFolder, removeFolder, runCommand, signInAt, startProgram } from '#app/testing/program.ts'
import { root } from '../paths.ts'

let data: string
beforeEach(async () => {
  data = await dataFolder()
})
afterEach(() => removeFolder(data))

/** The command line with lines typed into it. */
async function typed(args: readonly string[], lines: readonly string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, ['app/cli.ts', ...args], { cwd: root, stdio: ['pipe', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += String(text)))
  child.stdin.end(`${lines.join('\n')}\n`)
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, output }
}

test(
  'the master key is given to three people, lost, and brought back by two of them; everything opens again',
  { timeout: 300_000 },
  async () => {
    const [file, into] = [join(data, 'keys', 'master.key'), join(data, 'parts')]
    const phrases = ['dongtian-xueliu-9', 'xiari-hefeng-22', 'qiutian-luoye-71']
    const mobile = async (url: string) => {
      const call = await signInAt(url, 'zhoumin', demoPassword)
      const { body } = await call<{ rows: { mobile: string }[] }>('GET', '/api/records/directory.person?limit=1&sort=staffNumber')
      return body.rows[0]!.mobile
    }
    let before: string
    {
      await using program = await startProgram(data, ['--demo', 'small'])
      before = await mobile(program.url)
      const asked = ['secrets', 'escrow', '--data', data, '--into', into, '--holder', '张三', '--holder', '李四', '--holder', '王五']
      const done = await typed(asked, phrases)
      expect([done.code, done.output]).toEqual([0, expect.stringContaining('任意 2 位')])
      expect((await typed(asked.slice(0, -4), phrases)).output).toContain('至少两位保管人')
    }
    const key = readFileSync(file, 'utf8')
    const parts = readdirSync(into).toSorted().map((name) => join(into, name)) // prettier-ignore
    expect(parts.map((path) => statSync(path).mode & 0o777)).toEqual([0o600, 0o600, 0o600])
    for (const path of parts) expect(readFileSync(path, 'utf8')).not.toContain(key.trim().slice(0, 12))
    rmSync(file)
    const to = (which: readonly string[]) => ['secrets', 'recover', '--to', file, ...which.flatMap((path) => ['--part', path])]
    const phraseOf = (path: string) => phrases[['张三', '李四', '王五'].findIndex((name) => path.includes(name))]!
    expect(await typed(to([parts[0]!]), [phraseOf(parts[0]!)])).toMatchObject({ code: 1, output: expect.stringContaining('还差 1 份') })
    expect(existsSync(file)).toBe(false)
    const two = [parts[2]!, parts[0]!]
    expect(await typed(to(two), two.map(phraseOf))).toMatchObject({ code: 0, output: expect.stringContaining('恢复主密钥') })
    expect([readFileSync(file, 'utf8'), statSync(file).mode & 0o777]).toEqual([key, 0o600])
    await using program = await startProgram(data)
    expect(await mobile(program.url)).toBe(before)
  },
)

test(
  'addresses and keys of other systems lie encrypted, are read at the start, follow the master key when it changes, and stand in no file or log',
  { timeout: 300_000 },
  async () => {
    const secret = 'kanarienvogel-0123456789'
    const plain = join(data, 'settings.env')
    writeFileSync(plain, `# 短信网关\nXINGLIN_SMS_URL="https://sms.hospital.example/send"\nXINGLIN_SMS_SECRET=${secret}\n`)
    expect((await runCommand(['secrets', 'seal-settings', plain, '--data', data])).output).toContain('已加密保存 2 项')
    rmSync(plain)
    const sealed = join(data, 'keys', 'settings.sealed')
    expect([readFileSync(sealed, 'utf8').includes('sms.hospital'), statSync(sealed).mode & 0o777]).toEqual([false, 0o600])
    const hasReset = async () => {
      await using program = await startProgram(data, ['--demo', 'none'], { XINGLIN_LOG: '1' })
      const { reset } = (await (await fetch(`${program.url}/api/sign-in`)).json()) as { reset: boolean }
      expect(program.output()).not.toContain(secret)
      return reset
    }
    expect(await hasReset()).toBe(true)
    expect((await runCommand(['secrets', 'change-master', '--data', data])).code).toBe(0)
    expect(await hasReset()).toBe(true)
    const files = readdirSync(data, { recursive: true, withFileTypes: true }).filter((one) => one.isFile())
    expect(files.filter((one) => readFileSync(join(one.parentPath, one.name)).includes(secret)).map(({ name }) => name)).toEqual([])
    // Another master key opens nothing, and says so before anything is begun.
    const key = join(data, 'keys', 'master.key')
    const right = readFileSync(key)
    rmSync(key)
    expect(await runCommand(['doctor', '--data', data])).toMatchObject({ code: 1, output: expect.stringContaining('secrets recover') })
    expect(existsSync(key)).toBe(false)
    writeFileSync(key, `${Buffer.alloc(32, 1).toString('base64')}\n`)
    expect(await runCommand(['doctor', '--data', data])).toMatchObject({ code: 1, output: expect.stringContaining('打不开') })
    writeFileSync(key, right)
    for (const wrong of ['XINGLIN_MASTER_KEY=x', 'PATH=/tmp', '随便'])
      expect(await sealing(wrong)).toMatchObject({ code: 1, output: expect.stringContaining('第 1 行不是可加密保存的配置') })
  },
)
async function sealing(text: string) {
  const path = join(data, 'wrong.env')
  writeFileSync(path, text)
  return runCommand(['secrets', 'seal-settings', path, '--data', data])
}
