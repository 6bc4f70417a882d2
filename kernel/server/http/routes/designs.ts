import { isUuid, Refusal, type DesignAnswer, type DesignItem } from '#model'
import { conflictsOf, designKinds, emptyOverlay, kindOfDesign, type DesignKindName, type Overlay } from '#kernel/model/designs/index.ts'
import type { Context } from '../../context.ts'
import {
  allDesigns,
  beginDesign,
  discardDesign,
  findDesign,
  loadDesign,
  needDrafts,
  needKind,
  saveDesign,
  type DesignRow,
} from '../../designs/drafts.ts'
import { alongItems, alongWith } from '../../designs/along.ts'
import { exportDesigns, importFile, previewFile } from '../../designs/files.ts'
import { examine, previewOf } from '../../designs/judge.ts'
import { designBase, designNames } from '../../designs/names.ts'
import { findPublishing, publish, publishingItem, publishings, stopPublishing } from '../../designs/publish.ts'
import { differenceOf, listReleases, versionItem, versionsOf, wayBack } from '../../designs/releases.ts'
import type { Kernel } from '../../kernel.ts'
import { namedFile } from '../headers.ts'
import type { Server } from '../server.ts'
import { bodyOf } from './records.ts'

type OfDesign = { Params: { kind: string; name: string } }
type Body = Readonly<Record<string, unknown>>
const config = { config: { who: { right: 'designs.administer' } } } as const
const wordsOf = (given: unknown): string => (typeof given === 'string' ? given.trim().slice(0, 500) : '')
const namesOf = (given: unknown): string[] => (Array.isArray(given) ? given.filter((one): one is string => typeof one === 'string') : [])
const numberOf = (given: unknown): number => {
  const number = Number(given)
  if (!Number.isInteger(number) || number < 0 || number >= 2 ** 31) throw new Refusal('badRequest', '版本号不对')
  return number
}

/** What the hospital makes itself: pieces, drafts, publishing, releases, files. */
export function designRoutes(server: Server): void {
  pieceRoutes(server)
  publishRoutes(server)
  releaseRoutes(server)
}

function pieceRoutes({ app, kernel, contextOf }: Server): void {
  app.get('/api/design-names', config, async (request) => designNames(kernel, await contextOf(request)))
  app.get('/api/designs', config, async (request) => listDesigns(kernel, await contextOf(request)))
  app.post<{ Params: { kind: string } }>('/api/designs/:kind', config, async (request, reply) => {
    const kind = needKind(request.params.kind)
    const name = await beginDesign(kernel, await contextOf(request), kind, bodyOf(request)['content'])
    reply.status(201)
    return answerOf(kernel, await contextOf(request), kind, name)
  })
  app.get<OfDesign>('/api/designs/:kind/:name', config, async (request) =>
    answerOf(kernel, await contextOf(request), needKind(request.params.kind), request.params.name),
  )
  app.put<OfDesign>('/api/designs/:kind/:name', config, async (request) => {
    const [kind, body] = [needKind(request.params.kind), bodyOf(request)]
    await saveDesign(kernel, await contextOf(request), kind, request.params.name, { content: body['content'], revision: body['revision'] })
    return answerOf(kernel, await contextOf(request), kind, request.params.name)
  })
  app.delete<OfDesign & { Querystring: { revision?: string } }>('/api/designs/:kind/:name/draft', config, async (request) => {
    await discardDesign(
      kernel,
      await contextOf(request),
      needKind(request.params.kind),
      request.params.name,
      Number(request.query.revision),
    )
    return { done: true }
  })
  app.get<OfDesign>('/api/designs/:kind/:name/versions', config, async (request) =>
    versionsOf(await contextOf(request), needKind(request.params.kind), request.params.name),
  )
  app.post<OfDesign>('/api/designs/:kind/:name/roll-back', config, async (request) => {
    const [ctx, kind, body] = [await contextOf(request), needKind(request.params.kind), bodyOf(request)]
    const item = await versionItem(ctx, kind, request.params.name, numberOf(body['version']))
    return publishingItem(await publish(kernel, ctx, { items: () => Promise.resolve([item]), note: wordsOf(body['note']), as: 'rollBack' }))
  })
  // What is taken out of force keeps its records; a version of before brings it back.
  app.post<OfDesign>('/api/designs/:kind/:name/stop', config, async (request) => {
    const [ctx, kind, { name }] = [await contextOf(request), needKind(request.params.kind), request.params]
    if (!(await findDesign(ctx, kind, name))?.content) throw new Refusal('notFound', '没有生效的定义')
    return publishingItem(
      await publish(kernel, ctx, {
        items: () => Promise.resolve([{ kind, name, content: null, revision: null }]),
        note: wordsOf(bodyOf(request)['note']),
        as: 'publish',
      }),
    )
  })
}

