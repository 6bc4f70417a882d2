import { readDuplicateKey, Refusal, type MergeDraft } from '#model'
import { findDuplicates } from '../../merging/duplicates.ts'
import { mergeRecords, previewMerge } from '../../merging/merge.ts'
import type { Server } from '../server.ts'
import { bodyOf, needId, parseFilter } from './records.ts'

interface Asked {
  Params: { resource: string }
  Querystring: { keys?: string; filter?: string; ids?: string }
}
/** Duplicates of every record type: found, laid side by side, merged. Rights are judged by the records they are about. */
export function mergingRoutes({ app, kernel, contextOf }: Server): void {
  const config = { config: { who: 'signedIn' } } as const
  app.get<Asked>('/api/duplicates/:resource', config, async (request) => {
    const keys = (request.query.keys ?? '').split(',').filter(Boolean).map((text) => readDuplicateKey(text)) // prettier-ignore
    if (!keys.every((key) => key !== null)) throw new Refusal('badRequest', '比较的项目看不懂')
    return findDuplicates(kernel, await contextOf(request), request.params.resource, { keys, filter: parseFilter(request.query.filter) })
  })
  app.get<Asked>('/api/merge/:resource', config, async (request) => {
    const ids = (request.query.ids ?? '').split(',').filter(Boolean).map(needId)
    return previewMerge(kernel, await contextOf(request), request.params.resource, ids)
  })
  app.post<Asked>('/api/merge/:resource', config, async (request) =>
    mergeRecords(kernel, await contextOf(request), request.params.resource, readDraft(bodyOf(request))),
  )
}
function readDraft({ keep, records, take = {}, reason }: Record<string, unknown>): MergeDraft {
  const isOne = (one: unknown): one is { id: string; version: number } => {
    const { id, version } = (typeof one === 'object' && one !== null ? one : {}) as { id?: unknown; version?: unknown }
    return typeof id === 'string' && Number.isInteger(version)
  }
  const isTake = typeof take === 'object' && take !== null && Object.values(take).every((id) => typeof id === 'string')
  if (typeof keep !== 'string' || !Array.isArray(records) || !records.every(isOne) || !isTake)
    throw new Refusal('badRequest', '缺少 keep、records 或 take')
  return { keep, records, take: take as Record<string, string>, reason: typeof reason === 'string' ? reason.slice(0, 500) : '' }
}
