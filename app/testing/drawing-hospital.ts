import { v7 as newId } from 'uuid'
import { expect } from 'vitest'
import type { ApprovalAnswer, Definitions, Filter, FlowDesign } from '#model'
import type { Flow, Step } from '#kernel/model/flow/index.ts'
import { studyModule, visaService } from '#kernel/server/flow/testing.ts'
import { productDefinitions } from '../definitions.ts'
import { hospital, type HttpAnswer, type HttpSession, type TestHospital } from './hospital.ts'

/** A hospital whose administrator draws flows of 进修申请. */
export interface DrawingHospital extends AsyncDisposable {
  h: TestHospital
  /** Ids by name: 赵一, 孙主任, 周干事, 管理员. */
  person: Readonly<Record<string, string>>
  admin: HttpSession
  as(name: string): Promise<HttpSession>
  open(flow: string): Promise<FlowDesign>
  /** Saves over what stands. */
  draw(flow: string, steps: readonly Step<Filter>[], more?: object): Promise<HttpAnswer>
  publish(flow: string, note?: string): Promise<HttpAnswer>
  /** Throws away the draft that stands. */
  discard(flow: string): Promise<HttpAnswer>
  /** 赵一 asks for so many days; answers the approval. */
  apply(days?: number): Promise<string>
  approval(name: string, instance: string): Promise<ApprovalAnswer>
  act(name: string, instance: string, kind: string): Promise<HttpAnswer>
}
export const study = (): Definitions => productDefinitions([studyModule])

/** Builds it; `beforeAll` of a test file. */
export async function drawingHospital(defs = study()): Promise<DrawingHospital> {
  const h = await hospital({ defs, services: [visaService] })
  const person: Record<string, string> = {}
  for (const [name, more] of Object.entries({
    赵一: {}, 孙主任: { post: 'head', roles: ['departmentHead'] }, 周干事: { unit: '医务处', roles: ['medicalOffice'] }, 管理员: { unit: '信息科', roles: ['systemOfficer'] },
  })) person[name] = await h.person(name, more) // prettier-ignore
  const sessions = new Map<string, HttpSession>()
  const as = async (name: string): Promise<HttpSession> => {
    if (!sessions.has(name)) sessions.set(name, await h.signIn(person[name]!))
    return sessions.get(name)!
  }
  const admin = await as('管理员')
  const open = async (flow: string) => (await admin.call('GET', `/api/flow-designs/${flow}`)).json<FlowDesign>()
  const approval = async (name: string, instance: string) =>
    (await (await as(name)).call('GET', `/api/approvals/${instance}`)).json<ApprovalAnswer>()
  return {
    h, person, admin, as, open, approval,
    async draw(flow, steps, more = {}) {
      const { revision, definition, tests } = await open(flow)
      return admin.call('PUT', `/api/flow-designs/${flow}`, { revision, definition: { ...definition, steps } satisfies Flow<Filter>, tests, ...more })
    },
    async publish(flow, note = '试行') {
      const { revision } = await open(flow)
      return admin.call('POST', `/api/flow-designs/${flow}/publish`, { revision, note })
    },
    async discard(flow) {
      return admin.call('DELETE', `/api/flow-designs/${flow}/draft?revision=${(await open(flow)).revision}`)
    },
    async apply(days = 10) {
      const draft = { applicant: person['赵一'], topic: `腔镜 ${newId().slice(-8)}`, place: '省医院', days }
      const made = await (await as('赵一')).call('POST', '/api/flows/submit/study.application', { draft, actId: newId() })
      expect(made.status, made.text).toBe(201)
      return made.json<{ instance: string }>().instance
    },
    async act(name, instance, kind) {
      const { version, my } = await approval(name, instance)
      return (await as(name)).call('POST', `/api/approvals/${instance}/acts`, { kind, actId: newId(), seenVersion: version, ...(my.task ? { task: my.task.id } : {}) })
    },
    [Symbol.asyncDispose]: () => h[Symbol.asyncDispose](),
  } // prettier-ignore
}
