import type { QuietHours } from '../clock/quiet.ts'
import type { FieldProblem } from '../refusals.ts'
import { channelUseNames, messageChannelNames, messageKindNames, type ChannelUse, type MessageChannel, type MessageKind } from './kinds.ts'
import { defaultTemplates, templateParts, templateProblem, type Template } from './templates.ts'

export type MessageUses = Readonly<Record<MessageKind, Readonly<Record<MessageChannel, ChannelUse>>>>
/** How the hospital tells its people what happens: which way for what, in which words. */
export interface MessagingSettings {
  messageUses: MessageUses
  messageTemplates: Readonly<Record<MessageChannel, Template>>
  /** Whether texts outside say more than the title: what leaves the house is read on lock screens and by other companies. */
  messageBodies: boolean
}
/** Whoever switches a browser on has wished for it: what it is told of is not asked once more. */
const uses = (wecom: ChannelUse, sms: ChannelUse, email: ChannelUse, push: ChannelUse) => ({ wecom, sms, email, push })
export const defaultMessaging: MessagingSettings = {
  messageUses: {
    task: uses('on', 'never', 'offered', 'on'),
    urge: uses('on', 'offered', 'offered', 'on'),
    result: uses('on', 'never', 'offered', 'on'),
    copy: uses('offered', 'never', 'offered', 'offered'),
    reminder: uses('on', 'never', 'on', 'on'),
    notice: uses('on', 'offered', 'offered', 'on'),
    conversation: uses('offered', 'never', 'never', 'on'),
    security: uses('always', 'never', 'on', 'on'),
    other: uses('offered', 'never', 'offered', 'offered'),
  },
  messageTemplates: defaultTemplates,
  messageBodies: false,
}
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
const part = (value: unknown, key: string): unknown => (isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined)
/** An object with exactly these keys, each read. */
const each = <K extends string, T>(keys: readonly K[], read: (key: K) => T): Record<K, T> =>
  Object.fromEntries(keys.map((key) => [key, read(key)])) as Record<K, T>

/** Settings of messaging as they come from outside; what is wrong is named by its path. */
export function readMessagingDraft(draft: unknown): { settings: MessagingSettings | null; problems: FieldProblem[] } {
  const problems: FieldProblem[] = []
  const given = part(draft, 'messageUses')
  const messageUses = each(messageKindNames, (kind) =>
    each(messageChannelNames, (channel) => {
      const use = part(part(given, kind), channel)
      if (!channelUseNames.includes(use as ChannelUse)) problems.push({ field: `messageUses.${kind}.${channel}`, message: '请选择' })
      return use as ChannelUse
    }),
  )
  const templates = part(draft, 'messageTemplates')
  const messageTemplates = each(messageChannelNames, (channel) => {
    const parts: Partial<Record<keyof Template, { max: number }>> = templateParts[channel]
    const read = (key: keyof Template): string => {
      const text = part(part(templates, channel), key)
      const max = parts[key]?.max
      if (max === undefined) return ''
      const problem = typeof text === 'string' ? templateProblem(text, max) : '请填写'
      if (problem) problems.push({ field: `messageTemplates.${channel}.${key}`, message: problem })
      return text as string
    }
    return { title: read('title'), text: read('text') }
  })
  const settings = { messageUses, messageTemplates, messageBodies: part(draft, 'messageBodies') === true }
  return { settings: problems.length ? null : settings, problems }
}

/** What somebody wishes for himself. Only what differs from the hospital's is kept. */
export interface OwnMessaging {
  uses: Partial<Record<MessageKind, Partial<Record<MessageChannel, boolean>>>>
  /** Beside the hospital's; null: none of his own. */
  quiet: QuietHours | null
}
export const noWishes: OwnMessaging = { uses: {}, quiet: null }
const isMinutes = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0 && (value as number) < 24 * 60
/** Somebody's wishes as they come from outside; what nobody may choose is left out. */
export function readOwnMessaging(draft: unknown): { own: OwnMessaging | null; problems: FieldProblem[] } {
  const given = part(draft, 'uses')
  const chosen: Partial<Record<MessageKind, Partial<Record<MessageChannel, boolean>>>> = {}
  for (const kind of messageKindNames)
    for (const channel of messageChannelNames) {
      const wish = part(part(given, kind), channel)
      if (typeof wish === 'boolean') chosen[kind] = { ...chosen[kind], [channel]: wish }
    }
  const quiet = part(draft, 'quiet') ?? null
  if (quiet === null) return { own: { uses: chosen, quiet: null }, problems: [] }
  const [from, to] = [part(quiet, 'from'), part(quiet, 'to')]
  if (isMinutes(from) && isMinutes(to) && from !== to) return { own: { uses: chosen, quiet: { from, to } }, problems: [] }
  return { own: null, problems: [{ field: 'quiet', message: '请填写起止时间，起止不能相同' }] }
}

/** By which ways somebody is told of a kind. */
export function waysFor(kind: MessageKind, uses: MessageUses, own: OwnMessaging): MessageChannel[] {
  return messageChannelNames.filter((channel) => {
    const use = uses[kind][channel]
    if (use === 'never' || use === 'always') return use === 'always'
    return own.uses[kind]?.[channel] ?? use === 'on'
  })
}
