import { fillTemplate, formatInstant, noWishes, type MessageKind, type MessagingSettings } from '#model'
import type { Kernel } from '../kernel.ts'
import { messaging, readSet, readSettings } from '../settings.ts'
import { leavesAt } from './dispatch.ts'
import { wishesOf } from './wishes.ts'
import type { Became, Channel, Parcel, Words } from './channels/channel.ts'

/** Beyond what a call may take a process has so long for all others; then it gives back what it has not begun. */
const roundMs = 20_000
/** Asked again after 5 s, 10 s, 20 s … and no more than ten minutes. */
const pauseMs = (tries: number): number => Math.min(5000 * 2 ** (tries - 1), 600_000)

interface Due {
  id: string
  message: string
  person: string
  device: string | null
  tries: number
  until: string
  urgent: boolean
  kind: MessageKind
  title: string
  body: string
  link: string | null
  told: string
  readAt: string | null
}
const targetOf = ({ person, device }: Due): string => device ?? person
/** On its way, in the words it has. */
interface Ready {
  due: Due
  address: string
  words: Words
}
interface Outcome {
  due: Due
  state: 'waiting' | 'sent' | 'failed' | 'dropped'
  problem: string | null
  next: Date | null
}
/**
 * Sends what is due by one way, as much as it takes at once, what is urgent first. What it does not take now is tried again later; what was read meanwhile stays; what
 * would disturb somebody's peace waits for its end, also when it has been late. Answers how many were due.
 */
export async function deliverDue(kernel: Kernel, channel: Channel, publicUrl: string | null): Promise<number> {
  const until = kernel.clock.now().getTime() + roundMs
  const due = await claim(kernel, channel)
  if (due.length === 0) return 0
  const directory = await kernel.directory()
  const people = [...new Set(due.map(({ person }) => person))]
  const [addresses, wordsOf, leaves] = [await channel.addressesOf(kernel, [...new Set(due.map(targetOf))]), await writer(kernel, channel, publicUrl), await peace(kernel, people)]
  const outcomes: Outcome[] = []
  const parcels: Ready[] = []
  for (const one of due) {
    const address = addresses.get(targetOf(one))
    const drop = one.readAt ? '已在页面中读过' : !directory.isActive(one.person) ? '收件人已不在岗' : address === undefined ? channel.noAddress : null
    const later = one.urgent ? null : leaves(one.person)
    if (drop !== null || address === undefined) outcomes.push({ due: one, state: 'dropped', problem: drop, next: null })
    else if (later) outcomes.push({ due: one, state: 'waiting', problem: null, next: later })
    else parcels.push({ due: one, address, words: wordsOf(one, directory.nameOf(one.person)) })
  }
  await note(kernel, outcomes)
  await sendAll(kernel, channel, parcels, until)
  return due.length
} // prettier-ignore
/** When somebody may be told what is not urgent; null: now. */
async function peace(kernel: Kernel, people: readonly string[]): Promise<(person: string) => Date | null> {
  const { quietHours } = await readSettings(kernel.db)
  const wishes = await wishesOf(kernel.db, people)
  const now = kernel.clock.now()
  return (person) => {
    const at = leavesAt(now, quietHours, wishes.get(person) ?? noWishes)
    return at > now ? at : null
  }
}

/** A process that has taken a delivery and dies gives it back when no call of it can last any more. */
async function claim(kernel: Kernel, { name, atOnce, calls, patienceMs }: Channel): Promise<Due[]> {
  const now = kernel.clock.now()
  return kernel.db.query<Due & object>(
    `WITH taken AS (
       UPDATE kernel.delivery SET next_at = $3, tries = tries + 1 WHERE id IN (
         SELECT id FROM kernel.delivery WHERE state = 'waiting' AND channel = $1 AND next_at <= $2 ORDER BY urgent DESC, next_at LIMIT ${atOnce * calls} FOR UPDATE SKIP LOCKED)
       RETURNING id, person, device, tries, until, urgent, message)
     SELECT t.id, t.message, t.person, t.device, t.tries, t.until, t.urgent, m.kind, m.title, m.body, m.link, m.at AS told, m.read_at AS "readAt" FROM taken t JOIN kernel.message m ON m.id = t.message ORDER BY t.urgent DESC, m.at, t.id`,
    [name, now.toISOString(), new Date(now.getTime() + roundMs + patienceMs).toISOString()],
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
const cut = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, Math.max(0, most - 1)).replace(/[\ud800-\udbff]$/, '')}…`

/** The same words to many go in one call where the way allows it. What became of them is noted round by round; what there is no more time for goes back. */
async function sendAll(kernel: Kernel, channel: Channel, parcels: readonly Ready[], until: number): Promise<void> {
  const groups = [...Map.groupBy(parcels, ({ words }) => JSON.stringify(words)).values()]
  const calls = groups.flatMap((group) => Array.from({ length: Math.ceil(group.length / channel.atOnce) }, (_, n) => group.slice(n * channel.atOnce, (n + 1) * channel.atOnce)))
  for (let at = 0; at < calls.length; at += channel.calls) {
    const now = kernel.clock.now()
    if (now.getTime() > until) return note(kernel, calls.slice(at).flat().map(({ due }) => ({ due, state: 'waiting', problem: null, next: now })))
    const together = calls.slice(at, at + channel.calls)
    const became = await Promise.all(together.map((call) => channel.send(call.map(({ due, address }): Parcel => ({ id: due.id, message: due.message, address })), call[0]!.words)))
    await note(kernel, together.flatMap((call, n) => call.map(({ due }, k) => outcomeOf(kernel, due, became[n]![k]!))))
  }
} // prettier-ignore
const problems = { refused: '对方拒收', unsure: '已交给对方，没有收到回执，不再自动重发' } as const
function outcomeOf(kernel: Kernel, due: Due, became: Became): Outcome {
  if (became === 'taken') return { due, state: 'sent', problem: null, next: null }
  if (became === 'gone') return { due, state: 'dropped', problem: '这个浏览器已不再接收', next: null }
  if (became !== 'away') return { due, state: 'failed', problem: problems[became], next: null }
  const next = new Date(kernel.clock.now().getTime() + pauseMs(due.tries))
  if (next.getTime() > Date.parse(due.until)) return { due, state: 'failed', problem: '一直连不上，已过 24 小时', next: null }
  return { due, state: 'waiting', problem: '暂时连不上', next }
}
/** Only of what is still this process's: another may have taken it after the lease, and sent it. */
async function note(kernel: Kernel, outcomes: readonly Outcome[]): Promise<void> {
  if (outcomes.length === 0) return
  await kernel.db.query(
    `UPDATE kernel.delivery d SET state = g.state, problem = g.problem, next_at = coalesce(g.next, d.next_at), done_at = CASE WHEN g.state = 'waiting' THEN NULL ELSE $6::timestamptz END
     FROM unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::timestamptz[]) AS g(id, tries, state, problem, next) WHERE d.id = g.id AND d.state = 'waiting' AND d.tries = g.tries`,
    [
      outcomes.map(({ due }) => due.id), outcomes.map(({ due }) => due.tries), outcomes.map(({ state }) => state), outcomes.map(({ problem }) => problem), outcomes.map(({ next }) => next?.toISOString() ?? null),
      kernel.clock.now().toISOString(),
    ],
  )
} // prettier-ignore
