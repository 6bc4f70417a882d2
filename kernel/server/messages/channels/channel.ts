import type { MessageChannel } from '#model'
import type { Queryable } from '../../database/database.ts'
import type { Kernel } from '../../kernel.ts'

/** One message on its way to one person. */
export interface Parcel {
  /** Of the delivery: the same however often it is sent. */
  id: string
  /** The message's: by whatever way it comes to a device, it is the same. */
  message: string
  address: string
}
/** The words as the hospital's template makes them. `title` is empty where the way has none. */
export interface Words {
  title: string
  text: string
  /** The page's address; null: the message leads nowhere, or nobody has said under which address this house is known. */
  link: string | null
}
/** `taken`: the way has it · `refused`: it will never take it · `gone`: the address is none any more · `away`: to be tried again · `unsure`: it was handed over, and no answer came for so long that it is not sent again. */
export type Became = 'taken' | 'refused' | 'gone' | 'away' | 'unsure'

/** A way out of the page. */
export interface Channel {
  readonly name: MessageChannel
  /** So many with the same words go in one call. */
  readonly atOnce: number
  /** So many calls at the same time. */
  readonly calls: number
  /** No call takes longer, ms. */
  readonly patienceMs: number
  /** Longest words that it takes, characters. */
  readonly longest: { title: number; text: number }
  /** What of these people it reaches, where that is not themselves but several devices of each: every one is told by itself, and `addressesOf` is asked for devices. */
  devicesOf?(db: Queryable, people: readonly string[]): Promise<Map<string, string[]>>
  /** Where these people are reached; who is not, is left out. */
  addressesOf(kernel: Kernel, people: readonly string[]): Promise<Map<string, string>>
  /** What one may see of an address of one's own. */
  mask(address: string): string
  /** What keeps somebody from being reached this way, in words. */
  readonly noAddress: string
  /** Never fails. What became of each, in their order. */
  send(parcels: readonly Parcel[], words: Words): Promise<Became[]>
}
