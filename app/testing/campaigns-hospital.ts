// A hospital with an office that asks, and people of two departments who are asked: for tests of campaigns.
import { v7 as newId } from 'uuid'
import {
  may,
  module,
  person,
  resource,
  text,
  unit,
  type AskedAnswer,
  type AskedItem,
  type CampaignProgress,
  type RecordAnswer,
  type TodoItem,
} from '#model'
import { approve, chosenByApplicant, flow, headOf, role } from '#kernel/model/flow/index.ts'
import { productDefinitions } from '../definitions.ts'
import { hospital, type HttpAnswer, type HttpSession, type TestHospital } from './hospital.ts'
import { handleEvents } from '#kernel/server/jobs/outbox.ts'

/** Filled in by everybody, in force at once. */
export const form = resource('probe.selfCheck', {
  label: '廉洁从业自查',
  title: 'matter',
  owner: { person: 'person', department: 'unit' },
  fields: {
    person: person('本人', { required: true, readOnly: true, default: 'me' }),
    unit: unit('科室', { from: 'person.unit' }),
    matter: text('自查事项', { required: true, max: 100 }),
    post: text('兼职职务', { max: 40 }),
  },
})
/** The same, about anybody. */
export const memo = resource('probe.memo', {
  label: '情况登记',
  title: 'matter',
  owner: { person: 'person', department: 'unit' },
  fields: { person: person('人员', { required: true, default: 'me' }), unit: unit('科室', { from: 'person.unit' }), matter: text('情况', { required: true, max: 100 }) },
}) // prettier-ignore
/** Filled in by everybody, for himself or for another, and decided by the head. */
export const pledge = resource('probe.pledge', {
  label: '兼职申请',
  title: 'matter',
  owner: { person: 'person', department: 'unit' },
  approval: 'probe.pledged',
  fields: {
    person: person('本人', { required: true }),
    unit: unit('科室', { from: 'person.unit' }),
    matter: text('事项', { required: true, max: 100 }),
    post: text('兼职职务', { max: 40 }),
  },
})
const fileFields = { person: person('人员', { required: true }), unit: unit('科室', { from: 'person.unit' }), post: text('兼职', { max: 40 }) } // prettier-ignore
const dossier = resource('probe.dossier', {
  label: '廉洁档案',
  title: 'post',
  owner: { person: 'person', department: 'unit' },
  approval: 'probe.change',
  fields: fileFields,
})
/** Its change wants somebody chosen who decides it. */
const chosen = resource('probe.chosen', {
  label: '兼职档案',
  title: 'post',
  owner: { person: 'person', department: 'unit' },
  approval: 'probe.choosing',
  fields: fileFields,
})
const unitFile = resource('probe.unitFile', {
  label: '科室档案',
  title: 'post',
  owner: { department: 'unit' },
  fields: { unit: unit('科室', { required: true }), post: text('专业方向', { max: 40 }) },
})
const probe = module('probe', {
  label: '试用',
  resources: [form, memo, pledge, dossier, chosen, unitFile],
  flows: [
    flow('probe.change', { label: '廉洁档案变更', steps: [approve('leader', '院领导审批', { by: role('hospitalLeader') })] }),
    flow('probe.choosing', { label: '兼职档案变更', steps: [approve('one', '指定审批', { by: chosenByApplicant(role('hospitalLeader'), 1) })] }),
    flow('probe.pledged', { label: '兼职审批', steps: [approve('head', '科主任审核', { by: headOf('unit') })] }),
  ],
  roles: {
    staffMember: [may.readOwn(form), may.create(form), may.update(form), may.readOwn(memo), may.create(memo, 'hospital'), may.readOwn(pledge), may.create(pledge, 'hospital'), may.update(pledge)],
    medicalOffice: [may.read(form), may.delete(form, 'hospital'), may.read(pledge), may.read(dossier), may.update(dossier, 'hospital'), may.read(chosen), may.update(chosen, 'hospital'), may.read(unitFile), may.update(unitFile, 'hospital')],
  },
}) // prettier-ignore

