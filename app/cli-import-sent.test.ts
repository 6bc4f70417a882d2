import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { kit } from '#kernel/server/flow/testing-kit.ts'
import { runImport } from './cli-import.ts'
import { productDefinitions } from './definitions.ts'
import { hospital, type TestHospital } from './testing/hospital.ts'

let h: TestHospital
let folder: string
let officer: string
beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([kit]) })
  folder = await mkdtemp(join(tmpdir(), 'xinglin-cli-'))
  const person = await h.person('医务员', { unit: '医务处', roles: ['medicalOffice'] })
  officer = (await h.kernel.directory()).people.get(person)!.staffNumber!
  await h.person('赵一')
  await h.person('孙主任', { post: 'head', roles: ['departmentHead'] })
})
afterAll(async () => {
  await h[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})
async function command(...args: string[]): Promise<{ code: number; text: string }> {
  const lines: string[] = []
  const code = await runImport(h.house, args, (line) => lines.push(line))
  return { code, text: lines.join('\n') }
}

test('S5 the command line sends an import for approval in the name of a person, and withdraws it by the batch’s number', async () => {
  const path = join(folder, 'plans.csv')
  await writeFile(path, '申请人,科室,名称,年度\n赵一,骨科,甲计划,2026\n赵一,骨科,乙计划,2026\n')
  expect(await command('kit.plan', path, '--submit', '年度汇总')).toMatchObject({ code: 1, text: expect.stringContaining('--as 工号') as string })
  expect((await command('kit.plan', path, '--submit', '年度汇总', '--basis', '院发 1 号', '--as', officer)).text).toContain('只能选一个')
  expect((await command('kit.plan', path, '--submit', '年度汇总', '--as', '没有此人')).text).toContain('没有工号为“没有此人”的在职人员')
  expect((await command('kit.plan', path, '--submit', ' ', '--as', officer)).text).toContain('送审请先填写申请的理由')
  const sent = await command('kit.plan', path, '--submit', '年度汇总', '--as', officer)
  expect([sent.code, sent.text]).toEqual([0, expect.stringContaining('送审新增 2') as string])
  const number = /第 (\d+) 批/.exec(sent.text)![1]!
  const state = async () => (await h.kernel.db.query<{ status: string }>(`SELECT status FROM kernel.flow_instance`)).map(({ status }) => status)
  expect(await state()).toEqual(['running'])
  expect((await command('--undo', number)).text).toContain('只有申请人医务员')
  expect((await command('--undo', number, '--as', officer)).code).toBe(0)
  expect(await state()).toEqual(['withdrawn'])
}) // prettier-ignore
