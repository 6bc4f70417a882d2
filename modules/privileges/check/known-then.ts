import type { ApiRecord } from '#model'
import type { Context } from '#kernel/server/context.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { recordsAsKnown } from '#kernel/server/records/as-known.ts'
import type { KnownThen } from './answer.ts'
import type { GrantFact, RegistrationFact, SuspensionFact } from './facts.rules.ts'
import type { LoadedProcedure, PersonFacts } from './load.ts'
import type { Memory } from './memory.ts'

/** The facts of one question as the house knew them at a moment: what an auditor and a court ask for. Modes and rule cards are today's. */
export async function factsAsKnown(
  kernel: Kernel,
  ctx: Context,
  memory: Memory,
  now: PersonFacts,
  procedures: readonly string[],
  knownAt: Date,
): Promise<KnownThen> {
  const { id } = now.practitioner
  const ofPerson = { field: 'practitioner', is: id }
  const [people, registrations, grants, suspensions, known] = await Promise.all([
    recordsAsKnown(kernel, ctx, 'staff.practitioner', { ids: [id] }, knownAt),
    recordsAsKnown(kernel, ctx, 'staff.registration', ofPerson, knownAt),
    recordsAsKnown(kernel, ctx, 'privileges.grant', ofPerson, knownAt),
    recordsAsKnown(kernel, ctx, 'privileges.suspension', ofPerson, knownAt),
    recordsAsKnown(kernel, ctx, 'privileges.procedure', { ids: procedures }, knownAt),
  ])
  const approved = <T>(records: ApiRecord[]): T[] => records.filter((r) => r.state === 'approved') as unknown as T[]
  const practitioner = approved<PersonFacts['practitioner']>(people)[0]
  const byId = new Map(approved<LoadedProcedure>(known).map((p) => [p.id, p]))
  return {
    person: practitioner
      ? {
          practitioner: { ...practitioner, leftOn: practitioner.status === 'left' ? now.practitioner.leftOn : null },
          registrations: approved<RegistrationFact>(registrations),
          grants: approved<GrantFact>(grants),
          suspensions: approved<SuspensionFact>(suspensions),
          identifiers: now.identifiers,
        }
      : null,
    procedure: (wanted) => {
      const then = byId.get(wanted)
      return then ? { ...then, standard: memory.procedures.get(wanted)?.standard ?? null } : null
    },
  }
}