/** What people do with campaigns, by name. */
export class Campaigns implements AsyncDisposable {
  readonly h: TestHospital
  readonly bone: string
  readonly people: Record<string, string> = {}
  private sessions: Record<string, HttpSession> = {}
  private constructor(h: TestHospital, bone: string) {
    this.h = h
    this.bone = bone
  }
  static async open(): Promise<Campaigns> {
    const h = await hospital({ at: '2026-11-20T10:00:00+08:00', defs: productDefinitions([probe]) })
    const all = new Campaigns(h, await h.unit('骨科'))
    for (const [name, unitName, more] of [
      ['甲医生', '骨科', {}],
      ['乙医生', '骨科', {}],
      ['丙医生', '心内科', {}],
      ['骨科主任', '骨科', { post: 'head', roles: ['departmentHead'] }],
      ['院长', '院办', { roles: ['hospitalLeader'] }],
      ['医务处长', '医务处', { roles: ['medicalOffice'] }],
      ['外院处长', '质控处', { roles: ['medicalOffice'] }],
    ] as const)
      all.people[name] = await h.person(name, { unit: unitName, ...(more as Record<string, unknown>) })
    // The handlers' place in the events begins here.
    await handleEvents(h.kernel)
    return all
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await this.h[Symbol.asyncDispose]()
  }
  /** Sessions begin anew when the clock has gone on for days. */
  by = async (name: string, method: string, url: string, body?: unknown, headers?: Record<string, string>): Promise<HttpAnswer> =>
    (this.sessions[name] ??= await this.h.signIn(this.people[name]!)).call(method, url, body, headers)
  go = (at: string): void => {
    this.h.clock.set(at)
    this.sessions = {}
  }
  due = (days: number): string => new Date(this.h.clock.now().getTime() + days * 86_400_000).toISOString()
  draft = async (title: string, more: object = {}): Promise<RecordAnswer['record']> => {
    const whole = { title, form: form.name, due: this.due(7), to: [`unit:${this.bone}`], ...more }
    return (await this.by('医务处长', 'POST', '/api/records/campaigns.campaign', whole)).json<RecordAnswer>().record
  }
  started = async (title: string, more: object = {}): Promise<string> => {
    const { id, version } = await this.draft(title, more)
    const answer = await this.by('医务处长', 'POST', `/api/campaigns/${id}/start`, { version })
    if (answer.status !== 200) throw new Error(answer.text)
    return id
  }
  mine = async (name: string): Promise<AskedItem[]> => (await this.by(name, 'GET', '/api/campaigns/mine')).json<AskedItem[]>()
  lineOf = async (name: string, title: string): Promise<string> => (await this.mine(name)).find((one) => one.title === title)!.line
  asked = async (name: string, line: string): Promise<AskedAnswer> =>
    (await this.by(name, 'GET', `/api/campaigns/lines/${line}`)).json<AskedAnswer>()
  fill = (name: string, line: string, more: object = {}, act = newId(), type = form.name): Promise<HttpAnswer> =>
    this.by(name, 'POST', `/api/records/${type}?campaign=${line}`, { matter: '在某公司兼职', ...more }, { 'x-act-id': act })
  none = (name: string, line: string): Promise<HttpAnswer> => this.by(name, 'POST', `/api/campaigns/lines/${line}/none`)
  progress = async (id: string, name = '医务处长'): Promise<CampaignProgress> =>
    (await this.by(name, 'GET', `/api/campaigns/${id}/progress`)).json<CampaignProgress>()
  todos = async (name: string): Promise<string[]> =>
    (await this.by(name, 'GET', '/api/todos')).json<TodoItem[]>().map(({ title }) => title)
  close = (id: string): Promise<HttpAnswer> => this.by('医务处长', 'POST', `/api/campaigns/${id}/close`)
  /** Decides the approval as this person. */
  decide = async (name: string, instance: string, kind: 'approve' | 'reject'): Promise<void> => {
    const { version, my } = (await this.by(name, 'GET', `/api/approvals/${instance}`)).json<{ version: number; my: { task: { id: string } } }>()
    const act = { kind, actId: newId(), seenVersion: version, task: my.task.id, ...(kind === 'reject' ? { opinion: '不同意' } : {}) }
    const answer = await this.by(name, 'POST', `/api/approvals/${instance}/acts`, act)
    if (answer.status !== 200) throw new Error(answer.text)
  }
  line = async (id: string): Promise<Record<string, unknown>> =>
    (await this.by('医务处长', 'GET', `/api/records/campaigns.line/${id}`)).json<RecordAnswer>().record
} // prettier-ignore
export const said = (answer: HttpAnswer): [number, unknown] => [
  answer.status,
  (answer.json()['problems'] as { message: string }[] | undefined)?.[0]?.message ?? answer.json()['title'],
]
