import { filterWords, type ClientResource, type Filter, type Titles } from '#model'
import type { Catalog } from '../definitions/catalog.ts'

/** What a chart was asked, in words. */
export const sayFilter = (catalog: Catalog, resource: ClientResource, filter: Filter, titles: Titles): string =>
  filterWords(
    filter,
    (path) => catalog.find(resource, path),
    (target, id) => titles[target]?.[id] ?? (target === 'directory.unit' ? catalog.unitName(id) : undefined) ?? '…',
  )
