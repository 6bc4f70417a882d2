import { isProtected } from '#model'
import type { Definitions, Grant } from '#model'

/** Why a role is given only when a second officer agrees: it is one of the three officers', or it reaches beyond departments. */
export type RoleGuard = 'officer' | 'wide'

const held = new WeakMap<Definitions, ReadonlyMap<string, RoleGuard>>()
/** The guard of a role; null where the officer who keeps roles gives it alone. */
export function guardOf(defs: Definitions, role: unknown): RoleGuard | null {
  let guards = held.get(defs)
  if (!guards) held.set(defs, (guards = guardsOf(defs)))
  return guards.get(role as string) ?? null
}
function guardsOf(defs: Definitions): Map<string, RoleGuard> {
  const guards = new Map<string, RoleGuard>()
  for (const m of defs.modules)
    for (const [role, grants] of Object.entries(m.roles ?? {})) if (grants.some((grant) => isWide(defs, grant))) guards.set(role, 'wide')
  for (const { name, officer } of defs.roles.values()) if (officer) guards.set(name, 'officer')
  return guards
}
// Whoever draws record types says who has which of them.
const givesRights: ReadonlySet<string> = new Set(['designs.administer'])
/** Reaches all departments: protected values, what it may change, or the giving of rights. */
function isWide(defs: Definitions, { on, actions, scope }: Grant): boolean {
  if (givesRights.has(on)) return true
  const resource = defs.resources.get(on)
  if (!resource || scope === 'own' || scope === 'myUnits') return false
  return actions.some((action) => action !== 'read') || Object.values(resource.fields).some(isProtected)
}
