import { both, isCondition, readFilter, type ClientResource, type Filter } from '#model'
import { useCallback, useMemo, useState } from 'react'
import { useLocation, useNavigate } from 'react-router'

/** What a list shows, held in the address so that a link shows the same. */
export interface ListState {
  view: string
  filter: Filter | null
  sort: readonly string[]
  search: string
  deleted: boolean
}
export interface ListAddress {
  state: ListState
  /** View and own conditions together. */
  effective: Filter | null
  set: (part: Partial<ListState>) => void
}

/** Conditions on protected fields stay out of the address: addresses are logged, kept and passed on. */
function splitProtected(filter: Filter | null, resource: ClientResource): { open: Filter | null; closed: Filter | null } {
  if (!filter || !('and' in filter)) return isProtected(filter, resource) ? { open: null, closed: filter } : { open: filter, closed: null }
  const closed = filter.and.filter((part) => isProtected(part, resource))
  const open = filter.and.filter((part) => !closed.includes(part))
  return { open: open.length ? { and: open } : null, closed: closed.length ? { and: closed } : null }
}
function isProtected(filter: Filter | null, resource: ClientResource): boolean {
  if (!filter) return false
  if (isCondition(filter)) return resource.fields[filter.field]?.sensitive !== undefined
  if ('and' in filter) return filter.and.some((part) => isProtected(part, resource))
  if ('or' in filter) return filter.or.some((part) => isProtected(part, resource))
  return 'not' in filter ? isProtected(filter.not, resource) : false
}

export function useListAddress(resource: ClientResource): ListAddress {
  const { pathname, search: query } = useLocation()
  const navigate = useNavigate()
  const [closed, setClosed] = useState<Filter | null>(null)
  const state = useMemo<ListState>(() => {
    const given = new URLSearchParams(query)
    const open = parse(given.get('filter'))
    const parts = [open, closed].flatMap((f) => (f ? ('and' in f ? f.and : [f]) : []))
    return {
      view: given.get('view') ?? '',
      filter: closed ? { and: parts } : open,
      sort: given.get('sort')?.split(',').filter(Boolean) ?? resource.list.sort ?? [],
      search: given.get('search') ?? '',
      deleted: given.get('deleted') === '1',
    }
  }, [query, closed, resource])

  const set = useCallback(
    (part: Partial<ListState>) => {
      const next = { ...state, ...part }
      const { open, closed: kept } = splitProtected(next.filter, resource)
      setClosed(kept)
      const given = new URLSearchParams()
      if (next.view) given.set('view', next.view)
      if (open) given.set('filter', JSON.stringify(open))
      if (next.sort.join() !== (resource.list.sort ?? []).join()) given.set('sort', next.sort.join(','))
      if (next.search) given.set('search', next.search)
      if (next.deleted) given.set('deleted', '1')
      const text = given.toString()
      if (`?${text}` !== query && (text || query)) void navigate({ pathname, search: text }, { replace: true })
    },
    [state, resource, navigate, pathname, query],
  )
  const effective = useMemo(() => {
    const view = resource.list.views?.find((v) => v.name === state.view)?.filter
    const joined = both(view, state.filter)
    return 'and' in joined && joined.and.length === 0 ? null : joined
  }, [resource, state])
  return { state, effective, set }
}

function parse(text: string | null): Filter | null {
  if (!text) return null
  try {
    return readFilter(JSON.parse(text))
  } catch {
    return null
  }
}
