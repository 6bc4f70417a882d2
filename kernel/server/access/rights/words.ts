import {
  isProtected,
  columnKeys,
  envelopeFields,
  fieldOrColumn,
  filterWords,
  type Definitions,
  type Grant,
  type ResolvedResource,
  type Scope,
} from '#model'
import type { FieldTreatment } from '#model'
import type { Permission } from '../access.ts'

export const ownWord = '本人'
const scopeWords: Record<Extract<Scope, string>, string> = {
  own: ownWord,
  myUnits: '本科室及下级',
  myZone: '本片区',
  myCampus: '本院区',
  hospital: '全院',
}

/** Which rows grants reach together: the widest alone where it is all, else each once, joined by “、”. A filter is said as the sentence above a list. */
export function reachWords(defs: Definitions, r: ResolvedResource | null, grants: readonly Grant[]): string {
  if (grants.some((g) => g.scope === 'hospital')) return scopeWords.hospital
  return [...new Set(grants.map((g) => scopeWord(defs, r, g.scope)))].join('、')
}
export function scopeWord(defs: Definitions, r: ResolvedResource | null, scope: Scope): string {
  if (typeof scope === 'string') return scopeWords[scope]
  const find = (path: string) => {
    const found = r && defs.path(r.name, path)
    if (!found) return null
    const field = found.field ?? envelopeFields[found.key]
    const on = found.hops.reduce<{ at: ResolvedResource; labels: string[] }>(
      ({ at, labels }, { key, target }) => ({ at: defs.resource(target), labels: [...labels, at.fields[key]?.label ?? key] }),
      { at: r, labels: [] },
    )
    return field ? { field, label: [...on.labels, field.label].join('') } : null
  }
  return `符合“${filterWords(scope, find, (_target, id) => id)}”的`
}

/** How fields are treated, in words, by what allows to read and what allows to write. Who reads only his own rows (`scope`) meets nothing masked. */
export function treatmentOf(r: ResolvedResource, read: Permission | null, write: Permission | null, scope: string): FieldTreatment {
  const isOwn = scope === ownWord
  const columns = columnKeys(r.fields).map(
    (key) => [key, `${r.fields[key.split('.')[0]!]!.label}·${fieldOrColumn(r.fields, key)!.label}`] as const,
  )
  const all = [...Object.entries(r.fields).map(([key, { label }]) => [key, label] as const), ...columns]
  const labels = (pick: (key: string) => boolean) => all.flatMap(([key, label]) => (pick(key) ? [label] : []))
  return {
    hidden: labels((key) => read?.hidden.has(key) === true),
    masked: labels((key) => !isOwn && read?.masked.has(key) === true),
    openable: labels((key) => !isOwn && read?.openable.has(key) === true),
    plain: labels(
      (key) =>
        read !== null &&
        isProtected(fieldOrColumn(r.fields, key)!) &&
        (isOwn || !read.masked.has(key)) &&
        !read.hidden.has(key.split('.')[0]!),
    ),
    readOnly: labels((key) => write?.readOnly.has(key) === true),
  }
}
