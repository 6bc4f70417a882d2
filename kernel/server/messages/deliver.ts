import { fillTemplate, formatInstant, type MessageKind, type MessagingSettings } from '#model'
import type { Kernel } from '../kernel.ts'
import { messaging, readSet, readSettings } from '../settings.ts'
import type { Became, Channel, Parcel, Words } from './channels/channel.ts'

/** A process that has taken a delivery and dies gives it back after so long: longer than any way may take. */
const leaseMs = 60_000
/** Asked again after 5 s, 10 s, 20 s … and no more than ten minutes. */
const pauseMs = (tries: number): number => Math.min(5000 * 2 ** (tries - 1), 600_000)

interface Due {
  id: string
  person: string
  tries: number
  until: string
  kind: MessageKind
  title: string
  body: string
  link: string | null
  told: string
  readAt: string | null
}
interface Outcome {
  id: string
  state: 'waiting' | 'sent' | 'failed' | 'dropped'
  problem: string | null
  next: Date | null
}
/** Sends what is due by one way, as much as it takes at once. What it does not take now is tried again later; what was read meanwhile stays. Answers how many were due. */
export async function deliverDue(kernel: Kernel, channel: Channel, publicUrl: string | null): Promise<number> {
  const due = await claim(kernel, channel)
  if (due.length === 0) return 0
  const directory = await kernel.directory()
  const addresses = await channel.addressesOf(kernel, [...new Set(due.map(({ person }) => person))])
  const outcomes: Outcome[] = []
  const parcels: { due: Due; address: string; words: Words }[] = []
  const wordsOf = await writer(kernel, channel, publicUrl)
  for (const one of due) {
    const address = addresses.get(one.person)
    const drop = one.readAt ? '已在页面中读过' : !directory.isActive(one.person) ? '收件人已不在岗' : address === undefined ? channel.noAddress : null
    if (drop !== null || address === undefined) outcomes.push({ id: one.id, state: 'dropped', problem: drop, next: null })
    else parcels.push({ due: one, address, words: wordsOf(one, directory.nameOf(one.person)) })
  }
  outcomes.push(...(await sendAll(kernel, channel, parcels)))
  await note(kernel, outcomes)
  return due.length
} // prettier-ignore

async function claim(kernel: Kernel, { name, atOnce, calls }: Channel): Promise<Due[]> {
  const now = kernel.clock.now()
  return kernel.db.query<Due & object>(
    `WITH taken AS (
       UPDATE kernel.delivery SET next_at = $3, tries = tries + 1 WHERE id IN (
         SELECT id FROM kernel.delivery WHERE state = 'waiting' AND channel = $1 AND next_at <= $2 ORDER BY urgent DESC, next_at LIMIT ${atOnce * calls} FOR UPDATE SKIP LOCKED)
       RETURNING id, person, tries, until, message)
     SELECT t.id, t.person, t.tries, t.until, m.kind, m.title, m.body, m.link, m.at AS told, m.read_at AS "readAt" FROM taken t JOIN kernel.message m ON m.id = t.message`,
    [name, now.toISOString(), new Date(now.getTime() + leaseMs).toISOString()],
  )
}

/** How the hospital words it. */
async function writer(kernel: Kernel, { name, longest }: Channel, publicUrl: string | null): Promise<(due: Due, person: string) => Words> {
  const { messageTemplates, messageBodies }: MessagingSettings = await readSet(kernel.db, messaging)
  const { hospitalName: hospital } = await readSettings(kernel.db)
  const { title, text } = messageTemplates[name]
  return (due, person) => {
    const link = due.link && publicUrl ? `${publicUrl}${due.link}` : null
    const facts = { title: due.title, body: messageBodies ? due.body : '', link: link ?? '', hospital, name: person, kind: due.kind, time: dayAndTime(due.told) }
    return { title: cut(fillTemplate(title, facts), longest.title), text: cut(fillTemplate(text, facts), longest.text), link }
  }
} // prettier-ignore
/** `11月22日 17:45` */
function dayAndTime(at: string): string {
  const [, month, day, time] = /^\d{4}-(\d{2})-(\d{2}) (\d{2}:\d{2})/.exec(formatInstant(at))!
  return `${Number(month)}月${Number(day)}日 ${time}`
}
const cut = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, Math.max(0, most - 1))}…`)

/** The same words to many go in one call where the way allows it. */
async function sendAll(kernel: Kernel, channel: Channel, parcels: readonly { due: Due; address: string; words: Words }[]): Promise<Outcome[]> {
  const groups = [...Map.groupBy(parcels, ({ words }) => JSON.stringify(words)).values()]
  const calls = groups.flatMap((group) => Array.from({ length: Math.ceil(group.length / channel.atOnce) }, (_, n) => group.slice(n * channel.atOnce, (n + 1) * channel.atOnce)))
  const outcomes: Outcome[] = []
  for (let at = 0; at < calls.length; at += channel.calls) {
    const together = calls.slice(at, at + channel.calls)
    const became = await Promise.all(together.map((call) => channel.send(call.map(({ due, address }): Parcel => ({ id: due.id, address })), call[0]!.words)))
    outcomes.push(...together.flatMap((call, n) => call.map(({ due }, k) => outcomeOf(kernel, due, became[n]![k]!))))
  }
  return outcomes
} // prettier-ignore
function outcomeOf(kernel: Kernel, { id, tries, until }: Due, became: Became): Outcome {
  if (became === 'taken') return { id, state: 'sent', problem: null, next: null }
  if (became === 'refused') return { id, state: 'failed', problem: '对方拒收', next: null }
  const next = new Date(kernel.clock.now().getTime() + pauseMs(tries))
  if (next.getTime() > Date.parse(until)) return { id, state: 'failed', problem: '一直连不上，已过 24 小时', next: null }
  return { id, state: 'waiting', problem: '暂时连不上', next }
}
async function note(kernel: Kernel, outcomes: readonly Outcome[]): Promise<void> {
  await kernel.db.query(
    `UPDATE kernel.delivery d SET state = g.state, problem = g.problem, next_at = coalesce(g.next, d.next_at), done_at = CASE WHEN g.state = 'waiting' THEN NULL ELSE $5::timestamptz END
     FROM unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[]) AS g(id, state, problem, next) WHERE d.id = g.id`,
    [
      outcomes.map(({ id }) => id), outcomes.map(({ state }) => state), outcomes.map(({ problem }) => problem), outcomes.map(({ next }) => next?.toISOString() ?? null),
      kernel.clock.now().toISOString(),
    ],
  )
} // prettier-ignore
