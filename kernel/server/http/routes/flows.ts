import { invalid, isUuid, Refusal, type BulkAnswer, type PreviewAnswer, type SealUse, type TaskView } from '#model'
import { asAnswer } from '../../campaigns/answering.ts'
import { personOf, type Context } from '../../context.ts'
import { act } from '../../flow/act.ts'
import { listBindings, saveBindings } from '../../flow/bindings.ts'
import { submitChanges, type ChangeOfOne } from '../../flow/change-many.ts'
import { flowsInForce } from '../../flow/in-force.ts'
import { listIncidents } from '../../flow/incidents.ts'
import { dropPrepared, listPrepared, openPrepared, prepareFor, signPrepared, submitPrepared } from '../../flow/prepared.ts'
import { printApproval, sealUses } from '../../flow/printing.ts'
import { furtherOf, readAct } from '../../flow/read-act.ts'
import { readRemark } from '../../flow/remarks.ts'
import { previewPath } from '../../flow/preview.ts'
import { readApproval, readImportRows } from '../../flow/reading.ts'
import { createStandIn, endStandIn, listStandIns } from '../../flow/stand-ins.ts'
import { submit, submitChange, submitDeletion, type ChangeOptions, type SubmitOptions } from '../../flow/submit.ts'
import { submitTogether, type Together } from '../../flow/together.ts'
import { myWork } from '../../flow/todo.ts'
import type { Server } from '../server.ts'
import { bodyOf, needId } from './records.ts'

const views: readonly TaskView[] = ['open', 'claim', 'standIn', 'mine', 'done', 'copied']

/** Approvals: submit, see, act. Who may is judged by the engine from tasks and parties, and by rights for reading. */
export function flowRoutes(server: Server): void {
  submitRoutes(server)
  actRoutes(server)
  bulkRoute(server)
  phraseRoutes(server)
  preparedRoutes(server)
  standInRoutes(server)
  administratorRoutes(server)
}

function submitRoutes({ app, kernel, contextOf }: Server): void {
  const config = { config: { who: 'signedIn' } } as const
  app.post('/api/flows/preview', config, async (request): Promise<PreviewAnswer> => {
    const { resource, draft } = bodyOf(request)
    if (typeof resource !== 'string' || typeof draft !== 'object' || draft === null) throw new Refusal('badRequest')
    return previewPath(kernel, await contextOf(request), resource, draft as Record<string, unknown>)
  })
  app.post<{ Params: { resource: string }; Querystring: { campaign?: string } }>(
    '/api/flows/submit/:resource',
    config,
    async (request, reply) => {
      const { draft, actId, signature, chosen, prepared } = bodyOf(request)
      if (typeof draft !== 'object' || draft === null || !isUuid(actId)) throw new Refusal('badRequest', '缺少 draft 或 actId')
      const ctx = await contextOf(request)
      kernel.access.need(ctx.actor, 'create', request.params.resource)
      reply.status(201)
      const { resource } = request.params
      const how = { actId, ...furtherOf(signature, chosen), ...saidOf(bodyOf(request)) }
      const given = draft as Record<string, unknown>
      const begin = (tx: Context) => isUuid(prepared) ? submitPrepared(kernel, tx, resource, given, { ...how, prepared }) : submit(kernel, tx, resource, given, how) // prettier-ignore
      return asAnswer(kernel, ctx, { line: request.query.campaign, resource, act: actId }, begin, (done) => done.record)
    },
  )
  app.post('/api/flows/submit-together', config, async (request, reply) => {
    const { records, actId, signature } = bodyOf(request)
    if (!isUuid(actId) || !Array.isArray(records) || !records.every(isTogether)) throw new Refusal('badRequest', '缺少 records 或 actId')
    reply.status(201)
    return submitTogether(kernel, await contextOf(request), records, {
      actId,
      ...(isUuid(signature) ? { signature } : {}),
      ...saidOf(bodyOf(request)),
    })
  })
  app.post<{ Params: { resource: string; id: string } }>('/api/flows/change/:resource/:id', config, async (request, reply) => {
    const { changes, ...body } = bodyOf(request)
    if (typeof changes !== 'object' || changes === null) throw new Refusal('badRequest', '缺少 changes')
    const { resource, id } = request.params
    reply.status(201)
    return submitChange(kernel, await contextOf(request), resource, needId(id), changes as Record<string, unknown>, changeOptions(body))
  })
  app.post<{ Params: { resource: string } }>('/api/flows/change-many/:resource', config, async (request, reply) => {
    const { records, actId, reason, signature, chosen } = bodyOf(request)
    if (!isUuid(actId) || !Array.isArray(records) || !records.every(isChange)) throw new Refusal('badRequest', '缺少 records 或 actId')
    reply.status(201)
    const how = { actId, reason: typeof reason === 'string' ? reason.slice(0, 500) : '', ...furtherOf(signature, chosen) }
    return submitChanges(kernel, await contextOf(request), request.params.resource, records, how)
  })
  app.post<{ Params: { resource: string; id: string } }>('/api/flows/delete/:resource/:id', config, async (request, reply) => {
    const { resource, id } = request.params
    reply.status(201)
    return submitDeletion(kernel, await contextOf(request), resource, needId(id), changeOptions(bodyOf(request)))
  })
}
const isChange = (one: unknown): one is ChangeOfOne => {
  const { id, seenVersion, changes } = (one ?? {}) as Record<string, unknown>
  return isUuid(id) && typeof seenVersion === 'number' && typeof changes === 'object' && changes !== null
}
const isTogether = (one: unknown): one is Together => {
  const { id, resource, draft, chosen } = (one ?? {}) as Record<string, unknown>
  const isChoice = chosen === undefined || (typeof chosen === 'object' && chosen !== null)
  return isUuid(id) && typeof resource === 'string' && typeof draft === 'object' && draft !== null && isChoice
}
/** What the applicant says as he asks: words, pictures, and the people he names in them. */
function saidOf(body: Record<string, unknown>): Pick<SubmitOptions, 'opinion' | 'pictures' | 'mentions'> {
  const opinion = typeof body['opinion'] === 'string' ? body['opinion'].trim().slice(0, 2000) : ''
  return { ...(opinion ? { opinion } : {}), ...readRemark({ ...body, kind: 'submit' }) }
}
function changeOptions(body: Record<string, unknown>): ChangeOptions {
  const { actId, seenVersion, reason, signature, chosen } = body
  if (!isUuid(actId) || typeof seenVersion !== 'number') throw new Refusal('badRequest', '缺少 actId 或 seenVersion')
  return {
    actId,
    seenVersion,
    ...(typeof reason === 'string' ? { reason: reason.slice(0, 500) } : {}),
    ...furtherOf(signature, chosen),
    ...readRemark({ ...body, kind: 'submit' }),
  }
}

