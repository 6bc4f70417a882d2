import type { Definitions } from '../definitions.ts'
import type { FieldProblem } from '../refusals.ts'

/** What the hospital makes itself, by kind. */
export const designKinds = {
  type: '记录类型',
  overlay: '内置类型的调整',
  print: '打印模板',
  page: '页面',
  automation: '自动化',
} as const
export type DesignKindName = keyof typeof designKinds
export const isDesignKind = (given: unknown): given is DesignKindName => typeof given === 'string' && Object.hasOwn(designKinds, given)

/** How the designs of one kind are read, proved and told apart. Pure: the same in the editor and before publishing. */
export interface DesignKind<T> {
  readonly kind: DesignKindName
  /** As it comes from outside, with what is absent filled in; throws `invalid` naming each place when it is none. What its names mean is `prove`'s matter. */
  read(given: unknown): T
  /** What keeps it from being published under these definitions, which have it in force already; each at its place. `product` is what the program itself declares. */
  prove(defs: Definitions, name: string, value: T, product: Definitions): FieldProblem[]
  /** How the second differs from the first, in words; null is none. `defs` say what names are called. */
  words(defs: Definitions, name: string, before: T | null, after: T | null): string[]
  /** What people call this one. */
  label(defs: Definitions, name: string, value: T): string
  /** What of the product may be changed by one: its name and label. Nothing where a design is always the hospital's own. */
  offered(product: Definitions): { name: string; label: string }[]
  /** What an empty one begins with, of a thing of the product. */
  empty?(product: Definitions, name: string): T
  /** Whether a hospital may begin one of its own under a new name, or only change what is there. */
  readonly isMade: boolean
}

/** One piece of what is in force. */
export interface DesignInForce {
  readonly kind: DesignKindName
  readonly name: string
  readonly version: number
  readonly content: unknown
}
