import { afterAll, beforeAll, expect, test } from 'vitest'
import { today, type FieldProblem, type ListAnswer } from '#model'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'

let h: TestHospital
let officer: HttpSession
beforeAll(async () => {
  h = await hospital({ at: '2026-03-02' })
  officer = await h.signIn(await h.person('王建国', { unit: '信息科', roles: ['systemOfficer'] }))
})
afterAll(() => h[Symbol.asyncDispose]())

test('a post names to whom its holder reports: superiors follow it level by level, then the heads from there; a circle is refused in words', async () => {
  const head = await h.person('李卫东', { unit: '骨科', post: 'head' })
  const deputy = await h.person('郑毅', { unit: '骨科' })
  const doctor = await h.person('张海涛', { unit: '骨科' })
  const nursing = await h.person('秦护', { unit: '护理部', post: 'director' })
  const nurse = await h.person('孙宁', { unit: '骨科' })
  const report = async (person: string, reportsTo: string) => {
    const filter = encodeURIComponent(JSON.stringify({ field: 'person', op: 'eq', value: person }))
    const { rows } = (await officer.call('GET', `/api/records/directory.membership?filter=${filter}`)).json<ListAnswer>()
    const answer = await officer.call('PATCH', `/api/records/directory.membership/${rows[0]!.id}`, { version: rows[0]!.version, changes: { reportsTo } })
    return answer.status === 200 ? 200 : answer.json<{ problems: FieldProblem[] }>().problems
  }
  const above = async (person: string) => (await h.kernel.directory()).superiorsOf(person, today(h.clock))
  expect(await above(doctor)).toEqual([[head]])
  expect(await report(doctor, deputy)).toBe(200)
  expect(await above(doctor)).toEqual([[deputy], [head]])
  // Across the tree: a nurse of a ward answers to the nursing department.
  expect(await report(nurse, nursing)).toBe(200)
  expect(await above(nurse)).toEqual([[nursing]])
  expect(await report(deputy, deputy)).toEqual([{ field: 'reportsTo', message: '不能是本人' }])
  expect(await report(deputy, doctor)).toEqual([{ field: 'reportsTo', message: '张海涛已（直接或间接）向本人汇报' }])
  expect(await report(head, nursing)).toBe(200)
  expect(await above(doctor)).toEqual([[deputy], [head], [nursing]])
}) // prettier-ignore
