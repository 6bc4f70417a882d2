import { expect, test } from 'vitest'
import type { ApprovalAnswer, NamedPath } from '#model'
import { hospital, newActId } from '#app/testing/hospital.ts'

const steps = (path: readonly NamedPath[]) => path.find((one) => one.key === 'assessment')!

test('the limits of an application are a proposal of the product: off until the hospital signs it, then shown with basis and version', async () => {
  await using h = await hospital({ at: '2026-06-15T09:00:00+08:00' })
  const applicant = await h.person('张海涛', { titleLevel: 'senior', appointedTitle: '主任医师' })
  const office = await h.person('周敏', { unit: '医务处', roles: ['medicalOffice'] })
  const bone = await h.unit('骨科')
  const assessor = await h.person('李卫东')
  await h.create('directory.group', {
    name: '考核小组',
    kind: 'privilegeAssessment',
    unit: bone,
    members: [{ person: assessor, chair: true }],
  })
  const surgeon = await h.signIn(applicant)
  const procedure = async (code: string) => {
    const { id } = await h.create('privileges.procedure', {
      code,
      name: `手术 ${code}`,
      level: 'two',
      codeSystem: '医保版',
      codeVersion: '2.0',
    })
    await h.create('privileges.departmentProcedure', { unit: bone, procedure: id })
    return id
  }
  const apply = async (code: string) => {
    const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')
    const body = Buffer.concat([Buffer.from('--x\r\ncontent-disposition: form-data; name="file"; filename="sign.png"\r\ncontent-type: image/png\r\n\r\n'), png, Buffer.from('\r\n--x--\r\n')]) // prettier-ignore
    const signature = (await surgeon.call('POST', '/api/files', body, { 'content-type': 'multipart/form-data; boundary=x' })).json<{ id: string }>().id // prettier-ignore
    const draft = { items: [{ procedure: await procedure(code) }], signature }
    const answer = await surgeon.call('POST', '/api/privileges/applications', { draft, actId: newActId() })
    expect(answer.status, answer.text).toBe(201)
    return answer.json<{ instance: string }>().instance
  }
  const look = async (instance: string) => steps((await surgeon.call('GET', `/api/approvals/${instance}`)).json<ApprovalAnswer>().path)

  const before = await apply('79.3603')
  expect(await look(before)).toMatchObject({ rule: { key: 'privilegeReview', text: null, version: null, today: null } })
  expect((await look(before)).due).toBeUndefined()

  const signer = await h.signIn(office)
  const card = 'proposal/privilegeReview@2026-01-01'
  expect((await signer.call('POST', '/api/rules/sign', { card, opinion: '已写入本院手术分级管理制度' })).status).toBe(201)
  const after = await apply('80.5100')
  const step = await look(after)
  expect(step.rule).toEqual({
    key: 'privilegeReview',
    label: '手术授权审批时限',
    text: '不超过 3 个工作日',
    layer: '医院',
    basis: '《本院手术分级管理制度》',
    version: '2026-01-01',
    today: null,
  })
  expect(step.due).toBeDefined()
  // What began without a limit gets none.
  expect((await look(before)).due).toBeUndefined()
  // The rule says who reads it.
  const { uses } = (await signer.call('GET', '/api/rules/privilegeReview')).json<{ uses: { label: string; rule: string }[] }>()
  expect(uses.map((one) => one.rule)).toEqual(['privilegeReview.assessment', 'privilegeReview.office'])

  // A later, stricter version: what began earlier keeps its own, and both are shown.
  const values = [{ name: 'assessment', label: '科室授权考核', order: 'max', amount: '2', unit: 'workingDays' }]
  h.clock.set('2026-06-16T09:00:00+08:00')
  await h.create('rules.card', { key: 'privilegeReview', label: '手术授权审批时限', layer: 'hospital', document: '本院手术分级管理制度', certainty: 'A', from: '2026-06-16', values }) // prettier-ignore
  const again = await h.signIn(applicant)
  const path = (await again.call('GET', `/api/approvals/${after}`)).json<ApprovalAnswer>().path
  expect(steps(path).rule).toMatchObject({ text: '不超过 3 个工作日', version: '2026-01-01', today: '不超过 2 个工作日' })
  expect(steps(path).due).toBe(step.due)
})
