import type { ResolvedResource } from './definitions.ts'
import type { Choices, Field, Fields } from './fields/field.ts'
import { make, type Options } from './fields/make.ts'
import type { Module, RoleSpec } from './module.ts'

/** Names that only the whole of the definitions knows: rights of programs (several), a type of record, a role that is given (one). */
export type NamesOf = 'rights' | 'resource' | 'role'

/** A choice among names of the definitions themselves; what is offered is filled in when they are put together. */
export function namesOf<R extends boolean = false>(
  of: 'rights',
  label: string,
  options?: Options<'choices', R>,
): Field<'choices', string[], R>
export function namesOf<R extends boolean = false>(
  of: 'resource' | 'role',
  label: string,
  options?: Options<'choice', R>,
): Field<'choice', string, R>
export function namesOf(of: NamesOf, label: string, options: object = {}): Field {
  return make<'choice' | 'choices', unknown, boolean>(of === 'rights' ? 'choices' : 'choice', label, options, { choices: {}, of })
}

// Who may do what stays with people: no program gives itself rights.
const isOpen = (name: string): boolean => !name.startsWith('security.') && name !== 'directory.roleAssignment'

/** Fills in what `namesOf` fields offer. */
export function resolveNames(
  resources: ReadonlyMap<string, ResolvedResource>,
  modules: readonly Module[],
  roles: readonly RoleSpec[],
): Map<string, ResolvedResource> {
  const labelled = (name: string, label: string): string => {
    const of = modules.find((m) => m.name === name.split('.')[0])?.label
    return of ? `${of} · ${label}` : label
  }
  const rights = modules.flatMap((m) => Object.entries(m.rights ?? {})).map(([name, label]) => [name, labelled(name, label)] as const)
  const flows = modules
    .flatMap((m) => m.flows ?? [])
    .flatMap(({ name, label }) => [[`flows.start:${name}`, `发起审批 · ${label}`], [`flows.act:${name}`, `代人审批 · ${label}`]] as const) // prettier-ignore
  const open = (list: readonly (readonly [string, string])[]): Choices => Object.fromEntries(list.filter(([name]) => isOpen(name)))
  const offered: Record<NamesOf, Choices> = {
    rights: open([...rights, ...flows]),
    role: Object.fromEntries(roles.filter(({ everyone }) => !everyone).map(({ name, label }) => [name, label])),
    resource: open([...resources.values()].map((r) => [r.name, labelled(r.name, r.label)] as const)),
  }
  return new Map([...resources].map(([name, r]) => [name, hasNames(r.fields) ? filled(r, offered) : r]))
}
/** What is wrong with a number of a record: the other field must name its type. */
export function proveIdOf(fields: Fields, field: Field, report: (what: string) => void): void {
  const { idOf } = field.options as { idOf?: string }
  const other = idOf === undefined ? undefined : fields[idOf]
  if (idOf !== undefined && !(other && ofField(other) === 'resource')) report(`"${idOf}" names no record type`)
}
const ofField = (field: Field): NamesOf | undefined => (field.options as { of?: NamesOf }).of
const rowFields = (field: Field): Fields | null => (field.kind === 'rows' ? (field.options as { fields: Fields }).fields : null)
const isNames = (field: Field): boolean => (field.kind === 'choice' || field.kind === 'choices') && ofField(field) !== undefined
const hasNames = (fields: Fields): boolean => Object.values(fields).some((field) => isNames(field) || hasNames(rowFields(field) ?? {}))
function filled(r: ResolvedResource, offered: Record<NamesOf, Choices>): ResolvedResource {
  return { ...r, fields: fill(r.fields, offered), ownFields: fill(r.ownFields, offered) }
}
function fill(fields: Fields, offered: Record<NamesOf, Choices>): Fields {
  const one = (field: Field): Field => {
    const inRows = rowFields(field)
    if (inRows) return Object.freeze({ ...field, options: Object.freeze({ ...field.options, fields: fill(inRows, offered) }) })
    return isNames(field)
      ? Object.freeze({ ...field, options: Object.freeze({ ...field.options, choices: offered[ofField(field)!] }) })
      : field
  }
  return Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, one(field)]))
}
