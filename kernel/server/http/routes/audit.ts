import { isDay, isUuid, Refusal, type AuditItem } from '#model'
import type { Outside } from '../../audit/outside.ts'
import { auditState, type AuditState } from '../../audit/state.ts'
import { titlesForAudit } from '../../audit/reading.ts'
import type { Server } from '../server.ts'
import { auditVerifyRoute } from './audit-verify.ts'

type Query = Partial<Record<'before' | 'actor' | 'act' | 'outcome' | 'from' | 'to' | 'record', string>>

/** The security audit officer's view: every entry, clinical and personal content never in plain. */
export const auditRoutes =
  (key: Buffer, outside: Outside) =>
  (server: Server): void => {
    const { app, kernel, contextOf } = server
    const config = { config: { who: { right: 'security.audit' } } } as const
    app.get<{ Querystring: Query }>('/api/audit', config, async (request): Promise<{ rows: AuditItem[]; next: string | null }> => {
      const ctx = await contextOf(request)
      const { before, actor, act, outcome, from, to, record } = request.query
      if ((actor && !isUuid(actor)) || (record && !isUuid(record)) || (from && !isDay(from)) || (to && !isDay(to)))
        throw new Refusal('badFilter')
      if (before && !/^\d{1,15}$/.test(before)) throw new Refusal('badCursor')
      const rows = await kernel.db.query<AuditItem & object>(
        `SELECT seq, at, actor, actor_name AS "actorName", act, outcome, resource, record, address, detail FROM kernel.audit_entry
         WHERE ($1::bigint IS NULL OR seq < $1::bigint) AND ($2::uuid IS NULL OR actor = $2::uuid) AND ($3::text IS NULL OR act LIKE $3 || '%')
           AND ($4::text IS NULL OR outcome = $4) AND ($5::timestamptz IS NULL OR at >= $5::timestamptz) AND ($6::timestamptz IS NULL OR at < $6::timestamptz + interval '1 day') AND ($7::uuid IS NULL OR record = $7::uuid)
         ORDER BY seq DESC LIMIT 100`,
        [
          before ?? null,
          actor ?? null,
          act?.replace(/[\\%_]/g, (c) => `\\${c}`) ?? null,
          outcome ?? null,
          from ? `${from}T00:00:00+08:00` : null,
          to ? `${to}T00:00:00+08:00` : null,
          record ?? null,
        ],
      )
      const last = rows.at(-1)
      // Numbers are handed out to connections thirty-two at a time: within a page the clock orders better.
      const inTime = rows.toSorted((a, b) => (a.at === b.at ? b.seq - a.seq : a.at < b.at ? 1 : -1))
      return { rows: await titlesForAudit(kernel, ctx, inTime), next: rows.length === 100 && last ? String(last.seq) : null }
    })
    app.get('/api/audit/state', config, (): Promise<AuditState> => auditState(kernel.db, outside))
    auditVerifyRoute(server, key)
  }