function actRoutes({ app, kernel, contextOf }: Server): void {
  const config = { config: { who: 'signedIn' } } as const
  app.get<{ Params: { id: string } }>('/api/approvals/:id', config, async (request) =>
    readApproval(kernel, await contextOf(request), needId(request.params.id)),
  )
  app.get<{ Params: { id: string }; Querystring: Record<string, string | undefined> }>(
    '/api/approvals/:id/rows',
    config,
    async (request) => {
      const { kind, from = '0', limit = '50' } = request.query
      const page = { kind: kind === 'changed' ? kind : ('created' as const), from: Number(from), limit: Number(limit) } as const
      return readImportRows(kernel, await contextOf(request), needId(request.params.id), page)
    },
  )
  app.post<{ Params: { id: string } }>('/api/approvals/:id/print', config, async (request) =>
    printApproval(kernel, await contextOf(request), needId(request.params.id)),
  )
  app.post<{ Params: { id: string } }>('/api/approvals/:id/acts', config, async (request) => {
    const given = readAct(bodyOf(request))
    return act(kernel, await contextOf(request), needId(request.params.id), given)
  })
  app.get<{ Querystring: { view?: string; cursor?: string; search?: string; flow?: string } }>('/api/tasks', config, async (request) => {
    const { view, ...query } = request.query
    return myWork(kernel, await contextOf(request), { ...query, view: views.find((one) => one === view) ?? 'open' })
  })
}

const isBulkTask = (one: unknown): one is { instance: string; task: string; actId: unknown; version: unknown } => {
  const { instance, task } = (one ?? {}) as Record<string, unknown>
  return typeof instance === 'string' && typeof task === 'string'
}
/** W22: many at once; each is an act of its own, in a transaction of its own, with a result of its own. */
function bulkRoute({ app, kernel, contextOf }: Server): void {
  app.post('/api/tasks/bulk', { config: { who: 'signedIn' } }, async (request): Promise<BulkAnswer> => {
    const { tasks, opinion } = bodyOf(request)
    if (!Array.isArray(tasks) || tasks.length === 0 || !tasks.every(isBulkTask)) throw new Refusal('badRequest', '没有选择待办')
    if (tasks.length > 100) throw new Refusal('tooMany', '一次最多处理 100 件')
    const ctx = await contextOf(request)
    const results: BulkAnswer['results'] = []
    for (const one of tasks) {
      const { instance, task } = { instance: needId(one.instance), task: one.task }
      const given = readAct({ kind: 'approve', actId: one.actId, task, seenVersion: one.version, opinion })
      results.push(await act(kernel, { ...ctx, afterCommit: [] }, instance, given).then(
        () => ({ instance, task, ok: true, message: '已同意' }),
        (error: unknown) => ({ instance, task, ok: false, message: error instanceof Refusal ? error.message : '系统出错，请单独处理' }),
      )) // prettier-ignore
    }
    return { results }
  })
}

