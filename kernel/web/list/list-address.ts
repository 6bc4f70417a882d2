import {
  both, fewestLetters, filterProblem, isDay, isFoundByPart, plainView, readFilter, readFormats,
  type ClientResource, type Filter, type SavedView, type ViewState,
} from '#model' // prettier-ignore
import { useCallback, useMemo, useState } from 'react'
import { useLocation, useNavigate } from 'react-router'
import { useCatalog } from '../definitions/use-catalog.tsx'
import { splitProtected } from './split-protected.ts'
import { useViews } from './views/use-views.ts'

/** What a list shows, held in the address so that a link shows the same. */
export interface ListState extends ViewState {
  /** A declared view's name, or the id of a kept one. */
  view: string
  search: string
  deleted: boolean
  /** The day as of which records are shown; empty: as they stand. */
  asOf: string
  /** The day that a calendar or timeline shows; empty for today. */
  at: string
}
export interface ListAddress {
  resource: ClientResource
  state: ListState
  /** View and own conditions together. */
  effective: Filter | null
  set: (part: Partial<ListState>) => void
  /** Shows another view: a declared one under one's own conditions, a kept one as it is kept. */
  show: (view: string) => void
  views: readonly SavedView[]
  /** The kept view that is shown. */
  saved: SavedView | null
  /** It is shown otherwise than it is kept. */
  isChanged: boolean
  /** What is to be shown is known, and can be: until then nothing is asked, for it would be more than the link says. */
  isReady: boolean
  /** Why the view that the address names cannot be shown. */
  trouble: string | null
}

/** Reads like somebody's number of identity, card or phone: it stays out of addresses, too. */
export const saysProtected = (text: string): boolean => /\d{11}|\d{6}[\dXx*]{9}/.test(text.replaceAll(/[\s-]/g, ''))

/** Does a quick search of this list stay out of addresses: by what it reads like, or because it looks into protected names. */
export const isClosedSearch = (resource: Pick<ClientResource, 'fields'> | undefined, text: string): boolean =>
  saysProtected(text) || Object.values(resource?.fields ?? {}).some(isFoundByPart)
/** So many letters a quick search of this list needs: protected names are found by two and more. */
export function fewestTyped({ fields }: ClientResource): number {
  const searched = Object.values(fields).filter((field) => field.search)
  return searched.length > 0 && searched.every(isFoundByPart) ? fewestLetters : 1
}

const isId = (view: string): boolean => view.length === 36
const listKeys = ['sort', 'columns', 'group', 'totals', 'pinned', 'chart'] as const
const viewKeys = ['filter', ...listKeys, 'look', 'formats'] as const
// Stands for what is there in the view but not here: nothing.
const none = '-'
/** What a list shows by itself, or under a declared view. */
function usualOf(resource: ClientResource, view: string): ViewState {
  const declared = resource.list.views?.find(({ name }) => name === view)
  return { ...plainView, sort: [...(resource.list.sort ?? [])], columns: [...(declared?.columns ?? [])] }
}

function readAddress(given: URLSearchParams, base: ViewState): Omit<ListState, 'view'> {
  const filter = given.get('filter')
  const lists = listKeys.map((key) => {
    const text = given.get(key)
    return [key, text === null ? base[key] : text === none ? [] : text.split(',').filter(Boolean)] as const
  })
  const [look, formats, at, asOf] = [given.get('look'), given.get('formats'), given.get('at'), given.get('asOf')]
  return {
    ...(Object.fromEntries(lists) as Record<(typeof listKeys)[number], string[]>),
    filter: filter === null ? base.filter : readFilter(parse(filter)),
    look: look === null ? base.look : look === none ? '' : look,
    formats: formats === null ? base.formats : (readFormats(parse(formats)) ?? []),
    search: given.get('search') ?? '',
    deleted: given.get('deleted') === '1',
    at: isDay(at) ? at : '',
    asOf: isDay(asOf) ? asOf : '',
  }
}
const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)
function writeAddress(state: ListState, open: Filter | null, base: ViewState): URLSearchParams {
  const given = new URLSearchParams()
  if (state.view) given.set('view', state.view)
  if (!isSame(open, base.filter)) given.set('filter', open ? JSON.stringify(open) : none)
  for (const key of listKeys) if (!isSame(state[key], base[key])) given.set(key, state[key].join(',') || none)
  if (state.look !== base.look) given.set('look', state.look || none)
  if (!isSame(state.formats, base.formats)) given.set('formats', state.formats.length ? JSON.stringify(state.formats) : none)
  if (state.search) given.set('search', state.search)
  if (state.deleted) given.set('deleted', '1')
  if (state.at) given.set('at', state.at)
  if (state.asOf) given.set('asOf', state.asOf)
  return given
}

