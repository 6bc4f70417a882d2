import { invalid, isDay, isUuid, Refusal } from '#model'
import { flowInsight } from '../../flow/insight.ts'
import { endReplacement, listReplacements, replaceInFlows } from '../../flow/replacements.ts'
import { listVersions, moveInstances, previewMoves, terminateInstances } from '../../flow/versions.ts'
import type { Server } from '../server.ts'
import { bodyOf, needId } from './records.ts'

type OfVersion = { Params: { flow: string; version: string } }

/** Versions of flows: what runs under which, moving and ending it; one person in place of another. */
export function flowVersionRoutes({ app, kernel, contextOf }: Server): void {
  const config = { config: { who: { right: 'flows.administer' } } } as const
  const insight = { config: { who: { right: 'flows.insight' } } } as const
  app.get<{ Querystring: { from?: string; to?: string; flow?: string } }>('/api/flow-insight', insight, async (request) => {
    const { from, to, flow = '' } = request.query
    if (!isDay(from) || !isDay(to) || from > to) throw new Refusal('badRequest', '请选择起止日期')
    return flowInsight(kernel, await contextOf(request), { from, to, flow: flow || null })
  })
  app.get('/api/flow-versions', config, async (request) => listVersions(kernel, await contextOf(request)))
  app.get<OfVersion & { Querystring: { after?: string } }>('/api/flow-versions/:flow/:version/running', config, async (request) => {
    const { flow, version } = request.params
    return previewMoves(
      kernel,
      await contextOf(request),
      flow,
      needVersion(version),
      isUuid(request.query.after) ? request.query.after : null,
    )
  })
  app.post<OfVersion>('/api/flow-versions/:flow/:version/move', config, async (request) => {
    const { flow, version } = request.params
    return moveInstances(kernel, await contextOf(request), flow, needVersion(version), needInstances(bodyOf(request)))
  })
  app.post<OfVersion>('/api/flow-versions/:flow/:version/terminate', config, async (request) => {
    const { flow, version } = request.params
    const body = bodyOf(request)
    const reason = typeof body['reason'] === 'string' ? body['reason'].trim().slice(0, 200) : ''
    if (!reason) throw invalid([{ field: 'reason', message: '请填写终止的理由' }])
    return terminateInstances(kernel, await contextOf(request), flow, needVersion(version), needInstances(body), reason)
  })
  app.get('/api/flow-replacements', config, async (request) => listReplacements(await contextOf(request)))
  app.post('/api/flow-replacements', config, async (request) => replaceInFlows(kernel, await contextOf(request), bodyOf(request)))
  app.post<{ Params: { id: string } }>('/api/flow-replacements/:id/end', config, async (request) => {
    await endReplacement(kernel, await contextOf(request), needId(request.params.id))
    return { done: true }
  })
}
function needVersion(text: string): number {
  const version = Number(text)
  if (!Number.isInteger(version) || version < 1 || version > 2_147_483_647) throw new Refusal('badRequest', '版本号不对')
  return version
}
function needInstances({ instances }: Record<string, unknown>): string[] {
  const ids = Array.isArray(instances) ? instances.filter(isUuid) : []
  if (ids.length === 0) throw new Refusal('badRequest', '没有选择申请')
  if (ids.length > 100) throw new Refusal('tooMany', '一次最多处理 100 件')
  return ids
}
