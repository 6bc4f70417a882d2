import {
  filterProblem,
  isUuid,
  mostFormats,
  readFilter,
  Refusal,
  type ChoicesAnswer,
  type Filter,
  type NamedAnswer,
  type PointingAnswer,
  type TreeAnswer,
} from '#model'
import type { FastifyRequest } from 'fastify'
import { v7 as uuidv7 } from 'uuid'
import { noteListed, noteRead } from '../../audit/opened.ts'
import { asAnswer } from '../../campaigns/answering.ts'
import type { Context } from '../../context.ts'
import { recordsNamed } from '../../exchange/match/texts.ts'
import { submit } from '../../flow/submit.ts'
import { branchesOf } from '../../records/branches.ts'
import { chooseRecords, treeOf, usedValues } from '../../records/choices.ts'
import { recordsByDay } from '../../records/days.ts'
import { openField } from '../../records/open-field.ts'
import { pointingAt } from '../../records/pointing.ts'
import { purgeRecord } from '../../records/purge.ts'
import { countRecords, getRecord, historyOf, listRecords, type ReadQuery } from '../../records/read.ts'
import { setDeleted } from '../../records/deletion.ts'
import { summarise } from '../../records/summarise.ts'
import { asOfDay, needDay, timelineOf } from '../../records/timeline.ts'
import { createRecord, updateRecordOf } from '../../records/write.ts'
import { furtherOf } from '../../flow/read-act.ts'
import { press } from '../../buttons/press.ts'
import { whyNotAnother } from '../../limits/caps.ts'
import { writeMany, type WriteOne } from '../../records/write-many.ts'
import type { Kernel } from '../../kernel.ts'
import type { Server } from '../server.ts'

interface Params {
  resource: string
  id: string
}
type Query = Partial<
  Record<
    | 'filter' | 'search' | 'sort' | 'columns' | 'marks' | 'limit' | 'cursor' | 'deleted' | 'version' | 'directly' | 'group' | 'totals'
    | 'on' | 'from' | 'to' | 'each' | 'by' | 'under' | 'campaign' | 'asOf',
    string
  >
> // prettier-ignore

/** Reads a list's state from its address. */
export function readQuery(query: Query): ReadQuery {
  const limit = Number(query.limit ?? 50)
  if (!Number.isInteger(limit) || limit < 1) throw new Refusal('badRequest', '每页条数不对')
  return {
    filter: parseFilter(query.filter),
    limit,
    ...(query.search?.trim() ? { search: query.search } : {}),
    ...(query.sort ? { sort: query.sort.split(',').slice(0, 5) } : {}),
    ...(query.columns ? { columns: query.columns.split(',').slice(0, 60) } : {}),
    ...(query.marks ? { marks: parseMarks(query.marks) } : {}),
    ...(query.cursor ? { cursor: query.cursor } : {}),
    ...(query.deleted === '1' ? { deleted: true } : {}),
  }
}
export function parseFilter(text: string | undefined): Filter | null {
  return text ? needFilter(parseJson(text)) : null
}
function parseMarks(text: string): Filter[] {
  const marks = parseJson(text)
  if (!Array.isArray(marks) || marks.length > mostFormats) throw new Refusal('badFilter')
  return marks.map(needFilter)
}
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Refusal('badFilter')
  }
}
function needFilter(given: unknown): Filter {
  const problem = filterProblem(given)
  if (problem) throw new Refusal('badFilter', problem)
  return readFilter(given)!
}
export function needId(id: string): string {
  if (!isUuid(id)) throw new Refusal('notFound')
  return id
}
export const actIdOf = (request: FastifyRequest): { actId: string } | object => {
  const given = request.headers['x-act-id']
  return isUuid(given) ? { actId: given } : {}
}
export function bodyOf(request: FastifyRequest): Record<string, unknown> {
  const body: unknown = request.body
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new Refusal('badRequest')
  return body as Record<string, unknown>
}

