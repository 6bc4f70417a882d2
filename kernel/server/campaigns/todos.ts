import { dayOf, type ApiRecord } from '#model'
import type { Context } from '../context.ts'
import { addTodos, closeTodos } from '../messages/todos.ts'
import { noteWork } from '../messages/messages.ts'
import type { Kernel } from '../kernel.ts'
import type { OutboxEvent } from '../service.ts'
import { answerersOf, type Asked } from './asked.ts'
import { line as lineType, linePath, todoKey } from './managed.ts'

/** Open lines as to-dos of whoever answers them; `again`: also of who has ticked it off. */
export async function askThem(tx: Context, campaign: ApiRecord, lines: readonly (Asked & { id: string })[], again: boolean): Promise<Set<string>> {
  const todos = lines.flatMap((one) => {
    const title = one.person ? String(campaign['title']) : `${String(campaign['title'])}（${tx.directory.unitName(one.unit)}）`
    const due = dayOf(new Date(campaign['due'] as string))
    return answerersOf(tx, one, campaign['answerer']).map((person) => ({ person, resource: lineType, record: one.id, title, link: linePath(one.id), due, onceKey: todoKey(one.id) }))
  })
  await addTodos(tx, todos, again)
  return new Set(todos.map(({ person }) => person))
} // prettier-ignore
export const answered = (tx: Context, line: string): Promise<void> => closeTodos(tx, line, todoKey(line))
/** Nobody needs to answer any more. */
export async function closeAll(tx: Context, campaign: string): Promise<void> {
  const rows = await tx.db.query<{ person: string }>(
    `UPDATE kernel.todo t SET closed_at = $2::timestamptz FROM campaigns.line l WHERE l.campaign = $1::uuid AND t.record = l.id AND t.once_key = 'campaign:' || l.id AND t.closed_at IS NULL RETURNING t.person`,
    [campaign, tx.clock.now().toISOString()],
  )
  await noteWork(tx, [...new Set(rows.map(({ person }) => person))])
}

interface Open extends Asked {
  id: string
  campaign: string
  title: string
  due: string
  answerer: string
}
/** Somebody came, left or has another post: whoever answers now has the to-do, whoever does no more has it no more. */
export async function followPeople(kernel: Kernel, event: OutboxEvent): Promise<void> {
  // This process may not have heard of the change yet.
  kernel.directoryChanged()
  const ctx = await kernel.context({ kind: 'system', reason: '人员变动' }, 'system')
  const isPerson = event.resource === 'directory.person'
  await kernel.transaction(ctx, async (tx) => {
    const lines = await tx.db.query<Open & object>(
      `SELECT l.id, l.person, l.unit, c.id AS campaign, c.title, c.due, c.answerer FROM campaigns.line l JOIN campaigns.campaign c ON c.id = l.campaign
       WHERE c.status = 'running' AND c.deleted_at IS NULL AND l.status = 'open' AND l.deleted_at IS NULL AND (l.person IS NULL OR ($1 AND l.person = $2::uuid)) ORDER BY l.id`,
      [isPerson, event.record],
    )
    if (lines.length === 0) return
    const wanted = lines.map((one) => ({ one, people: answerersOf(tx, one, one.answerer) }))
    const pairs = wanted.flatMap(({ one, people }) => people.map((person) => [one.id, person] as const))
    const isOfLines = `t.record = ANY ($1::uuid[]) AND t.once_key = 'campaign:' || t.record`
    const ids = lines.map(({ id }) => id)
    const gone = await tx.db.query<{ person: string }>(
      `UPDATE kernel.todo t SET closed_at = $4::timestamptz WHERE ${isOfLines} AND t.closed_at IS NULL
         AND NOT EXISTS (SELECT 1 FROM unnest($2::uuid[], $3::uuid[]) AS u(line, person) WHERE u.line = t.record AND u.person = t.person) RETURNING t.person`,
      [ids, pairs.map(([id]) => id), pairs.map(([, person]) => person), tx.clock.now().toISOString()],
    )
    const had = await tx.db.query<{ record: string; person: string }>(`SELECT t.record, t.person FROM kernel.todo t WHERE ${isOfLines}`, [ids])
    const known = new Set(had.map(({ record, person }) => `${record} ${person}`))
    const fresh = wanted.filter(({ one, people }) => people.some((person) => !known.has(`${one.id} ${person}`)))
    for (const of of Map.groupBy(fresh, ({ one }) => one.campaign).values()) await askThem(tx, of[0]!.one as unknown as ApiRecord, of.map(({ one }) => one), false)
    await noteWork(tx, [...new Set([...gone.map(({ person }) => person), ...fresh.flatMap(({ people }) => people)])])
  })
} // prettier-ignore
