import { hospital, type HospitalOptions, type HttpAnswer, type TestHospital } from './hospital.ts'
import { setDeleted } from '#kernel/server/records/deletion.ts'
import { updateRecordOf } from '#kernel/server/records/write.ts'
import type { ProcedureAnswer, QuestionAnswer } from '#modules/privileges/check/answer.ts'

/** A hospital with two surgeons, a procedure they may both do, and a HIS that asks. */
export interface CheckedHospital extends TestHospital {
  surgeon: string
  senior: string
  procedure: string
  grant: string
  registration: string
  his: (method: string, url: string, body?: unknown) => Promise<HttpAnswer>
  /** Registers, and gives the procedure to him. */
  surgeonNamed(name: string, more?: Record<string, unknown>): Promise<{ id: string; grant: string; registration: string }>
  procedureNamed(name: string, code: string, more?: Record<string, unknown>): Promise<string>
  change(resource: string, id: string, changes: Record<string, unknown>): Promise<void>
  remove(resource: string, id: string): Promise<void>
  /** Asks as the HIS does; without more, may the surgeon operate now. */
  ask(more?: Record<string, unknown>): Promise<QuestionAnswer>
  askOne(more?: Record<string, unknown>): Promise<ProcedureAnswer>
  mode(mode: 'record' | 'warn' | 'block', more?: Record<string, unknown>): Promise<void>
}
export const gallbladder = { codeSystem: '医保版', code: '51.2300' }

/** For tests: the story's hospital, in the mode 拦截 so that answers show. */
export async function checkedHospital(options: HospitalOptions = {}): Promise<CheckedHospital> {
  const h = await hospital(options)
  const his = await h.client('HIS', ['privileges.check', 'privileges.feed'])
  const procedureNamed: CheckedHospital['procedureNamed'] = async (name, code, more) =>
    (
      await h.create('privileges.procedure', {
        codeSystem: '医保版',
        codeVersion: '2.0',
        code,
        name,
        level: 'three',
        operationType: 'surgery',
        ...more,
      })
    ).id
  const procedure = await procedureNamed('腹腔镜胆囊切除术', gallbladder.code)
  const surgeonNamed: CheckedHospital['surgeonNamed'] = async (name, more = {}) => {
    const id = await h.person(name, {
      unit: '普外科',
      titleLevel: 'associateSenior',
      appointedOn: '2020-01-01',
      appointedTitle: '副主任医师',
      traineeKind: 'employee',
      ...more,
    })
    const { id: registration } = await h.create('staff.registration', {
      practitioner: id, kind: 'doctor', certificateNumber: `1${id.slice(-12)}`, institution: h.institution, status: 'active', from: '2015-01-01',
    }) // prettier-ignore
    const { id: grant } = await h.create('privileges.grant', {
      number: `SQ-${id.slice(-6)}`, practitioner: id, procedure, level: 'three', mode: 'item', from: '2025-01-01', to: '2026-12-31', status: 'active',
    }) // prettier-ignore
    return { id, grant, registration }
  }
  const first = await surgeonNamed('王磊', { staffNumber: '00123' })
  const second = await surgeonNamed('李敏', { appointedTitle: '主任医师', titleLevel: 'senior' })
  const question = { practitioner: { staffNumber: '00123' }, procedures: [gallbladder], role: 'operator' }
  const ask: CheckedHospital['ask'] = async (more) => {
    const answer = await his('POST', '/api/privileges/check', { ...question, ...more })
    if (answer.status !== 200) throw new Error(answer.text)
    return answer.json<QuestionAnswer & Record<string, unknown>>()
  }
  const mode: CheckedHospital['mode'] = async (value, more) =>
    void (await h.create('privileges.checkMode', { kind: 'procedure', mode: value, ...more }))
  await mode('block')
  const system = () => h.system()
  const versionOf = async (resource: string, id: string) => {
    const { table } = h.kernel.resource(resource)
    return (await h.kernel.db.query<{ version: number }>(`SELECT version FROM ${table} WHERE id = $1`, [id]))[0]!.version
  }
  return {
    ...h,
    surgeon: first.id,
    senior: second.id,
    procedure,
    grant: first.grant,
    registration: first.registration,
    his,
    surgeonNamed,
    procedureNamed,
    ask,
    askOne: async (more) => (await ask(more)).answers[0]!,
    mode,
    change: async (resource, id, changes) =>
      void (await updateRecordOf(h.kernel, await system(), resource, id, await versionOf(resource, id), changes)),
    remove: async (resource, id) => void (await setDeleted(h.kernel, await system(), resource, id, true, null)),
  }
}
