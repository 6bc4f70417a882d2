import { deliveryStates, isUuid, messageChannels, Refusal, type DeliveryItem } from '#model'
import { isSecure } from '../access/outside/address.ts'
import type { SignInWays } from '../access/outside/from-environment.ts'
import { audit } from '../audit/audit.ts'
import type { Context } from '../context.ts'
import { repeatEvery } from '../jobs/outbox.ts'
import type { Kernel } from '../kernel.ts'
import type { Channel } from './channels/channel.ts'
import { EmailChannel } from './channels/email.ts'
import { PushChannel } from './channels/push.ts'
import { SmsChannel } from './channels/sms.ts'
import { WecomChannel } from './channels/wecom.ts'
import { deliverDue } from './deliver.ts'
import { dispatchNew } from './dispatch.ts'

/** The ways out of the page that the installation has. */
export const channelsOf = (
  kernel: Kernel,
  { wecom, sms, mail, publicUrl }: Pick<SignInWays, 'wecom' | 'sms' | 'mail' | 'publicUrl'>,
): Channel[] => [
  ...(wecom ? [new WecomChannel(wecom)] : []),
  ...(sms ? [new SmsChannel(sms)] : []),
  ...(mail ? [new EmailChannel(mail)] : []),
  // Browsers run what shows it from a secure address alone.
  ...(publicUrl && isSecure(publicUrl) ? [new PushChannel(kernel, publicUrl)] : []),
]
/** Sends as long as the process runs; no way waits for another. */
export function startMessaging(kernel: Kernel, channels: readonly Channel[], publicUrl: string | null, onError: (error: unknown) => void): () => Promise<void> {
  let isStopping = false
  const round = (work: () => Promise<number>) => repeatEvery(500, async () => { while (!isStopping && (await work())); }, onError)
  const stops = [round(() => dispatchNew(kernel, channels)), ...channels.map((channel) => round(() => deliverDue(kernel, channel, publicUrl)))]
  return async () => {
    isStopping = true
    await Promise.all(stops.map((stop) => stop()))
  }
} // prettier-ignore

export interface DeliveryQuestion {
  state?: string
  channel?: string
  person?: string
  /** A delivery's id: those before it. */
  before?: string
}
const page = 50
/** What left the page and what became of it, newest first; neither words nor addresses. */
export async function listDeliveries(ctx: Context, { state = '', channel = '', person, before }: DeliveryQuestion): Promise<DeliveryItem[]> {
  const rows = await ctx.db.query<Omit<DeliveryItem, 'personName'> & object>(
    `SELECT id, at, person, channel, kind, state, tries, next_at AS "nextAt", done_at AS "doneAt", problem FROM kernel.delivery d
     WHERE ($1::text IS NULL OR state = $1) AND ($2::text IS NULL OR channel = $2) AND ($3::uuid IS NULL OR person = $3)
       AND ($4::uuid IS NULL OR (at, id) < (SELECT at, id FROM kernel.delivery WHERE id = $4)) ORDER BY at DESC, id DESC LIMIT ${page}`,
    [Object.hasOwn(deliveryStates, state) ? state : null, Object.hasOwn(messageChannels, channel) ? channel : null, isUuid(person) ? person : null, isUuid(before) ? before : null],
  )
  return rows.map((row) => ({ ...row, personName: ctx.directory.nameOf(row.person) }))
} // prettier-ignore

/** Tries once more what did not come through. */
export async function sendAgain(kernel: Kernel, ctx: Context, id: string): Promise<void> {
  await kernel.transaction(ctx, async (tx) => {
    const now = tx.clock.now()
    const [row] = await tx.db.query<{ person: string; channel: string }>(
      `UPDATE kernel.delivery SET state = 'waiting', next_at = $2, until = $3, tries = 0, done_at = NULL, problem = NULL WHERE id = $1::uuid AND state = 'failed' RETURNING person, channel`,
      [id, now.toISOString(), new Date(now.getTime() + 24 * 3_600_000).toISOString()],
    )
    if (!row) throw new Refusal('notFound', '这条消息已经发出，或不必再发')
    await audit(tx, { act: 'message.again', outcome: 'done', detail: { delivery: id, ...row } })
  })
}
