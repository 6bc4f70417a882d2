import { readFindings, reviewReadsRight, type AuditItem } from '#model'
import { bodyOf, needId } from '../../http/routes/records.ts'
import type { Server } from '../../http/server.ts'
import { audit } from '../audit.ts'
import { entriesBySeq } from '../questions.ts'
import { readableEntries } from '../reading.ts'
import { findingOf, reviewFinding, seqsIn } from './keep.ts'

type One = { Params: { id: string } }
/** 访问异常: the log's entries behind a finding, and what an officer says of it. */
export function findingRoutes({ app, kernel, contextOf }: Server): void {
  const config = { config: { who: { right: reviewReadsRight } } } as const
  app.get<One>('/api/audit/findings/:id/entries', config, async (request): Promise<{ rows: AuditItem[] }> => {
    const ctx = await contextOf(request)
    const row = await findingOf(ctx, needId(request.params.id))
    await audit(ctx, { act: 'audit.read', outcome: 'done', resource: readFindings.name, record: row.id, detail: { person: row.person } })
    return { rows: await readableEntries(kernel, ctx, await entriesBySeq(kernel.db, seqsIn(row.entries))) }
  })
  app.post<One>('/api/audit/findings/:id/review', config, async (request) => {
    const { verdict, review } = bodyOf(request)
    await reviewFinding(kernel, await contextOf(request), needId(request.params.id), verdict, typeof review === 'string' ? review : '')
    return {}
  })
}
