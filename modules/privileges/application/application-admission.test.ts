import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AdmissionView, ApprovalAnswer } from '#model'
import { hospital, newActId, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { updateRecordOf } from '#kernel/server/records/write.ts'

let h: TestHospital
let applicant: string
let assessor: string
let office: string
let instance: string
const at = { first: '2026-06-15T09:00:00+08:00', second: '2026-06-16T09:00:00+08:00', third: '2026-06-17T09:00:00+08:00' }
beforeAll(async () => {
  h = await hospital({ at: at.first })
  applicant = await h.person('马超', { titleLevel: 'intermediate', appointedTitle: '主治医师' })
  office = await h.person('周敏', { unit: '医务处', roles: ['medicalOffice'] })
  assessor = await h.person('李卫东')
  const unit = await h.unit('骨科')
  await h.create('directory.group', { name: '考核小组', kind: 'privilegeAssessment', unit, members: [{ person: assessor, chair: true }] })
  const procedures = []
  for (const [code, level] of [
    ['79.3603', 'two'],
    ['81.5100', 'four'],
  ] as const) {
    // prettier-ignore
    const { id } = await h.create('privileges.procedure', {
      code,
      name: `手术 ${code}`,
      level,
      codeSystem: '医保版',
      codeVersion: '2.0',
    })
    await h.create('privileges.departmentProcedure', { unit, procedure: id })
    procedures.push(id)
  }
  const surgeon = await h.signIn(applicant)
  const signature = await signed(surgeon)
  const draft = { items: procedures.map((procedure) => ({ procedure })), signature }
  const answer = await surgeon.call('POST', '/api/privileges/applications', { draft, actId: newActId() })
  if (answer.status !== 201) throw new Error(answer.text)
  instance = answer.json<{ instance: string }>().instance
})
afterAll(() => h[Symbol.asyncDispose]())

async function signed(session: HttpSession): Promise<string> {
  const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')
  const body = Buffer.concat([Buffer.from('--x\r\ncontent-disposition: form-data; name="file"; filename="sign.png"\r\ncontent-type: image/png\r\n\r\n'), png, Buffer.from('\r\n--x--\r\n')]) // prettier-ignore
  return (await session.call('POST', '/api/files', body, { 'content-type': 'multipart/form-data; boundary=x' })).json<{ id: string }>().id
}
/** Days pass between: each looks after signing in anew. */
const look = async () => (await (await h.signIn(assessor)).call('GET', `/api/approvals/${instance}`)).json<ApprovalAnswer>()
const conditions = async (): Promise<Record<string, AdmissionView>> =>
  Object.fromEntries((await look()).admissions.map((one) => [one.id, one]))
async function pass(opinion?: string) {
  const session = await h.signIn(assessor)
  const { my, version, items } = await look()
  const verdicts = Object.fromEntries(Object.keys(items).map((id) => [id, { say: 'pass' }]))
  return session.call('POST', `/api/approvals/${instance}/acts`, {
    kind: 'decideItems', actId: newActId(), seenVersion: version, task: my.task!.id, verdicts, signature: await signed(session), ...(opinion ? { opinion } : {}),
  }) // prettier-ignore
}
const rule = (from: string, more: object[]) =>
  h.create('rules.card', {
    key: 'privilegeAdmission', label: '手术授权的职称条件', layer: 'hospital', document: '本院手术分级管理制度', documentNumber: '〔2026〕8号', certainty: 'A', from,
    values: [{ name: 'two', label: '二级手术授权的聘任职称', order: 'subset', members: '中级、副高级、正高级' }, { name: 'four', label: '四级手术授权的聘任职称', order: 'subset', members: '正高级' }, ...more],
  }) // prettier-ignore
const flag = (name: string, label: string) => ({ name, label, order: 'flag', flag: true })

test('S20 a condition of admission is a proposal until the hospital has signed it: then it is said by which layer, basis and version, at the line that does not keep it', async () => {
  const before = (await conditions())['four']!
  expect(before).toMatchObject({ holds: null, mode: 'hint', lines: [], rule: { text: null, version: null } })
  const officer = await h.signIn(office)
  const sign = { card: 'proposal/privilegeAdmission@2026-01-01', opinion: '已写入本院手术分级管理制度' }
  expect((await officer.call('POST', '/api/rules/sign', sign)).status).toBe(201)
  const { two, three, four } = await conditions()
  expect([two!.holds, two!.fact, three!.holds, three!.concerns]).toEqual([true, '职称级别（聘任）：中级', null, false])
  expect(four).toMatchObject({ asOf: 'decision', holds: false, mode: 'hint', modeLabel: '提示', lines: [expect.any(String)] })
  expect(four!.rule).toEqual({
    key: 'privilegeAdmission', label: '手术授权的职称条件', text: '限 副高级、正高级', layer: '医院', basis: '《本院手术分级管理制度》', version: '2026-01-01', today: null, start: null,
  }) // prettier-ignore
  const { uses } = (await officer.call('GET', '/api/rules/privilegeAdmission')).json<{ uses: { kind: string; rule: string; asOf: string }[] }>() // prettier-ignore
  expect(uses.map((one) => [one.kind, one.rule, one.asOf])).toContainEqual(['admission', 'privilegeAdmission.four', 'decision'])
})

test('S20 admission goes by the rule of the day of the decision, and what it said at the start stands beside it; 须说明 asks for an opinion', async () => {
  h.clock.set(at.second)
  await rule('2026-06-16', [flag('explain', '不符合时须说明理由')])
  const { four } = await conditions()
  expect(four).toMatchObject({ mode: 'explain', modeLabel: '须说明', rule: { text: '限 正高级', version: '2026-06-16', start: '限 副高级、正高级' } }) // prettier-ignore
  const refused = await pass()
  expect([refused.status, refused.json()['problems']]).toEqual([
    422,
    [
      {
        field: 'opinion',
        message: '不符合“四级手术的职称条件”：手术授权的职称条件限 正高级，职称级别（聘任）：中级，同意须在意见中说明理由',
      },
    ],
  ])
})

test('S20 拦截 stands in the way of a consent at its line, of a refusal never; who has been promoted meanwhile is judged as he is', async () => {
  h.clock.set(at.third)
  await rule('2026-06-17', [flag('explain', '不符合时须说明理由'), flag('block', '不符合时不得授权')])
  const { four } = await conditions()
  const refused = await pass('经讨论同意')
  expect(refused.json()['problems']).toEqual([
    { field: `verdicts.${four!.lines[0]}`, message: expect.stringContaining('不能通过') as string },
  ])
  const { version } = (await h.kernel.db.query<{ version: number }>(`SELECT version FROM directory.person WHERE id = $1`, [applicant]))[0]!
  await updateRecordOf(h.kernel, await h.system(), 'staff.practitioner', applicant, version, { titleLevel: 'senior' }, { byModule: true })
  expect((await conditions())['four']).toMatchObject({ holds: true, lines: [] })
  expect((await pass()).status).toBe(200)
})
