import type { MomentWord } from '../fields/moment-words.ts'

/** What a button writes into a field: a constant, a word of the moment, or a value worked out of the record. */
export type ButtonValue = { readonly value: unknown } | { readonly word: keyof typeof buttonWords } | { readonly expression: string }
export const buttonWords = { today: '今天', now: '现在', me: '本人', myUnit: '本人科室', empty: '清空' } as const satisfies Record<
  MomentWord | 'empty',
  string
>

/** What pressing does: sets fields (on a type under approval: asks for that change), begins a record of a type with values taken from this one, opens an address, or prints. */
export type ButtonWork =
  | { readonly set: Readonly<Record<string, ButtonValue>> }
  | { readonly begin: string; readonly fill: Readonly<Record<string, string>> }
  | { readonly open: string }
  | { readonly print: string }

/** Does it open one page for all that are chosen? `{ids}` stands for them, separated by commas; for the one record where it is pressed on one. */
export const opensMany = (does: ButtonWork): does is { readonly open: string } => 'open' in does && does.open.includes('{ids}')

/** An act of one's own on a record. */
export interface ActionButton {
  readonly name: string
  readonly label: string
  /** CEL over the record: it is offered where this holds; always when not said. */
  readonly when?: string
  /** Asked before. */
  readonly confirm?: string
  /** Also for all that are chosen in a list. */
  readonly many?: boolean
  readonly does: ButtonWork
}
