import { afterAll, beforeAll, expect, test } from 'vitest'
import { productDefinitions } from '#app/definitions.ts'
import { hospital, type TestHospital } from '#app/testing/hospital.ts'
import { csv, importFile } from '#app/testing/imports.ts'
import { kit } from '../flow/testing-kit.ts'

let h: TestHospital
beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([kit]) })
  await h.person('赵一')
})
afterAll(() => h[Symbol.asyncDispose]())
const count = async (sql: string) => (await h.kernel.db.query<{ n: number }>(sql))[0]!.n

test('S5 a type under approval is imported as approved, by who has the right and states the basis: no approval a row, and nobody is told', async () => {
  const officer = await h.as(await h.person('医务员', { unit: '医务处', roles: ['medicalOffice'] }))
  const rows = Array.from({ length: 30 }, (_, i) => ['赵一', '心内科', `计划 ${i}`, '2026'])
  const work = await importFile(h, officer, 'kit.plan', csv([['申请人', '科室', '名称', '年度'], ...rows]))
  expect((await work.detail()).remarks.map(({ level, text }) => [level, text])).toContainEqual([
    'error',
    '这种记录须经审批，直接导入请先填写依据（文号或说明）',
  ])
  await expect(work.run()).rejects.toMatchObject({ code: 'importRefused' })
  await h.unit('心内科')
  await work.settle({ basis: '院发〔2026〕12 号' })
  const messages = await count(`SELECT count(*)::int AS n FROM kernel.message`)
  const done = await work.run()
  expect([done.state, done.counts.created, done.basis]).toEqual(['done', 30, '院发〔2026〕12 号'])
  expect(await count(`SELECT count(*)::int AS n FROM kit.plan WHERE state = 'approved'`)).toBe(30)
  expect(await count(`SELECT count(*)::int AS n FROM kernel.flow_instance`)).toBe(0)
  expect(await count(`SELECT count(*)::int AS n FROM kernel.message`)).toBe(messages)
  // Automations hear of one batch, not of thirty records.
  expect(await count(`SELECT count(*)::int AS n FROM kernel.outbox WHERE resource = 'kit.plan'`)).toBe(1)
})

test('S5 who may only apply imports nothing', async () => {
  const ward = await h.as(await h.person('钱二'))
  await expect(importFile(h, ward, 'kit.plan', csv([['名称'], ['计划']]))).rejects.toMatchObject({ code: 'noRight' })
})
