import {
  fitsLook, makesColumns, namesParent, readLook, saysMoment, saysSpan, saysWhen,
  type ClientResource, type Look, type LookKind,
} from '#model' // prettier-ignore
import type { Catalog, Found } from '../../definitions/catalog.ts'
import type { ListState } from '../list-address.ts'

/** The fields of a type that its kinds of view can be made by. */
export interface LookFields {
  columns: readonly Found[]
  when: readonly Found[]
  moments: readonly Found[]
  spans: readonly Found[]
  parents: readonly Found[]
}
export function lookFieldsOf(catalog: Catalog, resource: ClientResource): LookFields {
  const all = Object.keys(resource.fields)
    .filter((key) => !resource.masked.includes(key))
    .flatMap((key) => catalog.find(resource, key) ?? [])
  const state = resource.approval ? [catalog.find(resource, 'state')].filter((found) => found !== null) : []
  return {
    // States and choices first: what most boards are made by.
    columns: [...all.filter(({ field }) => makesColumns(field)), ...state].toSorted((a, b) => rank(a) - rank(b)),
    when: all.filter(({ field }) => saysWhen(field)),
    moments: all.filter(({ field }) => saysMoment(field)),
    spans: all.filter(({ field }) => saysSpan(field)),
    parents: all.filter(({ field }) => namesParent(field, (target) => target === resource.name)),
  }
}
const rank = ({ field }: Found): number => (field.kind === 'choice' ? 0 : field.kind === 'boolean' || field.kind === 'switch' ? 2 : 1)

/** How each kind of view would begin; kinds that the fields do not allow are left out. */
export function looksOffered({ columns, when, moments, spans, parents }: LookFields): { kind: LookKind; look: Look | null }[] {
  const [column] = columns
  const [day] = when
  const [parent] = parents
  const [span] = spans
  const [from, to] = moments
  const bar = span ? { from: span.path, to: null } : from && to ? { from: from.path, to: to.path } : null
  const offered: { kind: LookKind; look: Look | null }[] = [{ kind: 'table', look: null }]
  if (column) offered.push({ kind: 'board', look: { kind: 'board', by: column.path } })
  if (day) offered.push({ kind: 'calendar', look: { kind: 'calendar', on: day.path, span: 'month' } })
  if (bar) offered.push({ kind: 'timeline', look: { kind: 'timeline', ...bar, by: null, zoom: 'month' } })
  if (parent) offered.push({ kind: 'tree', look: { kind: 'tree', by: parent.path } })
  return offered
}
/** The look that an address or a view names, where the type's fields allow it; the recycle bin is a table, and a past day a table or a tree. */
export function lookFor(catalog: Catalog, resource: ClientResource, state: Pick<ListState, 'look' | 'deleted' | 'asOf'>): Look | null {
  const named = state.deleted ? null : readLook(state.look)
  const look = state.asOf && named?.kind !== 'tree' ? null : named
  const at = (key: string) => (resource.masked.includes(key) ? undefined : catalog.find(resource, key)?.field)
  return look && fitsLook(look, at, (target) => target === resource.name) ? look : null
}
