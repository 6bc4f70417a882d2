import {
  invalid,
  messageChannelNames,
  messageChannels,
  noWishes,
  readOwnMessaging,
  type OwnMessaging,
  type OwnWay,
  type OwnWays,
} from '#model'
import { personOf, type Context } from '../context.ts'
import type { Queryable } from '../database/database.ts'
import type { Kernel } from '../kernel.ts'
import { keepPreference, preferencesOf } from '../preferences.ts'
import { messaging, readSet } from '../settings.ts'
import type { Channel } from './channels/channel.ts'

const preference = 'messaging'
/** What these people wish for themselves; who wishes nothing is left out. */
export const wishesOf = (db: Queryable, people: readonly string[]): Promise<Map<string, OwnMessaging>> =>
  preferencesOf(db, people, preference)

/** By which ways one is told what, and where each of them leads. */
export async function ownWays(kernel: Kernel, ctx: Context, channels: readonly Channel[]): Promise<OwnWays> {
  const person = personOf(ctx.actor)!
  const { messageUses } = await readSet(kernel.db, messaging)
  const own = (await wishesOf(kernel.db, [person])).get(person) ?? noWishes
  const ways = await Promise.all(
    messageChannelNames.map(async (name): Promise<OwnWay> => {
      const channel = channels.find((one) => one.name === name)
      if (!channel) return { channel: name, address: null, obstacle: `医院还没有接入${messageChannels[name]}` }
      if (channel.devicesOf) {
        const { length } = (await channel.devicesOf(kernel.db, [person])).get(person) ?? []
        return length ? { channel: name, address: `已开启 ${length} 个`, obstacle: null } : { channel: name, address: null, obstacle: channel.noAddress }
      }
      const address = (await channel.addressesOf(kernel, [person])).get(person)
      return address === undefined ? { channel: name, address: null, obstacle: channel.noAddress } : { channel: name, address: channel.mask(address), obstacle: null }
    }),
  )
  return { uses: messageUses, own, ways }
} // prettier-ignore

/** Keeps what one wishes for oneself. */
export async function keepWishes(kernel: Kernel, account: string, draft: unknown): Promise<OwnMessaging> {
  const { own, problems } = readOwnMessaging(draft)
  if (!own) throw invalid(problems)
  await keepPreference(kernel, account, preference, own)
  return own
}
