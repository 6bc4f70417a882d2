import { today } from '#model'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'

/** A context in which a person's present rights hold, for what happens in his name while he is not there; null when he works here no more. */
export async function contextOfPerson(
  kernel: Kernel,
  person: string,
  origin: string,
  more: { address?: string | null } = {},
): Promise<Context | null> {
  const directory = await kernel.directory()
  if (!directory.isActive(person)) return null
  const actor = {
    kind: 'person',
    person,
    account: '',
    name: directory.nameOf(person),
    roles: directory.rolesOf(person, today(kernel.clock)),
  } as const
  return kernel.contextIn(directory, actor, origin, more)
}
