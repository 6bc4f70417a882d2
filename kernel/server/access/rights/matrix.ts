import { today, type Action, type ResolvedResource, type RightsCell, type RightsGroup, type RightsLine, type RightsMatrix } from '#model'
import type { Kernel } from '../../kernel.ts'
import { actionLabels, type Access } from '../access.ts'
import { holdersOf } from './holders.ts'
import { reachWords, treatmentOf } from './words.ts'

export const actions = Object.keys(actionLabels) as Action[]
export const useLabel = '使用'

/** Every role with what it gives over every record type and right: of itself, without what everybody has anyway. */
export async function matrixOf(kernel: Kernel): Promise<RightsMatrix> {
  const { defs, access } = kernel
  const holders = holdersOf(await kernel.directory(), today(kernel.clock))
  const isHeld = (name: string) => holders.filter(({ roles }) => roles.includes(name)).length
  return {
    roles: [...defs.roles.values()].map(({ name, label, officer, everyone }) => ({
      name,
      label,
      officer: officer ?? null,
      everyone: everyone === true,
      people: everyone ? holders.length : isHeld(name),
    })),
    groups: groupsOf(kernel, (kind, name, label) => lineOf(access, kind, name, label)),
  }
}
/** Record types and rights in the order of the modules; modules with nothing are left out. */
export function groupsOf<T>(
  { defs }: Pick<Kernel, 'defs'>,
  make: (kind: RightsLine['kind'], name: string, label: string) => T,
): { module: string; label: string; lines: T[] }[] {
  return defs.modules.flatMap((m) => {
    const types = [...defs.resources.values()].filter((r) => r.name.split('.')[0] === m.name).map((r) => make('records', r.name, r.label))
    const rights = Object.entries(m.rights ?? {}).map(([name, label]) => make('right', name, label))
    const lines = [...types, ...rights]
    return lines.length ? [{ module: m.name, label: m.label, lines }] : []
  })
}
function lineOf(access: Access, kind: RightsLine['kind'], name: string, label: string): RightsGroup['lines'][number] {
  const cell = (role: string) => (kind === 'records' ? recordCell(access, role, access.defs.resource(name)) : rightCell(access, role, name))
  const cells = [...access.defs.roles.keys()].flatMap((role) => {
    const found = cell(role)
    return found.acts.length ? [[role, found] as const] : []
  })
  return { name, label, kind, cells: Object.fromEntries(cells) }
}

/** What one role alone gives over a record type. */
export function recordCell(access: Access, role: string, r: ResolvedResource): RightsCell {
  const may = (action: Action) => access.derive([role], action, r)
  const acts = actions.flatMap((action) =>
    may(action) ? [{ action, label: actionLabels[action], scope: reachOf(access, [role], action, r) }] : [],
  )
  return { acts, fields: treatmentOf(r, may('read'), may('update') ?? may('create'), reachOf(access, [role], 'read', r)) }
}
function rightCell(access: Access, role: string, right: string): RightsCell {
  const acts = givesRight(access, role, right)
    ? [{ action: 'use' as const, label: useLabel, scope: rightReach(access, [role], right) }]
    : []
  return { acts, fields: { hidden: [], masked: [], openable: [], plain: [], readOnly: [] } }
}

/** Which rows these roles reach with an action, in words. */
export const reachOf = (access: Access, roles: readonly string[], action: Action, r: ResolvedResource): string =>
  reachWords(access.defs, r, roles.flatMap((role) => access.grantsOf(role, r.name)).filter((g) => g.actions.includes(action))) // prettier-ignore
export const givesRight = (access: Access, role: string, right: string): boolean =>
  access.grantsOf(role, right).some((g) => g.actions.includes('use'))
export const rightReach = (access: Access, roles: readonly string[], right: string): string =>
  reachWords(access.defs, null, roles.flatMap((role) => access.grantsOf(role, right))) // prettier-ignore
