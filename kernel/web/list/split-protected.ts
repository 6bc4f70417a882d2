import { asksProtected, type ClientResource, type Filter } from '#model'
import type { Catalog } from '../definitions/catalog.ts'

/** Conditions on protected fields stay out of the address: addresses are logged, kept and passed on. */
export function splitProtected(
  catalog: Catalog,
  resource: ClientResource,
  filter: Filter | null,
): { open: Filter | null; closed: Filter | null } {
  const isClosed = (part: Filter | null) => asksProtected(part, resource.fields, (path) => catalog.find(resource, path)?.field)
  if (!filter || !('and' in filter)) return isClosed(filter) ? { open: null, closed: filter } : { open: filter, closed: null }
  const closed = filter.and.filter(isClosed)
  const open = filter.and.filter((part) => !closed.includes(part))
  return { open: open.length ? { and: open } : null, closed: closed.length ? { and: closed } : null }
}
