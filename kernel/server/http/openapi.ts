import { kindOf, kinds, stateLabels, type Definitions, type Field, type Fields, type ResolvedResource } from '#model'
import type { RouteOptions } from 'fastify'
import { algorithms, signatureHeaders } from '../access/clients/signature.ts'
import { flowApiPaths } from './openapi-flows.ts'
import type { Who } from './server.ts'

type Schema = Record<string, unknown>
const uuid: Schema = { type: 'string', format: 'uuid' }

/** JSON Schema of a field's value as it travels. */
function valueSchema(field: Field): Schema {
  const more = { title: field.label, ...(field.help ? { description: field.help } : {}), ...(field.readOnly ? { readOnly: true } : {}) }
  const schema = kindOf(field).schema(field)
  if (field.kind !== 'rows') return { ...more, ...schema }
  const { fields } = field.options as { fields: Fields }
  return { ...more, ...schema, items: { type: 'object', properties: { id: uuid, ...properties(fields) } } }
}
const properties = (fields: Fields): Schema => Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, valueSchema(field)]))

function draftSchema(r: ResolvedResource): Schema {
  const required = Object.entries(r.fields).filter(([, f]) => f.required && f.default === undefined && !f.from && !f.readOnly).map(([key]) => key) // prettier-ignore
  return { type: 'object', title: r.label, properties: properties(r.fields), ...(required.length ? { required } : {}) }
}
function recordSchema(r: ResolvedResource): Schema {
  const envelope = {
    id: uuid,
    version: { type: 'integer' },
    state: { type: 'string', enum: Object.keys(stateLabels) },
    createdAt: { type: 'string', format: 'date-time' },
    updatedAt: { type: 'string', format: 'date-time' },
  }
  return { type: 'object', title: r.label, properties: { ...envelope, ...properties(r.fields) } }
}

const whoText = (who: Who | undefined): string =>
  who === 'public'
    ? '无需登录'
    : who === 'client'
      ? '接口调用方（签名或接口密钥）'
      : who === 'caller'
        ? '登录，或接口调用方（按记录授权）'
        : typeof who === 'object'
          ? `需要权限 ${who.right}（登录，或接口调用方）`
          : '需要登录'

const signatureText = `HMAC 签名。签名文本共 8 行，以换行符相连、末行后无换行：算法（${Object.keys(algorithms).join(' 或 ')}）、Unix 秒数、随机数、密钥编号、方法、路径与查询（原样）、请求编号（没有则空行）、正文散列（小写十六进制，没有正文则为空内容的散列）。
以密钥为 HMAC 的键，结果写成小写十六进制。请求头：${Object.values(signatureHeaders).join('、')}；algorithm 默认 hmac-sha256，没有正文时 content-hash 可省，request-id 可省。`

/** OpenAPI 3.1 of everything that is served: routes as registered, record types as declared. */
export function openApi(defs: Definitions, routes: readonly RouteOptions[], version: string): Schema {
  const paths: Record<string, Record<string, Schema>> = {}
  for (const route of routes) {
    if (!route.url.startsWith('/api') || route.url.includes('/records/:resource') || route.url.startsWith('/api/flow-api/')) continue
    for (const method of [route.method]
      .flat()
      .map((m) => m.toLowerCase())
      .filter((m) => m !== 'head' && m !== 'options')) {
      const path = route.url.replace(/:(\w+)/g, '{$1}').replace('*', '{path}')
      const parameters = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
        name,
        in: 'path',
        required: true,
        schema: { type: 'string' },
      }))
      ;(paths[path] ??= {})[method] = {
        summary: `${method.toUpperCase()} ${route.url}`,
        description: whoText(route.config?.who),
        ...(parameters.length ? { parameters } : {}),
        responses: answers({}),
      }
    }
  }
  for (const r of defs.resources.values()) Object.assign(paths, recordPaths(r))
  Object.assign(paths, flowApiPaths(defs, { draftOf: draftSchema, answers }))
  const schemas = Object.fromEntries([...defs.resources.values()].flatMap((r) => [[r.name, recordSchema(r)], [`${r.name}.draft`, draftSchema(r)]])) // prettier-ignore
  return {
    openapi: '3.1.0',
    info: {
      title: '杏林 Xinglin',
      version,
      description: `字段类型 ${Object.keys(kinds).length} 种；错误以 application/problem+json（RFC 9457）答复。`,
    },
    paths,
    components: {
      schemas: {
        ...schemas,
        Problem: {
          type: 'object',
          required: ['title', 'status', 'code'],
          properties: {
            type: { type: 'string' },
            title: { type: 'string' },
            status: { type: 'integer' },
            code: { type: 'string' },
            problems: { type: 'array', items: { type: 'object', properties: { field: { type: 'string' }, message: { type: 'string' } } } },
          },
        },
      },
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'xinglin_session' },
        signature: { type: 'apiKey', in: 'header', name: 'X-Xinglin-Signature', description: signatureText },
        key: { type: 'http', scheme: 'bearer', description: '固定密钥：仅当防护策略和调用方登记都允许时可用' },
      },
    },
    security: [{ session: [] }, { signature: [] }, { key: [] }],
  }
}
const problem = { description: '拒绝或出错', content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } }
const answers = (schema: Schema): Schema => ({
  200: { description: '成功', content: { 'application/json': { schema } } },
  default: problem,
})

function recordPaths(r: ResolvedResource): Record<string, Record<string, Schema>> {
  const base = `/api/records/${r.name}`
  const one = { type: 'object', properties: { record: { $ref: `#/components/schemas/${r.name}` }, titles: { type: 'object' } } }
  const query = (name: string, description: string) => ({ name, in: 'query', description, schema: { type: 'string' } })
  const id = { name: 'id', in: 'path', required: true, schema: uuid }
  const list = {
    type: 'object',
    properties: {
      rows: { type: 'array', items: { $ref: `#/components/schemas/${r.name}` } },
      titles: { type: 'object' },
      next: { type: ['string', 'null'] },
    },
  }
  const body = (schema: Schema) => ({ requestBody: { required: true, content: { 'application/json': { schema } } } })
  const change = {
    type: 'object',
    required: ['version', 'changes'],
    properties: { version: { type: 'integer' }, changes: { $ref: `#/components/schemas/${r.name}.draft` } },
  }
  const tags = [r.label]
  const write: Record<string, Schema> =
    r.writtenBy === 'module'
      ? {}
      : { post: { tags, summary: `新增${r.label}`, ...body({ $ref: `#/components/schemas/${r.name}.draft` }), responses: answers(one) } }
  const edit: Record<string, Schema> =
    r.writtenBy === 'module'
      ? {}
      : {
          patch: { tags, summary: `修改${r.label}`, parameters: [id], ...body(change), responses: answers(one) },
          delete: { tags, summary: `删除${r.label}`, parameters: [id, query('version', '所见版本')], responses: answers(one) },
        }
  return {
    [base]: {
      get: {
        tags,
        summary: `查询${r.label}`,
        parameters: [
          query('filter', '筛选条件（JSON）'),
          query('sort', '排序，-字段 为降序'),
          query('search', '名称、拼音首字母'),
          query('columns', '列'),
          query('limit', '每页'),
          query('cursor', '下一页'),
        ],
        responses: answers(list),
      },
      ...write,
    },
    [`${base}/{id}`]: { get: { tags, summary: `查看${r.label}`, parameters: [id], responses: answers(one) }, ...edit },
    [`${base}/{id}/history`]: { get: { tags, summary: `${r.label}的修改历史`, parameters: [id], responses: answers({ type: 'array' }) } },
  }
}
