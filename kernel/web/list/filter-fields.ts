import { envelopeFields, kindOf, type ClientResource } from '#model'
import { targetOf, type Catalog, type Found } from '../definitions/catalog.ts'
import { operatorsOf } from './filter-tree.ts'

/** What can be asked of a resource: its fields, the envelope, and the columns of its list that reach through a reference. */
export function filterFields(catalog: Catalog, resource: ClientResource): Found[] {
  const through = [...resource.list.columns, ...(resource.list.filters ?? [])].filter((path) => path.includes('.'))
  const own = Object.keys(resource.fields)
  const outer = resource.hasNoEnvelope ? [] : Object.keys(envelopeFields).filter((key) => key !== 'state' || resource.approval)
  const paths = [...new Set([...own, ...through, ...outer])]
  return paths
    .flatMap((path) => catalog.find(resource, path) ?? [])
    .filter(({ field, isMasked }) => operatorsOf(field, isMasked).length > 0)
}
/** What can stand as a column: the same, and one step through each reference. */
export function columnFields(catalog: Catalog, resource: ClientResource): Found[] {
  const own = filterFields(catalog, resource).filter(({ field }) => !kindOf(field).isLong)
  const further = Object.entries(resource.fields).flatMap(([key, field]) => {
    const target = catalog.resource(targetOf(field) ?? '')
    // Units are known by their name alone.
    if (!target || kindOf(field).schema(field)['type'] === 'array' || target.name === 'directory.unit') return []
    return Object.entries(target.fields)
      .filter(([inner, f]) => !kindOf(f).isLong && !kindOf(f).holdsFiles && inner !== target.title)
      .slice(0, 12)
      .flatMap(([inner]) => catalog.find(resource, `${key}.${inner}`) ?? [])
  })
  const seen = new Set<string>()
  return [...own, ...further].filter(({ path }) => !seen.has(path) && seen.add(path))
}
