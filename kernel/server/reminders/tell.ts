import { fillWords, type Day } from '#model'
import type { Context } from '../context.ts'
import { tellEach } from '../messages/messages.ts'
import { addTodos } from '../messages/todos.ts'
import { noDate, type Candidate, type Plan, type PlanPage } from './plan.ts'

/** What a run has done so far. */
export interface Tally {
  records: number
  /** Messages, those of earlier attempts of the same day included. */
  told: number
  withheld: number
}
/** Every to-do of a reminder begins so. */
export const todoPrefix = (name: string): string => `remind:${name}/`
export const todoKey = (name: string, record: string, about: Day): string => `${todoPrefix(name)}${record}/${about}`
const gatheredKey = (name: string, stage: number): string => `${todoPrefix(name)}all/${stage}`

/** Notes that these are told; answers those that were not told before, also not by another process a moment ago. */
async function noteTold(tx: Context, reminder: string, candidates: readonly Candidate[]): Promise<Candidate[]> {
  if (candidates.length === 0) return []
  const of = (read: (one: Candidate) => unknown) => candidates.map(read)
  const rows = await tx.db.query<{ n: number }>(
    `WITH given AS (SELECT * FROM unnest($2::int[], $3::uuid[], $4::uuid[], $5::text[], $6::int[], $7::text[]) AS u(n, record, person, about, stage, occurrence)),
       noted AS (INSERT INTO kernel.reminder_told (reminder, record, person, about, stage, occurrence, at)
         SELECT $1, record, person, about::date, stage, occurrence::date, $8::timestamptz FROM given ON CONFLICT DO NOTHING RETURNING record, person, about, stage, occurrence)
     SELECT g.n FROM noted t JOIN given g ON (g.record, g.person, g.about::date, g.stage, g.occurrence::date) = (t.record, t.person, t.about, t.stage, t.occurrence)`,
    [
      reminder, candidates.map((_, n) => n), of((one) => one.due.record.id), of((one) => one.person), of((one) => one.due.about), of((one) => one.stage.level), of((one) => one.occurrence),
      tx.clock.now().toISOString(),
    ],
  )
  return rows.map(({ n }) => candidates[n]!)
} // prettier-ignore

/** Tells everybody who gets a message a record: what is noted, the messages and the to-dos stand or fall together. */
export async function tellPage(tx: Context, plan: Plan, { candidates, titles }: PlanPage): Promise<Candidate[]> {
  const { reminder, c } = plan
  const news = await noteTold(tx, reminder.name, candidates.filter(({ verdict, isGathered }) => verdict === 'tell' && !isGathered)) // prettier-ignore
  const said = news.map((one) => ({ one, ...plan.words(one, titles) }))
  const link = (one: Candidate): string => `/r/${c.r.name}/${one.due.record.id}`
  const messages = said.map(({ one, title, text }) => {
    const { record, about } = one.due
    return { person: one.person, title, body: text, link: link(one), onceKey: `${todoKey(reminder.name, record.id, about)}/${one.stage.level}/${one.occurrence}` }
  }) // prettier-ignore
  await tellEach(tx, messages, { kind: 'reminder', isUrgent: reminder.urgent })
  if (!reminder.todo) return news
  const todos = said.map(({ one, text }) => {
    const { record, about } = one.due
    return { person: one.person, resource: c.r.name, record: record.id, title: text, link: link(one), due: about === noDate ? null : about, onceKey: todoKey(reminder.name, record.id, about) }
  }) // prettier-ignore
  // Of two stages that reach the same person the later one's words stand.
  await addTodos(tx, [...new Map(todos.map((one) => [`${one.person} ${one.onceKey}`, one])).values()], false)
  return news
}

/** What one person is told of many records in one line. */
interface Line {
  person: string
  stage: number
  count: number
  earliest: Day | null
  news: Candidate[]
}
/** The gathered lines of a run: told at its end, person by person whole. */
export class Lines {
  private readonly lines = new Map<string, Line>()
  add(candidates: readonly Candidate[]): void {
    for (const one of candidates) {
      if (!one.isGathered || (one.verdict !== 'tell' && one.verdict !== 'told')) continue
      const key = `${one.person} ${one.stage.level}`
      const line = this.lines.get(key) ?? { person: one.person, stage: one.stage.level, count: 0, earliest: null, news: [] }
      const { about } = one.due
      line.count++
      if (about !== noDate && (line.earliest === null || about < line.earliest)) line.earliest = about
      // What is held until the end is only who and which: the rest of the record is let go.
      if (one.verdict === 'tell') line.news.push({ ...one, due: { ...one.due, record: { id: one.due.record.id } as typeof one.due.record } })
      this.lines.set(key, line)
    }
  }
  /** Parts that are told in one transaction each. */
  parts(most = 5000): Line[][] {
    const parts: Line[][] = []
    let size = most
    for (const line of this.lines.values()) {
      if (size + line.news.length + 1 > most) size = parts.push([]) && 0
      parts.at(-1)!.push(line)
      size += line.news.length + 1
    }
    return parts
  }
  of(stage: number): string[] {
    return [...this.lines.values()].filter((line) => line.stage === stage).map(({ person }) => person)
  }
  /** How many of them have anything new. */
  get fresh(): Line[] {
    return [...this.lines.values()].filter(({ news }) => news.length > 0)
  }
} // prettier-ignore
export async function tellLines(tx: Context, plan: Plan, lines: readonly Line[]): Promise<number> {
  const { reminder, c } = plan
  const noted = Map.groupBy(await noteTold(tx, reminder.name, lines.flatMap(({ news }) => news)), (one) => `${one.person} ${one.stage.level}`) // prettier-ignore
  const said = lines.map((line) => ({ line, news: noted.get(`${line.person} ${line.stage}`)?.length ?? 0, title: summaryOf(plan, line) }))
  const link = plan.listLink()
  const told = said.filter(({ news }) => news > 0)
  const messages = told.map(({ line, news, title }) => ({
    person: line.person,
    title,
    body: news === line.count ? '' : `其中新增 ${news} 项`,
    link,
    onceKey: `${gatheredKey(reminder.name, line.stage)}/${plan.day}`,
  }))
  await tellEach(tx, messages, { kind: 'reminder', isUrgent: reminder.urgent })
  if (reminder.todo)
    await addTodos(tx, said.map(({ line, title }) => ({ person: line.person, resource: c.r.name, record: null, title, link, due: line.earliest, onceKey: gatheredKey(reminder.name, line.stage) })), true) // prettier-ignore
  return told.length
}
/** The title of a gathered line. */
export const summaryOf = ({ reminder, c }: Plan, { count, earliest }: Pick<Line, 'count' | 'earliest'>): string =>
  fillWords(reminder.summary, (name) => ({ count: String(count), type: c.r.label, date: earliest ?? '' })[name] ?? '')

/** Gathered lines that count nothing any more are closed. */
export async function closeLines(tx: Context, plan: Plan, lines: Lines): Promise<void> {
  for (const stage of [0, ...plan.reminder.escalate.map((_, n) => n + 1)])
    await tx.db.query(`UPDATE kernel.todo SET closed_at = $3 WHERE once_key = $1 AND closed_at IS NULL AND NOT person = ANY($2::uuid[])`, [
      gatheredKey(plan.reminder.name, stage),
      lines.of(stage),
      tx.clock.now().toISOString(),
    ])
}
