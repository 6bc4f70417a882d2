import { apply } from './apply.ts'
import type { PersonId } from './definition.ts'
import type { Decided } from './engine.ts'

/** What an opinion carries beside its words. */
export interface Remark {
  /** File ids of pictures. */
  readonly pictures: readonly string[]
  /** People named in it: each is told, and may read the request from then on. */
  readonly mentions: readonly PersonId[]
}

/** Adds what an opinion carries to an act that was decided; a repeated one carries it already. */
export function remark(decided: Decided, said: Remark, by: { at: string; actId: string; actor: PersonId }): Decided {
  if (!decided.ok || decided.repeated || said.pictures.length + said.mentions.length === 0) return decided
  const { at, actId, actor } = by
  const { pictures, mentions } = said
  const event = Object.freeze({ type: 'remarked' as const, pictures, mentions: [...new Set(mentions)], at, actId, actor })
  return { ...decided, events: [...decided.events, event], state: apply(decided.state, event) }
}