export function useListAddress(resource: ClientResource): ListAddress {
  const { pathname, search: query } = useLocation()
  const navigate = useNavigate()
  const catalog = useCatalog()
  const [closed, setClosed] = useState<Filter | null>(null)
  const [closedSearch, setClosedSearch] = useState('')
  const asked = useViews(resource.name)
  const views = useMemo(() => asked.data ?? [], [asked.data])
  const view = new URLSearchParams(query).get('view') ?? ''
  const saved = views.find(({ id }) => id === view) ?? null
  const base = useMemo(() => saved?.state ?? usualOf(resource, view), [saved, resource, view])
  const state = useMemo<ListState>(() => {
    const read = readAddress(new URLSearchParams(query), base)
    const parts = [read.filter, closed].flatMap((f) => (f ? ('and' in f ? f.and : [f]) : []))
    return { ...read, view, search: closedSearch || read.search, filter: closed ? { and: parts } : read.filter }
  }, [query, closed, closedSearch, base, view])

  const set = useCallback(
    (part: Partial<ListState>) => {
      // Conditions of a kept view are its own: they do not go along to another.
      const isLeft = part.view !== undefined && part.view !== state.view && saved !== null
      const nextBase = isLeft ? usualOf(resource, part.view!) : base
      const next = { ...state, ...(isLeft ? nextBase : {}), ...part }
      const { open, closed: kept } = splitProtected(catalog, resource, next.filter)
      setClosed(kept)
      const hidden = isClosedSearch(resource, next.search) ? next.search : ''
      setClosedSearch(hidden)
      const text = writeAddress(hidden ? { ...next, search: '' } : next, open, nextBase).toString()
      if (`?${text}` !== query && (text || query)) void navigate({ pathname, search: text }, { replace: true })
    },
    [state, base, saved, catalog, resource, navigate, pathname, query],
  )
  const show = useCallback(
    (name: string) => {
      if (!isId(name)) return set({ view: name })
      setClosed(null)
      void navigate({ pathname, search: new URLSearchParams({ view: name }).toString() }, { replace: true })
    },
    [navigate, pathname, set],
  )
  const effective = useMemo(() => {
    const declared = resource.list.views?.find((v) => v.name === state.view)?.filter
    const joined = both(declared, state.filter)
    return 'and' in joined && joined.and.length === 0 ? null : joined
  }, [resource, state])
  const isChanged = saved !== null && (viewKeys.some((key) => !isSame(state[key], saved.state[key])) || closed !== null)
  const isKnown = !isId(view) || !asked.isPending
  const trouble = isKnown && isId(view) && !saved ? '这个视图不存在，或已被删除' : (saved?.problem ?? problemIn(query))
  return {
    resource,
    state,
    effective,
    set,
    show,
    views,
    saved,
    isChanged,
    isReady: isKnown && trouble === null,
    trouble,
  }
}

function parse(text: string): unknown {
  try {
    return text === none ? null : JSON.parse(text)
  } catch {
    return undefined
  }
}
/** A condition that cannot be read is not left out: without it the list would show more than its link says. */
function problemIn(query: string): string | null {
  const text = new URLSearchParams(query).get('filter')
  if (!text || text === none) return null
  return filterProblem(parse(text))
}
