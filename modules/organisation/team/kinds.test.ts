import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  choiceLabel,
  type Choices,
  type DesignAnswer,
  type FieldProblem,
  type ListAnswer,
  type PublishingItem,
  type RecordAnswer,
} from '#model'
import { hospital, newActId, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { workPublishing } from '#kernel/server/designs/publisher.ts'
import { groupsOf, type TeamsAnswer } from '../teams/teams.rules.ts'
import { teamKinds } from './team.ts'

let h: TestHospital
let office: HttpSession, second: HttpSession, secretary: HttpSession, implementer: HttpSession
let bones: string, house: string
beforeAll(async () => {
  h = await hospital({ at: '2026-03-02' })
  bones = await h.unit('骨科')
  house = await h.unit('医务处', { kind: 'office' })
  office = await h.signIn(await h.person('周敏', { unit: '医务处', roles: ['medicalOffice'] }))
  second = await h.signIn(await h.person('沈建华', { unit: '医务处', post: 'director', roles: ['medicalOffice'] }))
  secretary = await h.signIn(await h.person('何秀兰', { unit: '骨科', post: 'secretary' }))
  implementer = await h.signIn(await h.person('实施员', { roles: ['implementer'] }))
  await h.create('directory.roleAssignment', { role: 'departmentSecretary', post: 'secretary' })
})
afterAll(() => h[Symbol.asyncDispose]())
const base = '/api/records/organisation'
const place = '/api/designs/overlay/organisation.team'
async function publish(choices: Choices): Promise<void> {
  const { revision } = (await implementer.call('GET', place)).json<{ revision: number }>()
  const content = { fields: [], patches: [{ field: 'kind', property: 'choices', value: choices, base: teamKinds }], rules: [], roles: [] }
  expect((await implementer.call('PUT', place, { content, revision })).json<unknown>() as DesignAnswer).toMatchObject({ problems: [] })
  const asked = await implementer.call('POST', '/api/publishings', { items: [{ kind: 'overlay', name: 'organisation.team' }] })
  while (await workPublishing(h.kernel, h.database.ownerUrl));
  const done = (await implementer.call('GET', `/api/publishings/${asked.json<{ id: string }>().id}`)).json<unknown>() as PublishingItem
  expect(done).toMatchObject({ state: 'done', problem: null })
}

test('a kind of team that the hospital adds in the form designer works like the others: members with roles, the tree, snapshots in words, no levels', async () => {
  const draft = { kind: 'c5', name: '骨科加速康复小组', unit: bones, from: '2026-01-01' }
  const before = await secretary.call('POST', `${base}.team`, draft)
  expect(before.json<{ problems: FieldProblem[] }>().problems).toEqual([{ field: 'kind', message: '请从选项中选择' }])
  const kinds = { ...teamKinds, c5: '加速康复小组' }
  await publish(kinds)
  const team = (await secretary.call('POST', `${base}.team`, draft)).json<RecordAnswer>().record
  expect(team).toMatchObject({ kind: 'c5', isTiered: false })
  const join = (more: object) => secretary.call('POST', `${base}.teamMember`, { team: team.id, from: '2026-01-01', ...more })
  const person = await h.person('马超', { unit: '骨科' })
  expect((await join({ person })).json<{ problems: FieldProblem[] }>().problems).toMatchObject([{ field: 'role' }])
  expect((await join({ person, role: '组长', duties: '制定围手术期路径' })).status).toBe(201)
  const tree = (await office.call('GET', `/api/organisation/teams?team=${team.id}`)).json<TeamsAnswer>()
  const groups = groupsOf(tree, (kind) => choiceLabel(kinds, kind), '加速康复')
  expect(groups.map(({ label, below }) => [label, below.map((one) => one.label)])).toEqual([['骨科', ['加速康复小组']]])
  const kept = (await secretary.call('POST', `/api/organisation/teams/${team.id}/snapshot`)).json<RecordAnswer>().record
  expect(kept).toMatchObject({ kind: '加速康复小组', count: 1, members: [{ name: '马超', role: '组长', level: null }] })
  const filter = encodeURIComponent(JSON.stringify({ field: 'kind', op: 'eq', value: 'c5' }))
  expect((await office.call('GET', `${base}.team?filter=${filter}`)).json<ListAnswer>().rows.map(({ id }) => id)).toEqual([team.id])
})

test('an activity of a team of the hospital is reviewed and archived by the medical office, not by a head; then nobody changes it', async () => {
  const asked = { kind: 'vte', name: '院级VTE防治小组', category: 'hospital', unit: house, from: '2026-01-01' }
  const team = (await office.call('POST', `${base}.team`, asked)).json<RecordAnswer>().record
  const draft = { team: team.id, day: '2026-03-01', kind: 'inspection', topic: '一季度督查', content: '抽查二十份病历' }
  const sent = (await office.call('POST', `${base}.teamActivity`, draft)).json<RecordAnswer>().record
  expect(sent).toMatchObject({ state: 'pending', category: 'hospital' })
  const { instance } = sent.flow!
  for (const step of ['医务处审核', '医务处归档']) {
    const { my, record } = (await second.call('GET', `/api/approvals/${instance}`)).json<{
      my: { task: { id: string; label: string } }
      record: { version: number }
    }>()
    expect(my.task.label).toBe(step)
    const act = { kind: 'approve', actId: newActId(), task: my.task.id, seenVersion: record.version }
    expect((await second.call('POST', `/api/approvals/${instance}/acts`, act)).status).toBe(200)
  }
  const row = (await office.call('GET', `${base}.teamActivity/${sent.id}`)).json<RecordAnswer>().record
  expect(row).toMatchObject({ state: 'approved', archivedOn: '2026-03-02' })
  expect((await office.call('PATCH', `${base}.teamActivity/${row.id}`, { version: row.version, changes: { topic: '改' } })).status).toBe(
    403,
  )
})