function standInRoutes({ app, kernel, contextOf }: Server): void {
  const config = { config: { who: 'signedIn' } } as const
  app.get('/api/stand-ins', config, async (request) => listStandIns(await contextOf(request)))
  app.post('/api/stand-ins', config, async (request, reply) => {
    reply.status(201)
    return createStandIn(kernel, await contextOf(request), bodyOf(request))
  })
  app.post<{ Params: { id: string } }>('/api/stand-ins/:id/end', config, async (request) => {
    await endStandIn(kernel, await contextOf(request), needId(request.params.id))
    return { done: true }
  })
  app.get('/api/flows', config, async () => [...(await flowsInForce(kernel)).values()].map(({ name, label }) => ({ name, label })))
}

/** 代填: what others filled in for me, signed as a batch. */
function preparedRoutes({ app, kernel, contextOf }: Server): void {
  const config = { config: { who: 'signedIn' } } as const
  app.get('/api/prepared', config, async (request) => listPrepared(kernel, await contextOf(request)))
  app.get<{ Params: { id: string } }>('/api/prepared/:id', config, async (request) =>
    openPrepared(kernel, await contextOf(request), needId(request.params.id)),
  )
  app.post<{ Params: { resource: string } }>(
    '/api/prepared/:resource',
    { config: { who: { right: 'flows.fillIn' } } },
    async (request, reply) => {
      const { draft } = bodyOf(request)
      if (typeof draft !== 'object' || draft === null) throw new Refusal('badRequest', '缺少 draft')
      reply.status(201)
      return prepareFor(kernel, await contextOf(request), request.params.resource, draft as Record<string, unknown>)
    },
  )
  app.post('/api/prepared/sign', config, async (request) => {
    const { ids, signature } = bodyOf(request)
    if (!Array.isArray(ids) || ids.length === 0) throw new Refusal('badRequest', '没有选择申请')
    if (ids.length > 50) throw new Refusal('tooMany', '一次最多签 50 份')
    if (!isUuid(signature)) throw invalid([{ field: 'signature', message: '请签名' }])
    return signPrepared(kernel, await contextOf(request), ids.map((id) => needId(typeof id === 'string' ? id : '')), signature) // prettier-ignore
  })
  app.delete<{ Params: { id: string } }>('/api/prepared/:id', config, async (request) => {
    await dropPrepared(await contextOf(request), needId(request.params.id))
    return { done: true }
  })
}

/** A person's own stock phrases for opinions. */
function phraseRoutes({ app, kernel, contextOf }: Server): void {
  const config = { config: { who: 'signedIn' } } as const
  app.get('/api/phrases', config, async (request) => {
    const ctx = await contextOf(request)
    const rows = await ctx.db.query<{ phrase: string }>(
      `SELECT phrase FROM kernel.opinion_phrase WHERE person = $1::uuid ORDER BY position`,
      [personOf(ctx.actor)],
    )
    return rows.map((row) => row.phrase)
  })
  app.put('/api/phrases', config, async (request) => {
    const { phrases } = bodyOf(request)
    const ctx = await contextOf(request)
    const given = Array.isArray(phrases) ? phrases.filter((one) => typeof one === 'string') : []
    const list = [...new Set(given.map((one) => one.trim()).filter(Boolean))]
    if (list.length > 30 || list.some((one) => one.length > 100))
      throw invalid([{ field: 'phrases', message: '最多 30 条，每条不超过 100 字' }])
    await kernel.transaction(ctx, async (tx) => {
      // Two pages of one person that save at once: the later stands.
      await tx.db.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 63))`, [personOf(ctx.actor)])
      await tx.db.query(`DELETE FROM kernel.opinion_phrase WHERE person = $1::uuid`, [personOf(ctx.actor)])
      await tx.db.query(
        `INSERT INTO kernel.opinion_phrase SELECT $1::uuid, u.n, u.phrase FROM unnest($2::text[]) WITH ORDINALITY AS u(phrase, n)`,
        [personOf(ctx.actor), list],
      )
    })
    return list
  })
}

function administratorRoutes({ app, kernel, contextOf }: Server): void {
  const config = { config: { who: { right: 'flows.administer' } } } as const
  app.get('/api/flow-bindings', config, async (request) => listBindings(kernel, await contextOf(request)))
  app.put<{ Params: { resource: string; occasion: string } }>('/api/flow-bindings/:resource/:occasion', config, async (request) => {
    const { resource, occasion } = request.params
    await saveBindings(kernel, await contextOf(request), resource, occasion, bodyOf(request)['bindings'])
    return { done: true }
  })
  app.get<{ Querystring: { before?: string } }>('/api/seal-uses', config, async (request): Promise<SealUse[]> => {
    const before = isUuid(request.query.before) ? request.query.before : null
    return sealUses(await contextOf(request), null, before)
  })
  app.get('/api/incidents', config, async (request) => listIncidents(kernel, await contextOf(request)))
}
