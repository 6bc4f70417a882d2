import { afterAll, beforeAll, expect, test } from 'vitest'
import { posts, type DesignAnswer, type FieldProblem, type PublishingItem, type RecordAnswer } from '#model'
import { hospital, type HttpAnswer, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { workPublishing } from './publisher.ts'

let h: TestHospital
let implementer: HttpSession, officer: HttpSession, security: HttpSession
let surgery: string
beforeAll(async () => {
  h = await hospital()
  surgery = await h.unit('骨科')
  implementer = await h.signIn(await h.person('实施员', { roles: ['implementer'] }))
  officer = await h.signIn(await h.person('王建国', { unit: '信息科', roles: ['systemOfficer'] }))
  security = await h.signIn(await h.person('许安', { unit: '信息科', roles: ['securityOfficer'] }))
})
afterAll(() => h[Symbol.asyncDispose]())
const place = '/api/designs/overlay/directory.membership'
const problems = (answer: HttpAnswer) => answer.json<{ problems: FieldProblem[] }>().problems
async function draw(choices: object): Promise<DesignAnswer> {
  const { revision } = (await implementer.call('GET', place)).json<{ revision: number }>()
  const content = { fields: [], patches: [{ field: 'post', property: 'choices', value: choices, base: posts }], rules: [], roles: [] }
  const answer = await implementer.call('PUT', place, { content, revision })
  expect(answer.status, answer.text).toBe(200)
  return answer.json<unknown>() as DesignAnswer
}
const ask = () => implementer.call('POST', '/api/publishings', { items: [{ kind: 'overlay', name: 'directory.membership' }] })
async function publish(choices: object): Promise<void> {
  expect((await draw(choices)).problems).toEqual([])
  const asked = await ask()
  expect(asked.status, asked.text).toBeLessThan(300)
  while (await workPublishing(h.kernel, h.database.ownerUrl));
  const done = (await implementer.call('GET', `/api/publishings/${asked.json<{ id: string }>().id}`)).json<unknown>() as PublishingItem
  expect(done).toMatchObject({ state: 'done', problem: null })
}
const give = (person: string, post: string) =>
  officer.call('POST', '/api/records/directory.membership', { person, unit: surgery, post, main: false })

test('a hospital adds a post of its own: people hold it, roles and movements name it; renamed it stays, stopped nobody new gets it, and in use it is not taken away', async () => {
  const [li, wu] = [await h.person('李明', { unit: '骨科' }), await h.person('吴静', { unit: '骨科' })]
  expect(problems(await give(li, 'c6'))).toEqual([{ field: 'post', message: '请从选项中选择' }])
  await publish({ ...posts, c6: '医疗组长' })
  const held = await give(li, 'c6')
  expect(held.status, held.text).toBe(201)
  const given = await security.call('POST', '/api/records/directory.roleAssignment', { role: 'departmentSecretary', post: 'c6', unit: surgery })
  expect(given.status, given.text).toBe(201)
  expect((await h.kernel.directory()).rolesOf(li, '2026-06-15')).toContain('departmentSecretary')
  const postsOfType = (name: string, field: string) => Object.keys((h.kernel.defs.resource(name).fields[field]!.options as { choices: object }).choices)
  for (const [name, field] of [['directory.roleAssignment', 'post'], ['organisation.movement', 'toPost']] as const) expect(postsOfType(name, field)).toContain('c6')
  const mine = await security.call('GET', `/api/rights/people/${li}`)
  expect(mine.text).toContain('职务“医疗组长”')

  await publish({ ...posts, c6: { label: '主诊组长', stopped: true } })
  expect(problems(await give(wu, 'c6'))).toEqual([{ field: 'post', message: '“主诊组长”已停用，请另选' }])
  const { id, version } = held.json<RecordAnswer>().record
  const ended = await officer.call('PATCH', `/api/records/directory.membership/${id}`, { version, changes: { to: '2026-12-31' } })
  expect(ended.json<RecordAnswer>().record).toMatchObject({ post: 'c6', to: '2026-12-31' })
  expect((await h.kernel.directory()).rolesOf(li, '2026-06-15')).toContain('departmentSecretary')

  await draw(posts)
  const gone = await ask()
  expect(gone.status).toBe(422)
  expect(gone.text).toContain('“职务”的选项“主诊组长”还有记录在用，不能去掉')
  const { secretary: _, ...fewer } = posts
  expect((await draw(fewer)).problems.map(({ message }) => message)).toEqual(['系统要用到原有的选项，只能改名称、调整次序或增加'])
  expect((await draw({ ...posts, head: { label: '科主任', stopped: true } })).problems.map(({ message }) => message)).toEqual(['系统要用到原有的选项，不能停用'])
}) // prettier-ignore
