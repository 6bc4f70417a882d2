import type { Day } from '#model'
import { givingWay } from '../jobs/give-way.ts'
import type { Kernel } from '../kernel.ts'
import { likeText } from '../store/like.ts'
import { todoKey } from './tell.ts'
import { noDate, type Plan } from './plan.ts'

const atOnce = 100
interface Told {
  record: string
  about: Day
}
/** What is due no more (renewed, withdrawn, done, gone) needs nobody's care: its to-dos close. `only`: of these records; `beat`: after each part. */
export async function closeCured(
  kernel: Kernel,
  plan: Plan,
  { only, beat }: { only?: readonly string[]; beat?: () => Promise<void> } = {},
): Promise<number> {
  const { name } = plan.reminder
  let closed = 0
  let after: Told = { record: '00000000-0000-0000-0000-000000000000', about: noDate }
  for (;;) {
    const open = await kernel.db.query<Told & object>(
      `SELECT record, about::text FROM kernel.reminder_told WHERE reminder = $1 AND ended_at IS NULL AND (record, about) > ($2::uuid, $4::date) AND ($3::uuid[] IS NULL OR record = ANY($3::uuid[]))
       GROUP BY record, about ORDER BY record, about LIMIT ${atOnce}`,
      [name, after.record, only ?? null, after.about],
    )
    if (open.length === 0) return closed
    const due = new Set<string>()
    for await (const page of givingWay(plan.duePages([...new Set(open.map(({ record }) => record))])))
      for (const { record, about } of page.dues) due.add(`${record.id} ${about}`)
    const cured = open.filter(({ record, about }) => !due.has(`${record} ${about}`))
    if (cured.length > 0) await end(kernel, name, cured)
    closed += cured.length
    await beat?.()
    after = open.at(-1)!
  }
}
async function end(kernel: Kernel, reminder: string, cured: readonly Told[]): Promise<void> {
  await kernel.db.query(
    `WITH ended AS (UPDATE kernel.reminder_told t SET ended_at = $4::timestamptz FROM unnest($2::uuid[], $3::text[]) AS u(record, about)
         WHERE t.reminder = $1 AND t.record = u.record AND t.about = u.about::date AND t.ended_at IS NULL),
       closed AS (UPDATE kernel.todo SET closed_at = $4::timestamptz WHERE once_key = ANY($5::text[]) AND closed_at IS NULL RETURNING person)
     INSERT INTO kernel.outbox (at, topic, payload) SELECT $4::timestamptz, 'flow.work', jsonb_build_object('people', jsonb_agg(DISTINCT person)) FROM closed HAVING count(*) > 0`,
    [reminder, cured.map(({ record }) => record), cured.map(({ about }) => about), kernel.clock.now().toISOString(), cured.map(({ record, about }) => todoKey(reminder, record, about))],
  )
} // prettier-ignore
/** A reminder that runs no more asks nothing of anybody. */
export async function closeAll(db: Pick<Kernel['db'], 'query'>, reminder: string, at: Date): Promise<void> {
  await db.query(`UPDATE kernel.todo SET closed_at = $2 WHERE closed_at IS NULL AND once_key LIKE $1`, [
    `remind:${likeText(reminder)}/%`,
    at.toISOString(),
  ])
}
