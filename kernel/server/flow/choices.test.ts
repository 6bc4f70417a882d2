import { afterAll, beforeAll, expect, test } from 'vitest'
import { v7 as newId } from 'uuid'
import { integer, may, module, person, resource, text, unit, type ApprovalAnswer, type PreviewAnswer, type RecordAnswer } from '#model'
import { approve, chosenAt, chosenByApplicant, fill, flow, headOf, role } from '#kernel/model/flow/index.ts'
import { productDefinitions } from '#app/definitions.ts'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'

const trial = resource('trial.request', {
  label: '试用申请',
  title: 'name',
  owner: { person: 'applicant', department: 'department' },
  approval: 'trial.ordinary',
  fields: {
    applicant: person('申请人', { required: true, default: 'me' }),
    department: unit('科室', { required: true, from: 'applicant.unit' }),
    name: text('名称', { required: true, max: 100 }),
    price: integer('评估价', { min: 1 }),
  },
})
const trialModule = module('trial', {
  label: '试用',
  resources: [trial],
  flows: [
    flow('trial.ordinary', {
      label: '试用审批',
      steps: [
        approve('mentor', '带教老师意见', { by: chosenByApplicant(headOf(), 1) }),
        approve('head', '医务处审核', { by: role('medicalOffice') }),
        fill('value', '评估价格', {
          by: chosenAt('head', role('medicalOffice'), 2),
          mayEdit: ['price'],
          require: ['price'],
          see: ['name'],
        }),
      ],
    }),
  ],
  roles: { staffMember: [may.readOwn(trial), may.create(trial), may.update(trial), may.delete(trial)], medicalOffice: [may.read(trial)] },
})
let h: TestHospital
const ids: Record<string, string> = {}
const who: Record<string, HttpSession> = {}
beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([trialModule]) })
  const people = { 赵一: {}, 孙主任: { post: 'head', roles: ['departmentHead'] }, 医务员: { unit: '医务处', roles: ['medicalOffice'] }, 评估员: { unit: '医务处', roles: ['medicalOffice'] } } // prettier-ignore
  for (const [name, more] of Object.entries(people)) who[name] = await h.signIn((ids[name] = await h.person(name, more)))
})
afterAll(() => h[Symbol.asyncDispose]())
const submit = (more: object) =>
  who['赵一']!.call('POST', '/api/flows/submit/trial.request', { draft: { name: '超声刀' }, actId: newId(), ...more })
const view = async (name: string, instance: string) => (await who[name]!.call('GET', `/api/approvals/${instance}`)).json<ApprovalAnswer>()
async function act(name: string, instance: string, kind: string, more: object = {}) {
  const { version, my } = await view(name, instance)
  const task = my.task ? { task: my.task.id } : {}
  return who[name]!.call('POST', `/api/approvals/${instance}/acts`, { kind, actId: newId(), seenVersion: version, ...task, ...more })
}

