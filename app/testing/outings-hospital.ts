import type { Automation, DesignAnswer } from '#model'
import { workAutomations } from '#kernel/server/automations/work.ts'
import { updateRecordOf } from '#kernel/server/records/write.ts'
import { productDefinitions } from '../definitions.ts'
import outings from './outings.ts'
import { hospital, newActId, type HospitalOptions, type HttpAnswer, type HttpSession, type TestHospital } from './hospital.ts'

/** A hospital with people who go out, an officer who builds and knows the records, and somebody who only builds. */
export class Outings implements AsyncDisposable {
  readonly h: TestHospital
  readonly officer: string
  readonly builder: string
  readonly doctor: string
  private readonly sessions = new Map<string, HttpSession>()
  private constructor(h: TestHospital, people: { officer: string; builder: string; doctor: string }) {
    this.h = h
    this.officer = people.officer
    this.builder = people.builder
    this.doctor = people.doctor
  }
  static async open(options: HospitalOptions = {}): Promise<Outings> {
    const h = await hospital({ defs: productDefinitions([outings]), ...options })
    await workAutomations(h.kernel)
    return new Outings(h, {
      officer: await h.person('周敏', { unit: '医务处', roles: ['medicalOffice', 'implementer'] }),
      builder: await h.person('实施员', { unit: '信息科', roles: ['implementer'] }),
      doctor: await h.person('张海涛'),
    })
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await this.h[Symbol.asyncDispose]()
  }
  async call(who: string, method: string, url: string, body?: unknown): Promise<HttpAnswer> {
    const session = this.sessions.get(who) ?? (await this.h.signIn(who))
    this.sessions.set(who, session)
    const answer = await session.call(method, url, body)
    // Hours pass between the steps of a story: who is away so long signs in again.
    return answer.status === 401 && this.sessions.delete(who) ? this.call(who, method, url, body) : answer
  }
  /** Begins one; what is not said is the usual: when a refund is made, change nothing. */
  async begin(content: Partial<Automation>, who = this.officer): Promise<DesignAnswer> {
    const whole = { label: '试验', resource: 'outing.refund', when: { kind: 'created' }, where: null, was: null, acts: [], runsAs: null, ...content }
    return (await this.call(who, 'POST', '/api/designs/automation', { content: whole })).json<unknown>() as DesignAnswer
  }
  publish(name: string, who = this.officer): Promise<HttpAnswer> {
    return this.call(who, 'POST', '/api/publishings', { items: [{ kind: 'automation', name }], note: '启用' })
  }
  /** One that is on. Answers its name. */
  async on(content: Partial<Automation>): Promise<string> {
    const { name } = await this.begin(content)
    const answer = await this.publish(name)
    if (answer.status !== 200) throw new Error(answer.text)
    return name
  }
  work = (): Promise<number> => workAutomations(this.h.kernel)
  async runs(name: string): Promise<{ id: string; state: string; cause: string; problem: string | null; depth: number; results: { ok: boolean; words: string; link: string | null }[] }[]> {
    return (await this.call(this.officer, 'GET', `/api/automations/${name}/runs`)).json<{ runs: never[] }>().runs
  }
  async refunds(): Promise<Record<string, unknown>[]> {
    return (await this.call(this.officer, 'GET', '/api/records/outing.refund?sort=createdAt')).json<{ rows: Record<string, unknown>[] }>().rows
  }
  refund(topic: string, more: Record<string, unknown> = {}): Promise<{ id: string; version: number }> {
    return this.made(this.officer, 'outing.refund', { whose: this.doctor, topic, ...more })
  }
  async made(who: string, type: string, draft: Record<string, unknown>): Promise<{ id: string; version: number }> {
    const answer = await this.call(who, 'POST', `/api/records/${type}`, draft)
    if (answer.status !== 201) throw new Error(answer.text)
    return answer.json<{ record: { id: string; version: number } }>().record
  }
  async change(id: string, version: number, changes: Record<string, unknown>): Promise<void> {
    const answer = await this.call(this.officer, 'PATCH', `/api/records/outing.refund/${id}`, { version, changes })
    if (answer.status !== 200) throw new Error(answer.text)
  }
  /** Somebody no longer works here. */
  async leaves(person: string): Promise<void> {
    const { kernel } = this.h
    const [row] = await kernel.db.query<{ version: number }>(`SELECT version FROM directory.person WHERE id = $1::uuid`, [person])
    await kernel.transaction(await this.h.system(), (tx) => updateRecordOf(kernel, tx, 'staff.practitioner', person, row!.version, { status: 'left' }, { system: true }))
  }
  /** Somebody goes out; waits for his head. */
  async submit(topic: string, more: Record<string, unknown> = {}): Promise<{ instance: string; record: string }> {
    const answer = await this.call(this.doctor, 'POST', '/api/flows/submit/outing.trip', { actId: newActId(), draft: { applicant: this.doctor, topic, ...more } })
    if (answer.status !== 201) throw new Error(answer.text)
    return answer.json<{ instance: string; record: string }>()
  }
} // prettier-ignore