function publishRoutes({ app, kernel, contextOf }: Server): void {
  app.post('/api/publishings/preview', config, async (request) => {
    const ctx = await contextOf(request)
    return previewOf(kernel, ctx, await needDrafts(ctx, bodyOf(request)['items']))
  })
  app.post('/api/publishings', config, async (request, reply) => {
    const { items, note } = bodyOf(request) as Body
    const job = await publish(kernel, await contextOf(request), {
      items: (tx) => needDrafts(tx, items, { lock: true }),
      note: wordsOf(note),
      as: 'publish',
    })
    reply.status(job.state === 'done' ? 200 : 202)
    return publishingItem(job)
  })
  app.get('/api/publishings', config, async (request) => (await publishings(await contextOf(request))).map(publishingItem))
  app.get<{ Params: { id: string } }>('/api/publishings/:id', config, async (request) =>
    publishingItem(await findPublishing(await contextOf(request), needId(request.params.id))),
  )
  app.post<{ Params: { id: string } }>('/api/publishings/:id/stop', config, async (request) =>
    publishingItem(await stopPublishing(await contextOf(request), needId(request.params.id))),
  )
}
function needId(given: string): string {
  if (!isUuid(given)) throw new Refusal('notFound', '没有这次发布')
  return given
}

function releaseRoutes({ app, kernel, contextOf }: Server): void {
  app.get('/api/releases', config, async (request) => listReleases(await contextOf(request)))
  app.get<{ Querystring: { from?: string; to?: string } }>('/api/releases/difference', config, async (request) =>
    differenceOf(kernel, await contextOf(request), numberOf(request.query.from), numberOf(request.query.to)),
  )
  app.post<{ Params: { no: string } }>('/api/releases/:no/preview', config, async (request) => {
    const ctx = await contextOf(request)
    const no = numberOf(request.params.no)
    const along = await alongWith(kernel, ctx, no)
    return { ...(await previewOf(kernel, ctx, await wayBack(ctx, no, along), along)), along: await alongItems(kernel, ctx, along) }
  })
  app.post<{ Params: { no: string } }>('/api/releases/:no/roll-back', config, async (request) => {
    const ctx = await contextOf(request)
    const no = numberOf(request.params.no)
    const body = bodyOf(request)
    const along = body['along'] === true ? await alongWith(kernel, ctx, no) : []
    return publishingItem(
      await publish(kernel, ctx, { items: (tx) => wayBack(tx, no, along), along, note: wordsOf(body['note']), as: 'rollBack' }),
    )
  })
  app.post('/api/design-files/export', config, async (request, reply) => {
    const file = await exportDesigns(kernel, await contextOf(request), namesOf(bodyOf(request)['names']))
    return reply.header('content-disposition', namedFile('应用定义.json')).send(file)
  })
  app.post('/api/design-files/preview', config, async (request) => previewFile(kernel, await contextOf(request), bodyOf(request)['file']))
  app.post('/api/design-files/import', config, async (request, reply) => {
    const { file, names, asNew } = bodyOf(request) as Body
    reply.status(201)
    return importFile(kernel, await contextOf(request), file, { names: namesOf(names), asNew: namesOf(asNew) })
  })
}

/** The pieces there are: made here, or of the product and changed here. */
async function listDesigns(
  kernel: Kernel,
  ctx: Context,
): Promise<{ items: DesignItem[]; offered: { kind: string; name: string; label: string }[] }> {
  const rows = (await allDesigns(ctx)).filter(({ draft, content, stopped }) => draft !== null || content !== null || stopped !== null)
  const { resting } = kernel.standing
  const items = rows.map((row): DesignItem => ({
    kind: row.kind,
    name: row.name,
    label: kindOfDesign(row.kind).label(kernel.defs, row.name, row.draft ?? row.content ?? row.stopped),
    version: row.content === null ? null : row.in_force,
    draft: row.draft === null ? null : { revision: row.revision, at: row.at, by: row.by ? ctx.directory.nameOf(row.by) : '系统' },
    isStopped: row.content === null && row.stopped !== null,
    conflicts: conflictsIn(kernel, row),
    resting: resting.find(({ kind, name }) => kind === row.kind && name === row.name)?.problem ?? null,
  }))
  const offered = (Object.keys(designKinds) as DesignKindName[]).flatMap((kind) =>
    kindOfDesign(kind).offered(kernel.product).filter(({ name }) => !rows.some((row) => row.kind === kind && row.name === name && (row.draft ?? row.content) !== null)).map((one) => ({ kind, ...one })),
  ) // prettier-ignore
  return { items, offered }
}
function conflictsIn(kernel: Kernel, { kind, name, content, draft }: DesignRow): number {
  const declared = kind === 'overlay' ? kernel.product.modules.flatMap((m) => m.resources ?? []).find((r) => r.name === name) : undefined
  return declared ? conflictsOf(declared, (draft ?? content ?? emptyOverlay) as Overlay).length : 0
}
async function answerOf(kernel: Kernel, ctx: Context, kind: ReturnType<typeof needKind>, name: string): Promise<DesignAnswer> {
  const row = await loadDesign(kernel, ctx, kind, name)
  const content = row.draft ?? row.content
  const { problems } = await examine(kernel, ctx, [{ kind, name, content, revision: row.revision }])
  return {
    kind,
    name,
    label: kindOfDesign(kind).label(kernel.defs, name, content),
    revision: row.revision,
    isDraft: row.draft !== null,
    version: row.content === null ? null : row.in_force,
    content,
    published: row.in_force === null ? null : row.content,
    problems: problems.filter((one) => one.name === name || one.name === ''),
    ...(kind === 'overlay' ? { base: designBase(kernel, name) } : {}),
  }
}
