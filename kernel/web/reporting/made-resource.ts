import { isProtected, isUnshowable, kindOf, reportFields, type ClientResource, type Fields, type Filter, type ReportSpec } from '#model'
import type { Catalog, Found } from '../definitions/catalog.ts'
import { columnFields } from '../list/filter-fields.ts'

/** The columns of a report as fields, as far as they can be told without the server. */
export const fieldsOf = (catalog: Catalog, spec: ReportSpec): Fields =>
  reportFields(spec.columns, spec.base, (name, path) => {
    const resource = catalog.resource(name)
    return (resource && catalog.find(resource, path)?.field) || undefined
  }).fields

/** A report's columns as a record type of their own: conditions over them are made with the sentence of every list. */
export function madeResource(base: ClientResource, spec: ReportSpec, fields: Fields): ClientResource {
  const open = Object.fromEntries(Object.entries(fields).filter(([, field]) => !isProtected(field)))
  return {
    ...base,
    // What is found by a path is kept by the type's name: other columns are another type.
    name: `report ${JSON.stringify(spec.columns)}`,
    fields: open,
    list: { columns: [] },
    groups: [],
    hasNoEnvelope: true,
  }
}
/** What can be a column: the type's own fields and one step through each reference. */
export const offeredFields = (catalog: Catalog, base: ClientResource): Found[] =>
  columnFields(catalog, { ...base, hasNoEnvelope: true }).filter(
    ({ field, path }) => !isUnshowable(field) && path.split('.').length <= 2 && !kindOf(field).isWriteOnly,
  )

/** The filter without its conditions on a column that has gone. */
export function withoutKey(filter: Filter | null, key: string): Filter | null {
  if (!filter || 'some' in filter) return filter
  if ('field' in filter) return filter.field === key ? null : filter
  if ('not' in filter) {
    const inner = withoutKey(filter.not, key)
    return inner && { not: inner }
  }
  const parts = ('and' in filter ? filter.and : filter.or).flatMap((part) => withoutKey(part, key) ?? [])
  return parts.length === 0 ? null : 'and' in filter ? { and: parts } : { or: parts }
}
/** The report without a column, and without what was asked of it. */
export function withoutColumn(spec: ReportSpec, key: string): ReportSpec {
  const isOther = (text: string) => text.replace(/^-/, '').split(':')[0] !== key && text.split(':')[1] !== key
  return {
    ...spec,
    columns: spec.columns.filter((column) => column.key !== key),
    filter: withoutKey(spec.filter, key),
    sort: spec.sort.filter(isOther),
    group: spec.group.filter(isOther),
    totals: spec.totals.filter(isOther),
  }
}
