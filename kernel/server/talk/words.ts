import type { Unreadability } from '#model'
import type { Context } from '../context.ts'
import type { Queryable } from '../database/database.ts'
import type { Kernel } from '../kernel.ts'
import { sealUnder, type Place } from '../protection/cipher.ts'
import { Unreadable } from '../protection/subject-keys.ts'

/** What of a message is sealed. */
export interface Words {
  text: string
  /** Seconds of a voice message. */
  voice?: number
}
export const memberTable = 'kernel.talk_member'
const placeOf = (message: string): Place => ({ resource: 'kernel.talk_message', record: message, field: 'words' })

/** Seals a message's words under the key of its author's membership, made where there is none; within the transaction that stores them. */
export async function sealWords(kernel: Kernel, tx: Context, { member, message }: { member: string; message: string }, words: Words): Promise<Buffer> {
  const key = (await kernel.subjectKeys.needed(tx.db, [member], 'person')).get(member)!
  return sealUnder(key, placeOf(message), JSON.stringify(words))
} // prettier-ignore
const nothing: Words = { text: '' }
/** Opens the words of these messages; those that were taken back, or do not open, are empty. */
export async function openWords(
  kernel: Kernel,
  db: Queryable,
  messages: readonly { id: string; words: Buffer | null }[],
): Promise<Map<string, { words: Words; unreadable: Unreadability | null }>> {
  const opener = await kernel.subjectKeys.opener(db, messages.flatMap(({ words }) => words ?? [])) // prettier-ignore
  return new Map(
    messages.map(({ id, words }) => {
      const opened = words === null ? null : opener.tryOpen(placeOf(id), words)
      if (opened === null) return [id, { words: nothing, unreadable: null }]
      return [id, opened instanceof Unreadable ? { words: nothing, unreadable: opened.why } : { words: JSON.parse(opened) as Words, unreadable: null }]
    }),
  ) // prettier-ignore
}
