import { invalid, isUuid, Refusal } from '#model'
import { readDraft, readWords } from '#kernel/model/flow/read-cases.ts'
import type { Context } from '../../context.ts'
import { differenceOf } from '../../flow/designs/differences.ts'
import { createDesign, discardDraft, loadDraft, openDesign, saveDraft } from '../../flow/designs/drafts.ts'
import { exportDesign, importDesign } from '../../flow/designs/files.ts'
import { listDesigns } from '../../flow/designs/list.ts'
import { listFlowVersions, previewPublish, publish, rollBack } from '../../flow/designs/publish.ts'
import { needFlow, needNote, needTests, needVersion } from '../../flow/designs/read.ts'
import { runCases, simulate, triable, type TrialAsked } from '../../flow/designs/simulate.ts'
import type { Kernel } from '../../kernel.ts'
import { namedFile } from '../headers.ts'
import type { Server } from '../server.ts'
import { bodyOf } from './records.ts'

type OfFlow = { Params: { flow: string } }
type Body = Record<string, unknown>
const config = { config: { who: { right: 'flows.administer' } } } as const

/** Flows as the hospital draws them: drafts, trials, versions, files. */
export function flowDesignRoutes(server: Server): void {
  draftRoutes(server)
  trialRoutes(server)
  versionRoutes(server)
  fileRoutes(server)
}

function draftRoutes({ app, kernel, contextOf }: Server): void {
  app.get('/api/flow-designs', config, async (request) => listDesigns(kernel, await contextOf(request)))
  app.post('/api/flow-designs', config, async (request, reply) => {
    reply.status(201)
    return createDesign(kernel, await contextOf(request), bodyOf(request))
  })
  app.get<OfFlow>('/api/flow-designs/:flow', config, async (request) => openDesign(kernel, await contextOf(request), request.params.flow))
  app.put<OfFlow>('/api/flow-designs/:flow', config, async (request) =>
    saveDraft(kernel, await contextOf(request), request.params.flow, bodyOf(request)),
  )
  app.delete<OfFlow & { Querystring: { revision?: string } }>('/api/flow-designs/:flow/draft', config, async (request) => {
    await discardDraft(kernel, await contextOf(request), request.params.flow, request.query.revision)
    return { done: true }
  })
}

/** The definition that is tried out: the one given, else as it is drawn; with the cases kept beside it. */
async function triedBy(kernel: Kernel, ctx: Context, flow: string, body: Body) {
  const draft = await loadDraft(kernel, ctx, flow)
  return { ...draft, definition: body['definition'] === undefined ? draft.definition : needFlow(body['definition'], flow) }
}
function needTrial({ applicant, draft, words }: Body): TrialAsked {
  if (!isUuid(applicant)) throw invalid([{ field: 'applicant', message: '请选择申请人' }])
  const read = readDraft(draft ?? {})
  if ('problems' in read) throw invalid(read.problems)
  const said = readWords(words ?? {})
  if ('problems' in said) throw invalid(said.problems)
  return { applicant, draft: read.draft, words: said.words }
}
function trialRoutes({ app, kernel, contextOf }: Server): void {
  app.post<OfFlow>('/api/flow-designs/:flow/simulate', config, async (request) => {
    const ctx = await contextOf(request)
    const trial = needTrial(bodyOf(request))
    const { definition, resource } = await triedBy(kernel, ctx, request.params.flow, bodyOf(request))
    return simulate(kernel, ctx, await triable(kernel, ctx, definition, resource), trial)
  })
  app.post<OfFlow>('/api/flow-designs/:flow/test', config, async (request) => {
    const ctx = await contextOf(request)
    const body = bodyOf(request)
    const { definition, resource, tests } = await triedBy(kernel, ctx, request.params.flow, body)
    const cases = body['tests'] === undefined ? tests : needTests(body['tests'])
    return cases.length > 0 ? runCases(kernel, ctx, await triable(kernel, ctx, definition, resource), cases) : []
  })
}

function versionRoutes({ app, kernel, contextOf }: Server): void {
  app.get<OfFlow>('/api/flow-designs/:flow/versions', config, async (request) =>
    listFlowVersions(kernel, await contextOf(request), request.params.flow),
  )
  app.get<OfFlow & { Querystring: { from?: string; to?: string } }>('/api/flow-designs/:flow/difference', config, async (request) => {
    const sides = [needVersion(request.query.from, 'draft', 'program'), needVersion(request.query.to, 'draft', 'program')] as const
    return differenceOf(kernel, await contextOf(request), request.params.flow, sides)
  })
  app.get<OfFlow>('/api/flow-designs/:flow/preview', config, async (request) =>
    previewPublish(kernel, await contextOf(request), request.params.flow),
  )
  app.post<OfFlow>('/api/flow-designs/:flow/publish', config, async (request) => {
    const { revision, note } = bodyOf(request)
    return publish(kernel, await contextOf(request), request.params.flow, revision, needNote(note))
  })
  app.post<OfFlow>('/api/flow-designs/:flow/roll-back', config, async (request) => {
    const { version, seen, note } = bodyOf(request)
    const given = { to: needVersion(version, 'program'), seen: needVersion<never>(seen), note: needNote(note) }
    return rollBack(kernel, await contextOf(request), request.params.flow, given)
  })
}

function fileRoutes({ app, kernel, contextOf }: Server): void {
  app.get<OfFlow & { Querystring: { of?: string } }>('/api/flow-designs/:flow/export', config, async (request, reply) => {
    const of = request.query.of === 'draft' ? 'draft' : 'inForce'
    const file = await exportDesign(kernel, await contextOf(request), request.params.flow, of)
    return reply
      .type('application/json')
      .header('content-disposition', namedFile(`${file.definition.label}.flow.json`))
      .send(file)
  })
  app.post('/api/flow-designs/import', config, async (request, reply) => {
    const body = bodyOf(request)
    if (body['file'] === undefined) throw new Refusal('badRequest', '缺少 file')
    reply.status(201)
    return importDesign(kernel, await contextOf(request), body)
  })
}
