import type { Definitions, ResolvedResource } from '#model'
import { actRight, startRight } from '../flow/outside.ts'

type Schema = Record<string, unknown>
interface Parts {
  draftOf(r: ResolvedResource): Schema
  answers(schema: Schema): Schema
}
const uuid: Schema = { type: 'string', format: 'uuid' }
const nullable = (type: string): Schema => ({ type: [type, 'null'] })
const list = (properties: Schema): Schema => ({ type: 'array', items: { type: 'object', properties } })
const text: Schema = { type: 'string' }
/** Somebody as other systems know him. */
const person: Schema = {
  description: '工号或任一已登记的外部标识；同一号码属于几个系统时指明系统',
  oneOf: [text, { type: 'object', required: ['value'], properties: { system: text, value: text } }],
}
const named = { name: text, staffNumber: nullable('string') }
const status: Schema = { type: 'string', enum: ['running', 'returned', 'approved', 'refused', 'withdrawn', 'terminated'] }
const started: Schema = {
  type: 'object',
  properties: { instance: uuid, record: uuid, status, version: { type: 'integer' } },
}
const instance: Schema = {
  type: 'object',
  properties: {
    instance: uuid, number: text, flow: text, resource: text, record: uuid, status, version: { type: 'integer', description: '操作时作为 seenVersion 送回' },
    applicant: { type: 'object', properties: named },
    waitsFor: list({ ...named, tasks: list({ task: text, step: text, since: text }) }),
    stuck: { type: 'array', items: text },
    path: list({ step: text, label: text, kind: text, state: text, since: nullable('string'), until: nullable('string'), due: nullable('string'), provisional: { type: 'boolean', description: '暂定：跨入尚无节假日的年份' }, people: list({ ...named, state: text, at: nullable('string') }) }),
    items: list({ item: uuid, state: text, reason: nullable('string'), narrowTo: {}, splitTo: nullable('string') }),
  },
} // prettier-ignore
const kinds = [
  'approve', 'reject', 'return', 'decideItems', 'transfer', 'delegateTask', 'addApprover', 'removeApprover', 'takeBack', 'copyTo', 'consult', 'reply', 'markRead', 'urge', 'claim', 'release', 'withdraw', 'resubmit',
] // prettier-ignore

/** Every flow as another program starts and answers it, with the fields of the record that it guards. */
export function flowApiPaths(defs: Definitions, { draftOf, answers }: Parts): Record<string, Record<string, Schema>> {
  const body = (schema: Schema) => ({ requestBody: { required: true, content: { 'application/json': { schema } } } })
  const security = { security: [{ key: [] }] }
  const tags = ['流程接口']
  const paths: Record<string, Record<string, Schema>> = {}
  for (const flow of defs.flows.values()) {
    const guarded = [...defs.resources.values()].filter((r) => r.approval === flow.name)
    if (guarded.length === 0) continue
    const of = guarded.length > 1 ? { resource: { type: 'string', enum: guarded.map((r) => r.name) } } : {}
    const drafts = guarded.map((r) => withoutOwner(r, draftOf(r)))
    const properties = { applicant: person, actId: { ...uuid, description: '同一编号重送只办一次' }, ...of, draft: drafts.length > 1 ? { oneOf: drafts } : drafts[0]! } // prettier-ignore
    const schema = { type: 'object', required: ['applicant', 'actId', 'draft', ...Object.keys(of)], properties }
    const { 200: made, ...others } = answers(started)
    const description = `需要接口密钥及权限 ${startRight(flow.name)}；申请人本人须有权提交`
    paths[`/api/flow-api/${flow.name}`] = { post: { tags, summary: `发起${flow.label}`, description, ...security, ...body(schema), responses: { 201: made, ...others } } } // prettier-ignore
  }
  const id = { parameters: [{ name: 'id', in: 'path', required: true, schema: uuid }] }
  const givenAct = {
    type: 'object',
    required: ['person', 'kind', 'actId', 'seenVersion'],
    properties: { person, kind: { type: 'string', enum: kinds }, actId: uuid, seenVersion: { type: 'integer' }, task: text, opinion: text, changes: { type: 'object' }, verdicts: { type: 'object' } },
  } // prettier-ignore
  const acted = { type: 'object', properties: { instance: uuid, status, version: { type: 'integer' } } }
  paths['/api/flow-api/instances/{id}'] = { get: { tags, summary: '审批进展', description: '需要接口密钥及该流程的发起或办理权限', ...security, ...id, responses: answers(instance) } } // prettier-ignore
  paths['/api/flow-api/instances/{id}/acts'] = { post: { tags, summary: '以某人名义办理', description: `需要接口密钥及权限 ${actRight('<流程>')}；签名、盖章与管理员操作须本人登录`, ...security, ...id, ...body(givenAct), responses: answers(acted) } } // prettier-ignore
  return paths
}
/** Whose record it is follows from the applicant. */
function withoutOwner(r: ResolvedResource, schema: Schema): Schema {
  const required = ((schema['required'] ?? []) as string[]).filter((key) => key !== r.owner.person)
  const { required: _, ...rest } = schema
  return required.length ? { ...rest, required } : rest
}
