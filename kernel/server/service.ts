import type { ApiRecord, FieldProblem } from '#model'
import type { Context } from './context.ts'
import type { ImportProfile } from './exchange/profile.ts'
import type { Server } from './http/server.ts'
import type { Kernel } from './kernel.ts'

/** What a flow hands to the module when lines are passed; runs in the transaction of the last decision. */
export interface FlowEffect {
  instance: string
  number: string
  resource: string
  record: ApiRecord
  /** Row ids of the passed lines and what hangs on them. */
  items: readonly { item: string; narrowTo?: unknown; supervisedCases?: number }[]
  /** The chain's last decision, for the basis of what is made. */
  decidedOn: string
  basis: string | null
  scan: string | null
}
/** What a service step hands to the function it names. */
export interface FlowCall {
  key: string
  instance: string
  number: string
  resource: string
  record: string
}
/** Something that has happened and is committed; told at least once, so handlers are idempotent by (seq, handler). */
export interface OutboxEvent {
  seq: number
  at: string
  topic: string
  resource: string | null
  record: string | null
  payload: Record<string, unknown>
}

/** `values` as they would be stored; `stored` as the record is now, null for a new one. */
export type RecordCheck = (
  kernel: Kernel,
  ctx: Context,
  values: Readonly<Record<string, unknown>>,
  stored: ApiRecord | null,
) => Promise<readonly FieldProblem[]>

/** What is written along with a record, of what only the system fills in; `values` and `stored` as for a check. */
export type WrittenAlong = (kernel: Kernel, ctx: Context, values: Readonly<Record<string, unknown>>, stored: ApiRecord | null) => Readonly<Record<string, unknown>> // prettier-ignore

type Draft = Readonly<Record<string, unknown>>
export interface PreparedRequests {
  readonly right: string
  complete(kernel: Kernel, ctx: Context, draft: Draft, person: string): Promise<Draft>
}

/** Behaviour of a module: found by its file's name (`*.service.ts`), default-exported, unknown names stop the start. */
export interface Service {
  /** `module.noun`. */
  readonly name: string
  routes?(server: Server): void | Promise<void>
  /** Functions that flows name as their effect. */
  readonly effects?: Readonly<Record<string, (kernel: Kernel, ctx: Context, effect: FlowEffect) => Promise<void>>>
  /** Functions that a flow's service steps call, after commit, at least once: `key` is the same in every repetition. A thrown error is tried again, then an incident. */
  readonly calls?: Readonly<Record<string, (kernel: Kernel, call: FlowCall) => Promise<void>>>
  /** Handlers of committed events, by resource (table owner's name) or topic. */
  readonly on?: Readonly<Record<string, (kernel: Kernel, event: OutboxEvent) => Promise<void>>>
  /** Checks of a record beyond its declaration, by resource, in the transaction of the write: what is wrong, each at its field. */
  readonly checks?: Readonly<Record<string, RecordCheck>>
  /** What follows at once as a new record begins to hold, by resource, in the transaction that makes it hold; what it throws refuses the record. */
  readonly begins?: Readonly<Record<string, (kernel: Kernel, ctx: Context, record: ApiRecord) => Promise<void>>>
  /** Why a record may not be deleted, in words, by resource; null: it may. */
  readonly keeps?: Readonly<Record<string, (stored: ApiRecord) => string | null>>
  /** Written in the same act as a record, by resource, out of what has changed: who did what when, how it stands. Checks see it. */
  readonly along?: Readonly<Record<string, WrittenAlong>>
  /** Requests that may be filled in for somebody else, by resource: the right to sign them, and what a draft becomes as it is submitted. */
  readonly prepared?: Readonly<Record<string, PreparedRequests>>
  /** Other ways to a file than the records that hold it (`records`: some of them): does the actor see it there? */
  showsFile?(kernel: Kernel, ctx: Context, file: string, records: readonly string[]): Promise<boolean>
  /** Imports with a meaning of their own. */
  readonly imports?: readonly ImportProfile[]
  /** Runs when the process starts; answers how to stop. */
  start?(kernel: Kernel): Promise<(() => Promise<void>) | undefined>
  /** Once a day, on one process. */
  readonly daily?: Readonly<Record<string, (kernel: Kernel) => Promise<void>>>
  /** Twice a minute, on every process that schedules: what it does once it claims (`claimSlot`). */
  readonly often?: (kernel: Kernel) => Promise<void>
}
export const service = (spec: Service): Service => spec
