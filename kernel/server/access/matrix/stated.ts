// How the list of routes says who may call one.
import type { Action } from '#model'

export type Stated =
  /** Strangers too. */
  | { kind: 'public' }
  /** Whoever is signed in, about his own affairs; `owing`: also while he owes a password. Programs never. */
  | { kind: 'mine'; owing?: true }
  /** Whoever holds one of these rights; `people`: programs never. */
  | { kind: 'right'; rights: readonly string[]; people?: true }
  /** Whoever holds these actions over the record type in the address; `people`: programs never. */
  | { kind: 'type'; actions: readonly Action[]; people?: true }
  /** Whoever may name records of the type: who reads it, or writes or reads what refers to it. */
  | { kind: 'naming' }
  /** Programs only, each flow by a right of its own. */
  | { kind: 'program' }
export interface RouteCase {
  stated: Stated
  /** What must be said for the question of rights to be reached. */
  query?: string
  body?: Record<string, unknown>
  /** A file is sent. */
  file?: true
  /** The answer has no end: only refusals are looked at. */
  endless?: true
  /** Ends the session that asks. */
  last?: true
}
export type More = Omit<RouteCase, 'stated'>

export const open = (more: More = {}): RouteCase => ({ stated: { kind: 'public' }, ...more })
export const mine = (more: More = {}): RouteCase => ({ stated: { kind: 'mine' }, ...more })
export const owing = (more: More = {}): RouteCase => ({ stated: { kind: 'mine', owing: true }, ...more })
export const right = (name: string, more: More = {}): RouteCase => ({ stated: { kind: 'right', rights: [name] }, ...more })
export const over = (actions: Action | readonly Action[], more: More = {}): RouteCase => ({
  stated: { kind: 'type', actions: [actions].flat(), people: true },
  ...more,
})
export const overOrProgram = (action: Action, more: More = {}): RouteCase => ({ stated: { kind: 'type', actions: [action] }, ...more })
export const program = (): RouteCase => ({ stated: { kind: 'program' } })

export const id = '018f0000-0000-7000-8000-000000000001'
export const other = '018f0000-0000-7000-8000-000000000002'
export const share = { kind: 'records', audience: 'inside', records: [id], fields: ['code'], days: 7 }
