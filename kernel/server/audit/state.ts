import type { Queryable } from '../database/database.ts'
import { addressOf, type Outside } from './outside.ts'
import { noSnapshot, streamNames, streams, type Stream } from './entries.ts'

/** How well the audit is proved at this moment: GET /api/audit/state. */
export interface AuditState {
  seals: {
    stream: Stream
    number: number
    sealedAt: string | null
    /** Age of the oldest entry without a seal; 0 when all are sealed. */
    lagSeconds: number
  }[]
  syslog: {
    address: string
    messages: number
    leftAt: string | null
    /** Age of the oldest entry that has not left. */
    lagSeconds: number
    problem: string | null
    problemSince: string | null
  } | null
  /** Null when nothing outside is configured. */
  anchor: {
    places: string[]
    number: number
    at: string | null
    /** Since the first start while there is none. */
    ageSeconds: number
  } | null
}

// Ages by the database's own clock, which also dates the arrival of entries.
const age = (at: string) => `extract(epoch FROM clock_timestamp() - ${at})::float8`

/** Reads the state of seals, syslog and anchors. */
export async function auditState(db: Queryable, outside: Outside): Promise<AuditState> {
  const seals: AuditState['seals'] = []
  for (const stream of streamNames) {
    const [last] = await db.query<{ number: number; sealedAt: string; snapshot: string }>(
      `SELECT number, sealed_at AS "sealedAt", snapshot::text AS snapshot FROM kernel.seal WHERE stream = $1 ORDER BY epoch DESC, number DESC LIMIT 1`,
      [stream],
    )
    seals.push({
      stream,
      number: last?.number ?? 0,
      sealedAt: last?.sealedAt ?? null,
      lagSeconds: await lagAfter(db, stream, last?.snapshot ?? noSnapshot),
    })
  }
  return { seals, syslog: await syslogState(db, outside), anchor: await anchorState(db, outside) }
}

async function lagAfter(db: Queryable, stream: Stream, snapshot: string): Promise<number> {
  const [row] = await db.query<{ lag: number | null }>(
    `SELECT ${age('min(received_at)')} AS lag FROM ${streams[stream].table} WHERE tx >= pg_snapshot_xmin($1::pg_snapshot) AND NOT pg_visible_in_snapshot(tx, $1::pg_snapshot)`,
    [snapshot],
  )
  return Math.max(0, row?.lag ?? 0)
}

async function syslogState(db: Queryable, { syslog }: Outside): Promise<AuditState['syslog']> {
  if (!syslog) return null
  const [row] = await db.query<{
    messages: number
    leftAt: string | null
    problem: string | null
    problemSince: string | null
    lag: number | null
  }>(
    `SELECT l.messages, l.left_at AS "leftAt", l.problem, l.problem_since AS "problemSince", (
       SELECT ${age('min(e.received_at)')} FROM kernel.audit_entry e WHERE e.tx >= pg_snapshot_xmin(l.base) AND NOT pg_visible_in_snapshot(e.tx, l.base)
         AND NOT (l.target IS NOT NULL AND pg_visible_in_snapshot(e.tx, l.target) AND (e.tx, e.seq) <= (l.after_tx, l.after_seq))) AS lag
     FROM kernel.audit_leaving l WHERE l.receiver = 'syslog'`,
  )
  const address = addressOf(syslog)
  if (!row)
    return { address, messages: 0, leftAt: null, lagSeconds: await lagAfter(db, 'audit', noSnapshot), problem: null, problemSince: null }
  const { lag, ...known } = row
  return { address, ...known, lagSeconds: Math.max(0, lag ?? 0) }
}

async function anchorState(db: Queryable, outside: Outside): Promise<AuditState['anchor']> {
  const places = [...(outside.anchorFile ? [outside.anchorFile] : []), ...(outside.syslog ? [addressOf(outside.syslog)] : [])]
  if (places.length === 0) return null
  // The last one that has reached every place.
  const [row] = await db.query<{ number: number; at: string; age: number }>(
    `SELECT number, at, ${age('made_at')} AS age FROM kernel.audit_anchor
     WHERE ($1::text IS NULL OR file = $1) AND (NOT $2::boolean OR number <= (SELECT anchor FROM kernel.audit_leaving WHERE receiver = 'syslog'))
     ORDER BY number DESC LIMIT 1`,
    [outside.anchorFile, outside.syslog !== null],
  )
  if (row) return { places, number: row.number, at: row.at, ageSeconds: row.age }
  const [begun] = await db.query<{ age: number }>(`SELECT ${age('min(at)')} AS age FROM kernel.seal_epoch`)
  return { places, number: 0, at: null, ageSeconds: begun!.age }
}
