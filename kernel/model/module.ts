import type { Flow } from './flow/definition.ts'
import type { Filter } from './filter/filter.ts'
import type { Resource } from './resource.ts'
import type { RuleCard } from './rules/card.ts'
import type { DeclaredPage } from './pages/page.ts'
import type { Reminder } from './reminders/definition.ts'
import type { RuleUse } from './rules/uses.ts'

export type Action = 'read' | 'create' | 'update' | 'delete' | 'import' | 'export' | 'purge' | 'audit' | 'writeDirectly' | 'close'
/** How far a right reaches: the rows it applies to. */
export type Scope = 'own' | 'myUnits' | 'myZone' | 'myCampus' | 'hospital' | Filter
export interface FieldRules {
  /** Neither shown nor filtered nor sorted by. */
  hide?: readonly string[]
  /** Shown masked; only whole values may be filtered. Protected fields are masked without being named here, except in one's own row. */
  mask?: readonly string[]
  /** Protected fields that this role sees plainly; highly sensitive ones it opens one by one. */
  show?: readonly string[] | 'all'
  /** Protected fields that it sees masked and opens one value at a time, for a reason that is kept. */
  open?: readonly string[] | 'all'
  /** Shown, not written. */
  readOnly?: readonly string[]
  /** To be filled in by this role, also where the type does not ask for it. */
  require?: readonly string[]
}
export interface Grant {
  /** A resource's name, or a right declared by a module. */
  readonly on: string
  readonly actions: readonly (Action | 'use')[]
  readonly scope: Scope
  readonly fields?: FieldRules
}

type Target = Resource | { readonly name: string }
const grant = (target: Target, actions: Grant['actions'], scope: Scope, fields?: FieldRules): Grant =>
  Object.freeze({ on: target.name, actions, scope, ...(fields ? { fields } : {}) })

/** Writes rights as sentences: `may.read(honour, 'myUnits')`. */
export const may = {
  read: (target: Target, scope: Scope = 'hospital', fields?: FieldRules) => grant(target, ['read'], scope, fields),
  readOwn: (target: Target, fields?: FieldRules) => grant(target, ['read'], 'own', fields),
  create: (target: Target, scope: Scope = 'own') => grant(target, ['create'], scope),
  update: (target: Target, scope: Scope = 'own', fields?: FieldRules) => grant(target, ['update'], scope, fields),
  delete: (target: Target, scope: Scope = 'own') => grant(target, ['delete'], scope),
  /** Writes a type under approval without one, for a reason that is audited. */
  writeDirectly: (target: Target, scope: Scope = 'hospital') => grant(target, ['writeDirectly'], scope),
  /** Out of the recycle bin for good. */
  purge: (target: Target, scope: Scope = 'hospital') => grant(target, ['purge'], scope),
  /** Closes its periods, and opens them again. */
  close: (target: Target) => grant(target, ['close'], 'hospital'),
  export: (target: Target, scope: Scope = 'hospital') => grant(target, ['export'], scope),
  all: (target: Target, scope: Scope = 'hospital', fields?: FieldRules) =>
    grant(target, ['read', 'create', 'update', 'delete', 'import', 'export'], scope, fields),
  /** Keeps records that are never deleted. */
  keep: (target: Target, scope: Scope = 'hospital', fields?: FieldRules) =>
    grant(target, ['read', 'create', 'update', 'import', 'export'], scope, fields),
  /** A right that is no record's: a page, a verb, an interface. */
  use: (right: string, scope: Scope = 'hospital') => grant({ name: right }, ['use'], scope),
}

export type MenuEntry =
  | {
      readonly kind: 'list'
      readonly resource: string
      readonly label?: string
      readonly icon?: string
      /** For those who read other people's records of it; one's own stand on one's own page. */
      readonly ofOthers?: boolean
    }
  | {
      readonly kind: 'page'
      readonly path: string
      readonly label: string
      readonly right: string
      readonly icon?: string
      readonly phone?: boolean
    }
  /** A drawn page, for those who may see it. */
  | { readonly kind: 'drawn'; readonly name: string; readonly label: string; readonly icon: string }
export interface MenuGroup {
  readonly label: string
  readonly entries: readonly MenuEntry[]
}
export const group = (label: string, entries: readonly MenuEntry[]): MenuGroup => ({ label, entries })
export const ledger = (target: Target, options: { label?: string; icon?: string; ofOthers?: boolean } = {}): MenuEntry => ({
  kind: 'list',
  resource: target.name,
  ...options,
})
export const page = (path: string, label: string, right: string, options: { icon?: string; phone?: boolean } = {}): MenuEntry => ({
  kind: 'page',
  path,
  label,
  right,
  ...options,
})

export interface ModuleSpec {
  label: string
  dependsOn?: readonly string[]
  resources?: readonly Resource[]
  flows?: readonly Flow<Filter>[]
  /** Role name → rights that this module adds to it. */
  roles?: Readonly<Record<string, readonly Grant[]>>
  /** Rights that are no record's, with their labels. */
  rights?: Readonly<Record<string, string>>
  menu?: readonly MenuGroup[]
  remind?: readonly Reminder[]
  /** Pages of figures: in force unless the hospital has drawn its own of that name. */
  pages?: readonly DeclaredPage[]
  /** The nation's rules of its field: shipped, read-only. */
  rules?: readonly RuleCard[]
  /** Where it reads a rule; steps of flows that name one need not be said again. */
  ruleUses?: readonly RuleUse[]
}
export interface Module extends ModuleSpec {
  readonly name: string
}
export const module = (name: string, spec: ModuleSpec): Module => Object.freeze({ name, ...spec })

/** What a large module says of one of its matters. */
export type ModulePart = Omit<ModuleSpec, 'label' | 'dependsOn'>
/** A module that declares its matters one by one; what they say is joined, menus of one label too. */
export function together(...parts: readonly ModulePart[]): ModulePart {
  const roles = new Map<string, Grant[]>()
  const menu = new Map<string, MenuEntry[]>()
  for (const part of parts) {
    for (const [name, grants] of Object.entries(part.roles ?? {})) roles.set(name, [...(roles.get(name) ?? []), ...grants])
    for (const { label, entries } of part.menu ?? []) menu.set(label, [...(menu.get(label) ?? []), ...entries])
  }
  const all = <T>(of: (part: ModulePart) => readonly T[] | undefined): T[] => parts.flatMap((part) => of(part) ?? [])
  return {
    resources: all((part) => part.resources),
    flows: all((part) => part.flows),
    roles: Object.fromEntries(roles),
    rights: Object.assign({}, ...parts.map(({ rights }) => rights)) as Record<string, string>,
    menu: [...menu].map(([label, entries]) => group(label, entries)),
    remind: all((part) => part.remind),
    pages: all((part) => part.pages),
    rules: all((part) => part.rules),
    ruleUses: all((part) => part.ruleUses),
  }
}

export interface RoleSpec {
  readonly name: string
  readonly label: string
  /** Officers of security: nobody holds two of them. */
  readonly officer?: 'system' | 'security' | 'audit'
  /** Every signed-in person holds it. */
  readonly everyone?: boolean
}
export const role = (name: string, label: string, options: Pick<RoleSpec, 'officer' | 'everyone'> = {}): RoleSpec =>
  Object.freeze({ name, label, ...options })
