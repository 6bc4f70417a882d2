import type { MessageChannel, MessageKind } from './messaging/kinds.ts'
import type { MessageUses, MessagingSettings, OwnMessaging } from './messaging/settings.ts'

/** GET /api/messages/ways: which way one is told what, and may be. */
export interface OwnWays {
  uses: MessageUses
  own: OwnMessaging
  ways: OwnWay[]
}
export interface OwnWay {
  channel: MessageChannel
  /** Where it goes, as much as may be shown; null: nowhere yet. */
  address: string | null
  /** Why it brings nothing, in words; null: it works. */
  obstacle: string | null
}
/** GET /api/messages/push: the browsers that are told while no page is open. */
export interface OwnPush {
  /** The hospital's public key, by which a browser lets it send (RFC 8292); null: nothing is pushed here. */
  key: string | null
  devices: PushDevice[]
}
export interface PushDevice {
  id: string
  /** As a person would call it. */
  device: string
  at: string
}
/** GET /api/messaging */
export interface MessagingAnswer {
  settings: MessagingSettings
  /** Which ways the installation has. */
  installed: MessageChannel[]
  /** As it is called in the texts. */
  hospital: string
  /** Under which address people reach the product; null: the installation has told none, so that what leaves leads nowhere. */
  address: string | null
}

/** What became of a message by one way. */
export const deliveryStates = { waiting: '待发', sent: '已发出', failed: '未发出', dropped: '不必发' } as const
export type DeliveryState = keyof typeof deliveryStates
/** GET /api/deliveries */
export interface DeliveryItem {
  id: string
  at: string
  person: string
  personName: string
  channel: MessageChannel
  kind: MessageKind
  state: DeliveryState
  tries: number
  /** When it leaves, or is tried again, while it waits. */
  nextAt: string
  doneAt: string | null
  problem: string | null
}
