import type { Queryable } from '#kernel/server/database/database.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { newsCondition, readEpoch } from '../check/keeper.ts'
import { loadPeople, loadProcedures, type LoadedProcedure, type PersonFacts } from '../check/load.ts'
import type { Cursor } from './cursor.ts'

/** One change as it is told. `now` is how the record stands at the time of telling; null when it is gone or says nothing to others. */
export interface Change {
  seq: number
  at: string
  kind: string
  op: 'insert' | 'update' | 'delete'
  record: string | null
  practitioner: { id: string; name: string; staffNumber: string | null } | null
  now: Record<string, unknown> | null
}
export interface ChangesPage {
  changes: Change[]
  next: Cursor
  /** More are waiting: ask again from `next`. */
  more: boolean
}
interface Row {
  seq: number
  received_at: string
  kind: string
  op: Change['op']
  record: string | null
  practitioner: string | null
}

/** Runs `work` over one view of the database, with its epoch. */
export function reading<T>(kernel: Kernel, work: (tx: Queryable, now: { epoch: string; snapshot: string }) => Promise<T>): Promise<T> {
  return kernel.db.transaction(async (tx) => {
    await tx.once('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ')
    return work(tx, await readEpoch(tx))
  })
}

/** The changes after a cursor, without holes. Index: change_tx bounds them to what came since the cursor's oldest open transaction. */
export async function changesAfter(tx: Queryable, cursor: Cursor, snapshot: string, limit: number): Promise<ChangesPage> {
  const to = cursor.to ?? snapshot
  const rows = await tx.query<Row>(
    `SELECT c.seq, c.received_at, c.kind, c.op, c.record, c.practitioner FROM privileges.change c
     WHERE ${newsCondition('$1::pg_snapshot')} AND pg_visible_in_snapshot(c.tx, $2::pg_snapshot) AND c.seq > $3 ORDER BY c.seq LIMIT $4`,
    [cursor.from, to, cursor.after, limit + 1],
  )
  const more = rows.length > limit
  const page = more ? rows.slice(0, limit) : rows
  const next: Cursor = more ? { ...cursor, to, after: page.at(-1)!.seq } : { epoch: cursor.epoch, from: to, to: null, after: 0 }
  // A page that ends at an older view leaves what came after it for the next.
  return { changes: await described(tx, page), next, more: more || cursor.to !== null }
}

async function described(tx: Queryable, rows: readonly Row[]): Promise<Change[]> {
  const ids = (list: (string | null)[]) => [...new Set(list.filter((id) => id !== null))]
  const people = await loadPeople(tx, ids(rows.map((r) => r.practitioner)))
  const own = await loadProcedures(tx, ids(rows.map((r) => (r.kind === 'procedure' ? r.record : null))))
  const granted = ids([...people.values()].flatMap((p) => p.grants.map((g) => g.procedure)))
  const procedures = new Map([...own, ...(await loadProcedures(tx, granted))].map((p) => [p.id, p]))
  return rows.map(({ seq, received_at: at, kind, op, record, practitioner }) => {
    const person = practitioner === null ? undefined : people.get(practitioner)
    const p = person?.practitioner
    return {
      seq,
      at,
      kind,
      op,
      record,
      practitioner: p ? { id: p.id, name: p.name, staffNumber: p.staffNumber } : null,
      now: stateOf(kind, record, person, procedures),
    }
  })
}
function stateOf(
  kind: string,
  record: string | null,
  person: PersonFacts | undefined,
  procedures: ReadonlyMap<string, LoadedProcedure>,
): Record<string, unknown> | null {
  if (kind === 'procedure') return { ...(procedures.get(record ?? '') ?? null) }
  if (!person) return null
  const grant = kind === 'grant' ? person.grants.find((g) => g.id === record) : undefined
  if (grant) return grantView(grant, procedures)
  const found =
    kind === 'registration'
      ? person.registrations.find((r) => r.id === record)
      : kind === 'suspension'
        ? person.suspensions.find((s) => s.id === record)
        : kind === 'person'
          ? { ...person.practitioner }
          : kind === 'identifier'
            ? { identifiers: person.identifiers }
            : undefined
  return found ? { ...found } : null
}

/** A grant as other systems read it: its procedure by code, not by our id. */
export function grantView(grant: PersonFacts['grants'][number], procedures: ReadonlyMap<string, LoadedProcedure>): Record<string, unknown> {
  const p = procedures.get(grant.procedure)
  return {
    ...grant,
    procedure: p ? { id: p.id, codeSystem: p.codeSystem, version: p.codeVersion, code: p.code, name: p.name } : { id: grant.procedure },
  }
}