function readMany(given: unknown): WriteOne[] {
  const isOne = (one: unknown): one is WriteOne => {
    const { id, version, changes } = (typeof one === 'object' && one !== null ? one : {}) as Partial<Record<keyof WriteOne, unknown>>
    return isUuid(id) && Number.isInteger(version) && typeof changes === 'object' && changes !== null && !Array.isArray(changes)
  }
  if (!Array.isArray(given) || !given.every(isOne)) throw new Refusal('badRequest', 'records 须为 [{id, version, changes}]')
  return given
}
/** A program is nobody who applies: what is decided on it starts in the name of a person. */
function needDirectly(kernel: Kernel, ctx: Context, resource: string): void {
  if (ctx.actor.kind === 'client' && kernel.defs.resource(resource).approval)
    throw new Refusal('noRight', '这类记录须经审批，请用 /api/flow-api 以人员名义发起')
}
/** The generic routes of every resource. Rights are judged by the records path. */
export function recordRoutes({ app, kernel, contextOf }: Server): void {
  const config = { config: { who: 'signedIn' } } as const
  const open = { config: { who: 'caller' } } as const
  app.get<{ Params: Params; Querystring: Query }>('/api/records/:resource', open, async (request) => {
    const ctx = await contextOf(request)
    const { resource } = request.params
    const answer = await asOfDay(kernel, ctx, resource, request.query.asOf, (on) =>
      listRecords(kernel, on, resource, readQuery(request.query)),
    )
    await noteListed(kernel, ctx, request.params.resource, answer.rows)
    return answer
  })
  app.get<{ Params: Params; Querystring: Query }>('/api/records/:resource/count', open, async (request) =>
    asOfDay(kernel, await contextOf(request), request.params.resource, request.query.asOf, (on) =>
      countRecords(kernel, on, request.params.resource, readQuery(request.query)),
    ),
  )
  app.get<{ Params: Params; Querystring: Query }>('/api/records/:resource/summary', config, async (request) => {
    const { group, totals, asOf } = request.query
    const [keys, sums] = [group?.split(',').filter(Boolean) ?? [], totals?.split(',').filter(Boolean) ?? []]
    const asked = { ...readQuery(request.query), group: keys, totals: sums }
    return asOfDay(kernel, await contextOf(request), request.params.resource, asOf, (on) =>
      summarise(kernel, on, request.params.resource, asked),
    )
  })
  app.get<{ Params: Params; Querystring: Query }>('/api/records/:resource/days', config, async (request) => {
    const { on = '', from = '', to = '', each = '5' } = request.query
    const asked = { ...readQuery(request.query), on, from, to, each: Number(each) || 1 }
    return recordsByDay(kernel, await contextOf(request), request.params.resource, asked)
  })
  app.get<{ Params: Params; Querystring: Query }>('/api/records/:resource/branches', config, async (request) => {
    const { by = '', under, asOf } = request.query
    const asked = { ...readQuery(request.query), by, under: under ? needId(under) : null }
    return asOfDay(kernel, await contextOf(request), request.params.resource, asOf, (on) =>
      branchesOf(kernel, on, request.params.resource, asked),
    )
  })
  app.get<{ Params: Params }>('/api/records/:resource/limits', config, async (request) => {
    const ctx = await contextOf(request)
    kernel.access.need(ctx.actor, 'create', request.params.resource)
    return { problem: await whyNotAnother(kernel, ctx, request.params.resource) }
  })
  app.post<{ Params: Params & { button: string } }>('/api/records/:resource/:id/press/:button', config, async (request) => {
    const { resource, id, button } = request.params
    const { version, signature, chosen } = bodyOf(request)
    if (typeof version !== 'number') throw new Refusal('badRequest', '缺少 version')
    const actId = request.headers['x-act-id']
    const given = { version, actId: isUuid(actId) ? actId : uuidv7(), ...furtherOf(signature, chosen) }
    return press(kernel, await contextOf(request), resource, needId(id), button, given)
  })
  // With the line of a campaign in the address, the record is its answer.
  app.post<{ Params: Params; Querystring: Query }>('/api/records/:resource', open, async (request, reply) => {
    const ctx = await contextOf(request)
    const { resource } = request.params
    needDirectly(kernel, ctx, resource)
    reply.status(201)
    const given = request.headers['x-act-id']
    const actId = isUuid(given) ? given : uuidv7()
    const answers = { line: request.query.campaign, resource, act: actId }
    if (!kernel.defs.resource(resource).approval)
      return asAnswer(kernel, ctx, answers, (tx) => createRecord(kernel, tx, resource, bodyOf(request), { actId }), ({ record }) => record.id) // prettier-ignore
    const { record } = await asAnswer(kernel, ctx, answers, (tx) => submit(kernel, tx, resource, bodyOf(request), { actId }), (done) => done.record) // prettier-ignore
    return getRecord(kernel, ctx, resource, record)
  })
  app.get<{ Params: Params; Querystring: Query }>('/api/records/:resource/:id', open, async (request) => {
    const ctx = await contextOf(request)
    const { resource, id } = request.params
    const answer = await asOfDay(kernel, ctx, resource, request.query.asOf, (on) => getRecord(kernel, on, resource, needId(id)))
    await noteRead(kernel, ctx, request.params.resource, answer.record)
    return answer
  })
  app.get<{ Params: Params }>('/api/records/:resource/:id/timeline', config, async (request) =>
    timelineOf(kernel, await contextOf(request), request.params.resource, needId(request.params.id)),
  )
  app.patch<{ Params: Params }>('/api/records/:resource', config, async (request) =>
    writeMany(kernel, await contextOf(request), request.params.resource, readMany(bodyOf(request)['records'])),
  )
  app.patch<{ Params: Params }>('/api/records/:resource/:id', open, async (request) => {
    const { version, changes, directly, on } = bodyOf(request)
    if (typeof version !== 'number' || typeof changes !== 'object' || changes === null)
      throw new Refusal('badRequest', '缺少 version 或 changes')
    const ctx = await contextOf(request)
    needDirectly(kernel, ctx, request.params.resource)
    return updateRecordOf(kernel, ctx, request.params.resource, needId(request.params.id), version, changes as Record<string, unknown>, {
      ...(typeof directly === 'string' ? { act: 'writeDirectly', directly: directly.slice(0, 500) } : {}),
      ...(on === undefined || on === null ? {} : { on: needDay(String(on)) }),
    })
  })
  // Past an approval: rights of their own, with a reason.
  app.post<{ Params: Params }>('/api/records/:resource/directly', config, async (request, reply) => {
    const { draft, reason } = bodyOf(request)
    if (typeof draft !== 'object' || draft === null || typeof reason !== 'string') throw new Refusal('badRequest', '缺少 draft 或 reason')
    reply.status(201)
    const how = { ...actIdOf(request), act: 'writeDirectly', directly: reason.slice(0, 500) }
    return createRecord(kernel, await contextOf(request), request.params.resource, draft as Record<string, unknown>, how)
  })
  app.delete<{ Params: Params; Querystring: Query }>('/api/records/:resource/:id', open, async (request) => {
    const version = Number(request.query.version)
    if (!Number.isInteger(version)) throw new Refusal('badRequest', '缺少 version')
    const { directly } = request.query
    const how = directly === undefined ? {} : { directly: directly.slice(0, 500) }
    const ctx = await contextOf(request)
    needDirectly(kernel, ctx, request.params.resource)
    return setDeleted(kernel, ctx, request.params.resource, needId(request.params.id), true, version, how)
  })
  app.post<{ Params: Params }>('/api/records/:resource/:id/restore', config, async (request) =>
    setDeleted(kernel, await contextOf(request), request.params.resource, needId(request.params.id), false, null),
  )
  app.post<{ Params: Params }>('/api/records/:resource/:id/purge', config, async (request, reply) => {
    const { reason } = bodyOf(request)
    const { resource, id } = request.params
    await purgeRecord(kernel, await contextOf(request), resource, needId(id), typeof reason === 'string' ? reason.slice(0, 500) : '')
    return reply.status(204).send()
  })
  app.get<{ Params: Params }>('/api/records/:resource/:id/pointing', config, async (request): Promise<PointingAnswer> => {
    const ctx = await contextOf(request)
    const { resource, id } = request.params
    await getRecord(kernel, ctx, resource, needId(id))
    return { groups: await pointingAt(kernel, ctx, kernel.defs.resource(resource).table, id) }
  })
  app.post<{ Params: Params }>('/api/records/:resource/:id/open', config, async (request) => {
    const { field, row, reason } = bodyOf(request)
    const asked = { field: String(field ?? ''), reason: typeof reason === 'string' ? reason : '', ...(isUuid(row) ? { row } : {}) }
    return openField(kernel, await contextOf(request), request.params.resource, needId(request.params.id), asked)
  })
  app.get<{ Params: Params }>('/api/records/:resource/:id/history', config, async (request) =>
    historyOf(kernel, await contextOf(request), request.params.resource, needId(request.params.id)),
  )
  app.get<{ Params: { resource: string; key: string } }>('/api/records/:resource/used/:key', config, async (request) => ({
    values: await usedValues(kernel, await contextOf(request), request.params.resource, request.params.key),
  }))
  app.get<{ Params: { resource: string; parent: string }; Querystring: Query }>(
    '/api/choices/:resource/tree/:parent',
    config,
    async (request): Promise<TreeAnswer> => {
      const { resource, parent } = request.params
      return treeOf(kernel, await contextOf(request), resource, parent, readQuery({ limit: '20', ...request.query }).filter ?? null)
    },
  )
  app.post<{ Params: Params }>('/api/choices/:resource/named', config, async (request): Promise<NamedAnswer> => {
    const { texts } = bodyOf(request)
    if (!Array.isArray(texts) || !texts.every((text) => typeof text === 'string' && text.length <= 500)) throw new Refusal('badRequest')
    return recordsNamed(kernel, await contextOf(request), request.params.resource, texts)
  })
  app.get<{ Params: Params; Querystring: Query }>('/api/choices/:resource', config, async (request): Promise<ChoicesAnswer> => {
    const { search, filter, limit } = readQuery({ limit: '20', ...request.query })
    return chooseRecords(kernel, await contextOf(request), request.params.resource, {
      search: search ?? '',
      filter: filter ?? null,
      limit: limit ?? 20,
    })
  })
}
