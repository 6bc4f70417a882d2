import { v7 as uuidv7 } from 'uuid'
import { noWishes, waysFor, type MessageChannel, type MessageKind, type OwnMessaging } from '#model'
import { loudFrom, type QuietHours } from '#kernel/model/clock/index.ts'
import type { Queryable } from '../database/database.ts'
import type { Kernel } from '../kernel.ts'
import { messaging, readSet, readSettings } from '../settings.ts'
import type { Channel } from './channels/channel.ts'
import { wishesOf } from './wishes.ts'

const atOnce = 1000
/** After so long nobody needs to be told from outside any more: it stands in the page. */
const staleMs = 24 * 3_600_000

interface Told {
  id: string
  person: string
  kind: MessageKind
  urgent: boolean
  also: MessageChannel[] | null
  at: string
}
/** Decides by which ways new messages leave the page, each once, whichever process comes first. Answers how many messages were looked at. */
export function dispatchNew(kernel: Kernel, channels: readonly Channel[]): Promise<number> {
  return kernel.db.transaction(async (tx) => {
    const told = await tx.query<Told & object>(
      `UPDATE kernel.message SET dispatch = false WHERE id IN (SELECT id FROM kernel.message WHERE dispatch ORDER BY at LIMIT ${atOnce} FOR UPDATE SKIP LOCKED) RETURNING id, person, kind, urgent, also, at`,
    )
    const fresh = told.filter(({ at }) => Date.parse(at) > kernel.clock.now().getTime() - staleMs)
    if (fresh.length && channels.length) await queue(kernel, tx, fresh, channels)
    return told.length
  })
}
async function queue(kernel: Kernel, tx: Queryable, told: readonly Told[], channels: readonly Channel[]): Promise<void> {
  const { messageUses } = await readSet(tx, messaging)
  const { quietHours } = await readSettings(tx)
  const people = [...new Set(told.map(({ person }) => person))]
  const wishes = await wishesOf(tx, people)
  // Told of each person once; whoever has no device is not even noted.
  const devices = new Map<MessageChannel, ReadonlyMap<string, readonly string[]> | undefined>()
  for (const channel of channels) devices.set(channel.name, await channel.devicesOf?.(tx, people))
  const now = kernel.clock.now()
  const rows = told.flatMap((one) => {
    const own = wishes.get(one.person) ?? noWishes
    const leaves = one.urgent ? now : leavesAt(now, quietHours, own)
    // What the hospital does not use for this kind nobody chooses either.
    const also = (one.also ?? []).filter((name) => messageUses[one.kind][name] !== 'never')
    const ways = new Set([...waysFor(one.kind, messageUses, own), ...also])
    return [...ways].flatMap((name) => {
      if (!devices.has(name)) return []
      const those = devices.get(name)
      return (those ? (those.get(one.person) ?? []) : [null]).map((device) => ({ ...one, name, device, leaves }))
    })
  })
  if (rows.length === 0) return
  await tx.query(
    `INSERT INTO kernel.delivery (id, message, person, channel, kind, urgent, at, device, next_at, until)
     SELECT id, message, person, channel, kind, urgent, $9::timestamptz, device, leaves, leaves + $10 * interval '1 millisecond'
     FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::bool[], $7::timestamptz[], $8::uuid[]) AS g(id, message, person, channel, kind, urgent, leaves, device)
     ON CONFLICT (message, channel, device) DO NOTHING`,
    [
      rows.map(() => uuidv7()), rows.map((row) => row.id), rows.map((row) => row.person), rows.map((row) => row.name), rows.map((row) => row.kind),
      rows.map((row) => row.urgent), rows.map((row) => row.leaves.toISOString()), rows.map((row) => row.device), now.toISOString(), staleMs,
    ],
  )
} // prettier-ignore
/** When what is not urgent may leave. */
export const leavesAt = (now: Date, hospital: QuietHours, { quiet }: OwnMessaging): Date =>
  loudFrom(now, quiet ? [hospital, quiet] : [hospital])