test('whom the applicant and a decider choose for later steps is asked for with its range, and a section of the form is its step’s to fill', async () => {
  const draft = { name: '超声刀', applicant: ids['赵一'] }
  const preview = (await who['赵一']!.call('POST', '/api/flows/preview', { resource: 'trial.request', draft })).json<PreviewAnswer>()
  expect(preview.choose).toEqual([
    { step: 'mentor', label: '带教老师意见', max: 1, range: [{ id: ids['孙主任'], name: '孙主任', unitName: '骨科' }] },
  ])
  expect((await submit({})).json()['refusal']).toBe('chooseDeciders')
  expect((await submit({ chosen: { mentor: [ids['医务员']] } })).json()['refusal']).toBe('choiceOutOfRange')
  const { instance } = (await submit({ chosen: { mentor: [ids['孙主任']] } })).json<{ instance: string }>()
  expect((await view('孙主任', instance)).my.task!.choose).toEqual([])
  expect((await act('孙主任', instance, 'approve')).status).toBe(200)
  const { choose } = (await view('医务员', instance)).my.task!
  expect(choose).toMatchObject([{ step: 'value', label: '评估价格', max: 2 }])
  expect(choose[0]!.range!.map(({ name }) => name).toSorted()).toEqual(['医务员', '评估员'].toSorted())
  expect((await act('医务员', instance, 'approve')).json()['refusal']).toBe('choiceMissing')
  expect((await act('医务员', instance, 'approve', { chosen: { value: [ids['评估员']] } })).status).toBe(200)
  // He sees what his step shows him and what is his to fill, nothing else of the form.
  const shown = await view('评估员', instance)
  expect([shown.my.task!.mayEdit, shown.my.task!.require]).toEqual([['price'], ['price']])
  expect(['name', 'price', 'department'].map((key) => key in shown.record)).toEqual([true, true, false])
  expect((await act('评估员', instance, 'approve')).json()['refusal']).toBe('fieldMissing')
  expect((await act('评估员', instance, 'approve', { changes: { price: 0 } })).json()['problems']).toMatchObject([{ field: 'price' }])
  expect((await act('评估员', instance, 'approve', { changes: { name: '他物' } })).status).toBe(409)
  expect((await act('评估员', instance, 'approve', { changes: { price: 128000 } })).json()['status']).toBe('approved')
})

test('requests submitted together carry each the people that its applicant has chosen', async () => {
  const records = (chosen: object) => [{ id: newId(), resource: 'trial.request', draft: { name: '电刀' }, ...chosen }]
  const together = (chosen: object) => who['赵一']!.call('POST', '/api/flows/submit-together', { actId: newId(), records: records(chosen) })
  expect((await together({})).json()['refusal']).toBe('chooseDeciders')
  expect((await together({ chosen: { mentor: [ids['孙主任']] } })).status).toBe(201)
})

test('changes and deletions, of one record or of many, ask for the people to choose and go on with them', async () => {
  const mentor = [ids['孙主任']]
  const approved = async (name: string): Promise<string> => {
    const draft = { name, applicant: ids['赵一'] }
    const made = await who['赵一']!.call('POST', '/api/flows/submit/trial.request', { draft, actId: newId(), chosen: { mentor } })
    const { instance, record } = made.json<{ instance: string; record: string }>()
    await act('孙主任', instance, 'approve')
    await act('医务员', instance, 'approve', { chosen: { value: [ids['评估员']] } })
    await act('评估员', instance, 'approve', { changes: { price: 10 } })
    return record
  }
  const [one, two] = [await approved('刨削刀'), await approved('激光刀')]
  const seenVersion = (await who['赵一']!.call('GET', `/api/records/trial.request/${one}`)).json<RecordAnswer>().record.version
  const ask = (path: string, body: object) => who['赵一']!.call('POST', `/api/flows/${path}`, { actId: newId(), ...body })
  const wanted = { refusal: 'chooseDeciders', choose: [{ step: 'mentor', max: 1, range: [{ id: ids['孙主任'] }] }] }
  const records = [one, two].map((id) => ({ id, seenVersion, changes: { name: '等离子刀' } }))
  const asks = [
    ['change-many/trial.request', { records, reason: '更名' }],
    [`change/trial.request/${one}`, { seenVersion, changes: { name: '等离子刀' } }],
    [`delete/trial.request/${two}`, { seenVersion, reason: '不再试用' }],
  ] as const
  for (const [path, body] of asks) {
    expect((await ask(path, body)).json()).toMatchObject(wanted)
    const sent = await ask(path, { ...body, chosen: { mentor } })
    expect(sent.status).toBe(201)
    const { instance, results } = sent.json<{ instance?: string; results?: { instance: string }[] }>()
    const [begun] = [sent.json<{ instance: string }[]>()].flat()
    const id = instance ?? results?.[0]?.instance ?? begun!.instance
    const { my } = await view('孙主任', id)
    expect(my.task).toBeTruthy()
    // Out of the way of the next.
    expect((await act('赵一', id, 'withdraw')).status).toBe(200)
  }
})
