import { afterAll, beforeAll, expect, test } from 'vitest'
import { hospital, type TestHospital } from '#app/testing/hospital.ts'
import { importFile } from '#app/testing/imports.ts'
import type { Context } from '../context.ts'
import { errorLines } from './errors-file.ts'

let h: TestHospital
let officer: Context
beforeAll(async () => {
  h = await hospital()
  officer = await h.as(await h.person('李主任', { unit: '医务处', roles: ['medicalOffice'] }))
})
afterAll(() => h[Symbol.asyncDispose]())

test('a file of a million wrong rows is judged in bounded memory: all are counted, the first thousands told, and the file of errors says how many more there are', async () => {
  const rows = 1_000_000
  const lines = ['code,name,drg_valid']
  for (let i = 0; i < rows; i++) lines.push(`,,也许${i}`)
  const content = lines.join('\n')
  lines.length = 0
  const before = process.memoryUsage().rss
  let most = before
  const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 100)
  const work = await importFile(h, officer, 'privileges.standardProcedure', content, '错.csv')
  await work.settle({ constants: { codeSystem: '试验', codeVersion: '错' } })
  const { state, counts } = await work.preview()
  clearInterval(watch)
  expect([state, counts.rows, counts.refused]).toEqual(['judged', rows, rows])
  expect((most - before) / 1024 / 1024).toBeLessThan(400)
  const batch = await h.house.imports.mine(officer, work.id)
  const told = await Array.fromAsync(errorLines(await h.house.imports.table(officer, batch.file!), batch))
  expect(told.length).toBeGreaterThan(5000)
  expect(told[1]!.at(-1)).toContain('第 2 行：')
  expect(told.at(-1)).toEqual([
    `导出说明：另有 ${(rows - told.length + 2).toLocaleString('en')} 行没有导入，未列在这里；请按以上原因修改原文件，再整个导入一次`,
  ])
}, 300_000)
