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
/** Somebody came, left or has another post, or many at once: whoever answers now has the to-do, whoever does no more has it no more. */
export async function followPeople(kernel: Kernel, event: OutboxEvent): Promise<void> {
  const openLines = `SELECT l.id, l.person, l.unit, c.id AS campaign, c.title, c.due, c.answerer FROM campaigns.line l JOIN campaigns.campaign c ON c.id = l.campaign
     WHERE c.status = 'running' AND c.deleted_at IS NULL AND l.status = 'open' AND l.deleted_at IS NULL AND (l.person IS NULL OR ($1 AND l.person = coalesce($2::uuid, l.person)))`
  const whose = [event.resource === 'directory.person', event.record]
  // Mostly nobody is asked anything; then nothing is read anew either.
  if ((await kernel.db.query(`${openLines} LIMIT 1`, whose)).length === 0) return
  // This process may not have heard of the change yet.
  kernel.directoryChanged()
  const ctx = await kernel.context({ kind: 'system', reason: '人员变动' }, 'system')
  await kernel.transaction(ctx, async (tx) => {
    // Nobody answers one of them meanwhile.
    const lines = await tx.db.query<Open & object>(`${openLines} ORDER BY l.id FOR SHARE OF l`, whose)
    const pairs = lines.flatMap((one) => answerersOf(tx, one, one.answerer).map((person) => ({ line: one.id, person })))
    const paired = [pairs.map(({ line }) => line), pairs.map(({ person }) => person)]
    // Taken away, not done: should he answer it again one day, it is asked of him anew.
    const gone = await tx.db.query<{ person: string }>(
      `DELETE FROM kernel.todo t WHERE t.record = ANY ($3::uuid[]) AND t.once_key = 'campaign:' || t.record AND t.closed_at IS NULL
         AND NOT EXISTS (SELECT 1 FROM unnest($1::uuid[], $2::uuid[]) AS u(line, person) WHERE u.line = t.record AND u.person = t.person) RETURNING t.person`,
      [...paired, lines.map(({ id }) => id)],
    )
    const fresh = await tx.db.query<{ line: string; person: string }>(
      `SELECT u.line, u.person FROM unnest($1::uuid[], $2::uuid[]) AS u(line, person) WHERE NOT EXISTS (SELECT 1 FROM kernel.todo t WHERE t.person = u.person AND t.once_key = 'campaign:' || u.line)`,
      paired,
    )
    const isFresh = new Set(fresh.map(({ line }) => line))
    const asked = lines.filter(({ id }) => isFresh.has(id))
    for (const of of Map.groupBy(asked, ({ campaign }) => campaign).values()) await askThem(tx, of[0] as unknown as ApiRecord, of, false)
    await noteWork(tx, [...new Set([...gone, ...fresh].map(({ person }) => person))])
  })
} // prettier-ignore
