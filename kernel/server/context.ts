import type { Clock } from '#model'
import type { ClientFields } from './access/clients/client.ts'
import type { DirectorySnapshot } from './directory/snapshot.ts'
import type { Queryable } from './database/database.ts'

/** Who acts. Required everywhere: nobody means nothing. */
export type Actor =
  | { readonly kind: 'person'; readonly person: string; readonly account: string; readonly name: string; readonly roles: readonly string[] }
  /** Another program, by its key. */
  | {
      readonly kind: 'client'
      readonly client: string
      readonly name: string
      /** Names of rights, and `action:resource`. */
      readonly rights: ReadonlySet<string>
      /** By resource. */
      readonly fields: ReadonlyMap<string, ClientFields>
    }
  /** The program itself, and why. */
  | { readonly kind: 'system'; readonly reason: string }

/** All that one act carries along. */
export interface Context {
  readonly actor: Actor
  readonly db: Queryable
  readonly clock: Clock
  /** Through which door: web, phone, api, import, command line, system. */
  readonly origin: string
  readonly address: string | null
  readonly directory: DirectorySnapshot
  /** Set where records are read as they were on a day: the units as they stood then, nothing else. */
  readonly asOf?: { readonly day: string; readonly directory: DirectorySnapshot }
  /** In whose place the actor acts. */
  readonly onBehalfOf?: string | null
  /** Runs when the act's transaction has committed; the act's answer waits for it. Must not fail. */
  readonly afterCommit: (() => void | Promise<void>)[]
}

export const personOf = (actor: Actor): string | null => (actor.kind === 'person' ? actor.person : null)
export const nameOfActor = (actor: Actor): string => (actor.kind === 'system' ? `系统（${actor.reason}）` : actor.name)
