import type {
  AddressValue, CascadeNode, CommonOptions, DateRangeValue, Derived, Field, LocationValue, Total,
} from './field.ts' // prettier-ignore
import { make, simple, type Options } from './make.ts'
import type { RichNode } from './rich-text.ts'
import type { Filter } from '../filter/filter.ts'

export const time = simple<'time', string>('time')
export const year = simple<'year', number>('year')
/** `2026-05`. */
export const yearMonth = simple<'yearMonth', string>('yearMonth')
/** On or off, never open: a boolean that is off until somebody switches it. */
export const toggle = simple<'switch', boolean>('switch')
export const slider = simple<'slider', number>('slider')
export const rating = simple<'rating', number>('rating')
export const counter = simple<'counter', number>('counter')
export const colour = simple<'colour', string>('colour')
export const email = simple<'email', string>('email')
export const url = simple<'url', string>('url')
/** Write-only: whoever reads learns only that there is one. */
export const password = simple<'password', string>('password')
export const tags = simple<'tags', string[]>('tags')
export const dateRange = simple<'dateRange', DateRangeValue>('dateRange')
export const address = simple<'address', AddressValue>('address')
export const location = simple<'location', LocationValue>('location')
/** People, units and posts in one field. */
export const members = simple<'members', string[]>('members')
export const images = simple<'image', string[]>('image')
export const videos = simple<'video', string[]>('video')
export const audios = simple<'audio', string[]>('audio')
export const barcode = simple<'barcode', string>('barcode')
export const richText = simple<'richText', RichNode>('richText')

/** A sum of money: a string at the edge, exact inside; yuan and fen unless said otherwise. */
export function money<R extends boolean = false>(label: string, options: Options<'money', R> = {}): Field<'money', string, R> {
  return make('money', label, options, { scale: options.scale ?? 2 })
}
/** Choices in levels; the value is the way to the one chosen, `surgery/orthopaedics`. */
export function cascade<R extends boolean = false>(
  label: string,
  tree: readonly CascadeNode[],
  options: Options<'cascade', R> = {},
): Field<'cascade', string, R> {
  return make('cascade', label, options, { tree })
}
/** A place in a tree of records: `parent` is the field of the target that names the one above. */
export function tree<R extends boolean = false>(label: string, target: string, options: Options<'tree', R> = {}): Field<'tree', string, R> {
  return make('tree', label, options, { target, parent: options.parent ?? 'parent' })
}

/** Kind and options come from what it is derived from, when the definitions are put together. */
const derived = <V>(label: string, how: Derived, options: CommonOptions): Field<'text', V, false> =>
  make('text', label, { ...options, readOnly: true, derived: how })
/** Follows the living record at the end of a path through references: `practitioner.title`. (`from` copies once.) */
export function lookup<V = string>(label: string, path: string, options: CommonOptions = {}): Field<'text', V, false> {
  return derived(label, { lookup: path }, options)
}
/** Counts, or summarises `field` of, the approved and undeleted records of the type `of` whose field `by` points here. */
export function rollUp<V = number>(
  label: string,
  how: { of: string; by: string; how: Total; field?: string; where?: Filter },
  options: CommonOptions = {},
): Field<'text', V, false> {
  return derived(label, { rollUp: how }, options)
}
