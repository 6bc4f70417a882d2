import { expect } from 'vitest'
import { date, longText, may, module, person, phone, reference, resource, rows, text, type ApprovalAnswer, type ApiRecord, type RecordAnswer } from '#model' // prettier-ignore
import { productDefinitions } from '../definitions.ts'
import { hospital, newActId, type HttpAnswer, type HttpSession, type TestHospital } from './hospital.ts'

const card = resource('wipe.card', {
  label: '卡片',
  title: 'name',
  owner: { person: 'holder' },
  closing: { date: 'on' },
  unique: [['mobile']],
  fields: {
    holder: person('持卡人', { required: true }),
    name: text('名称', { required: true, search: true }),
    on: date('日期'),
    mobile: phone('电话', { required: true }),
    account: text('账号', { class: 'sensitive' }),
    remark: longText('说明', { class: 'sensitive' }),
    contacts: rows('联系人', { who: text('姓名'), phone: phone('电话') }),
  },
})
const use = resource('wipe.use', { label: '用卡', title: 'what', fields: { what: text('事由'), card: reference('卡片', 'wipe.card') } })
const proof = resource('wipe.proof', {
  label: '凭证',
  title: 'name',
  owner: { person: 'holder' },
  retention: { years: 15, from: 'on', basis: '《试用档案管理规定》第十二条' },
  fields: {
    holder: person('持有人', { required: true }),
    name: text('名称', { required: true, search: true }),
    on: date('日期'),
    mobile: phone('电话'),
  },
})
const wipe = module('wipe', {
  label: '试用',
  dependsOn: ['directory'],
  resources: [card, use, proof],
  roles: {
    staffMember: [may.readOwn(card), may.readOwn(proof)],
    medicalOffice: [may.all(card, 'hospital', { show: 'all' }), may.all(use), may.all(proof, 'hospital', { show: 'all' })],
  },
})
export const wipeDefinitions = productDefinitions([wipe])

/** A hospital whose cards and proofs belong to a person, who asks for their deletion. */
export interface ErasingHospital extends AsyncDisposable {
  h: TestHospital
  doctor: string
  who: HttpSession
  office: HttpSession
  security: HttpSession
  /** A telephone number that nobody had yet. */
  freshNumber(): string
  makeCard(more?: Record<string, unknown>): Promise<ApiRecord>
  makeProof(on: string | null): Promise<ApiRecord>
  /** The first of somebody's tasks is consented to. */
  decide(s: HttpSession, changes: Record<string, unknown>): Promise<HttpAnswer>
  /** The doctor asks for the deletion of one record; answers the request. */
  ask(register: string, record: string): Promise<string>
  /** Asks for the deletion of one record and lets both who decide on it agree; answers the request as it stands then. */
  erased(register: string, record: string, outcome?: string): Promise<ApiRecord>
  keysLeft(record: string): Promise<string[]>
}
/** Builds it; `beforeAll` of a test file. */
export async function erasingHospital(): Promise<ErasingHospital> {
  const h = await hospital({ defs: wipeDefinitions })
  const doctor = await h.person('张海涛', { unit: '骨科' })
  const who = await h.signIn(doctor)
  const office = await h.signIn(await h.person('周敏', { unit: '医务处', roles: ['medicalOffice'] }))
  const security = await h.signIn(await h.person('许安', { unit: '信息科', roles: ['securityOfficer'] }))
  let made = 0
  const numberOf = (n: number): string => `138${10_000_000 + n}`
  const freshNumber = () => numberOf(++made)
  const decide: ErasingHospital['decide'] = async (s, changes) => {
    const [task] = (await s.call('GET', '/api/tasks')).json<{ rows: { instance: string }[] }>().rows
    const { version, my } = (await s.call('GET', `/api/approvals/${task!.instance}`)).json<ApprovalAnswer>()
    const act = { kind: 'approve', actId: newActId(), seenVersion: version, task: my.task!.id, changes }
    return s.call('POST', `/api/approvals/${task!.instance}/acts`, act)
  }
  const ask: ErasingHospital['ask'] = async (register, record) => {
    const asked = await who.call('POST', '/api/me/personal/requests', { kind: 'delete', register, record, what: '请删除这条记录' })
    expect(asked.status, asked.text).toBe(201)
    return asked.json<{ record: string }>().record
  }
  return {
    h, doctor, who, office, security, freshNumber, decide, ask,
    async makeCard(more = {}) {
      const n = ++made
      const draft = { holder: doctor, name: `就诊卡 ${n}`, mobile: numberOf(n), account: `6222${n}`, remark: `说明 ${n}`, contacts: [{ who: '家属', phone: numberOf(n + 500) }], ...more }
      const answer = await office.call('POST', '/api/records/wipe.card', draft)
      expect(answer.status, answer.text).toBe(201)
      const { record } = answer.json<RecordAnswer>()
      const changed = await office.call('PATCH', `/api/records/wipe.card/${record.id}`, { version: 1, changes: { account: `6333${n}` } })
      return changed.json<RecordAnswer>().record
    },
    async makeProof(on) {
      const answer = await office.call('POST', '/api/records/wipe.proof', { holder: doctor, name: '凭证', on, mobile: freshNumber() })
      return answer.json<RecordAnswer>().record
    },
    async erased(register, record, outcome = 'erase') {
      const id = await ask(register, record)
      for (const s of [office, security]) {
        const answer = await decide(s, { outcome, answer: '同意删除' })
        expect(answer.status, answer.text).toBe(200)
      }
      return (await who.call('GET', `/api/records/personal.request/${id}`)).json<RecordAnswer>().record
    },
    async keysLeft(record) {
      const rows = await h.kernel.db.query<{ subject: string }>('SELECT subject FROM kernel.subject_key WHERE record = $1 AND wrapped IS NOT NULL ORDER BY subject', [record])
      return rows.map(({ subject }) => subject)
    },
    [Symbol.asyncDispose]: () => h[Symbol.asyncDispose](),
  } // prettier-ignore
}
