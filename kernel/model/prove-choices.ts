import type { Definitions, ResolvedResource } from './definitions.ts'
import { isProtected } from './fields/classes.ts'
import type { Field, Fields } from './fields/field.ts'
import { isGiven, kindOf } from './fields/kinds.ts'
import { choiceFilterOf, conditionsIn, mayChooseBy } from './filter/choices.ts'

/** Fields of units that a page knows without asking. */
const knownOfUnits = new Set(['id', 'name', 'kind', 'parent'])

/** What is wrong with a field's choices: asked about what no picker may ask, or compared with what the record does not hold. `row`: the columns of its sub-table. */
export function proveChoices(
  defs: Definitions,
  r: ResolvedResource,
  field: Field,
  row: Fields | null,
  report: (what: string) => void,
): void {
  const { target: name, among: declared } = field.options as { target?: string; among?: unknown }
  const filter = name === undefined || !defs.resources.has(name) ? null : choiceFilterOf(field)
  if (!filter || declared === undefined) return
  const target = defs.resource(name!)
  for (const { field: path, op, value } of conditionsIn(filter)) {
    const of = target.fields[path]
    if (path !== 'id' && !of) report(`no field "${path}" in ${target.name}`)
    else if (!mayChooseBy(target, path) || (of && isProtected(of)) || path.includes('.'))
      report(`"${path}" of ${target.name}: only its title, columns of its list and plain facts may decide what is offered`)
    else if (target.table === 'directory.unit' && !knownOfUnits.has(path))
      report(`"${path}": of units only ${[...knownOfUnits].join(', ')} may decide`)
    else if (of && !kindOf(of).operators.includes(op)) report(`"${path}" cannot be asked by ${op}`)
    if (typeof value !== 'object' || Array.isArray(value)) continue
    if ('my' in value) report(`"my" would judge a decided change by whoever carries it out: compare with a field of the record`)
    else if ('own' in value) proveOwn(field, row?.[value.own] ?? r.fields[value.own], value.own, report)
  }
}
function proveOwn(field: Field, own: Field | undefined, key: string, report: (what: string) => void): void {
  if (!own) report(`own field "${key}" does not exist`)
  else if (own === field) report('compares with itself')
  else if (isGiven(own) || kindOf(own).isWriteOnly || isProtected(own) || own.kind === 'rows' || kindOf(own).schema(own)['type'] === 'object')
    report(`own field "${key}" is no plain value that people fill in`)
} // prettier-ignore
