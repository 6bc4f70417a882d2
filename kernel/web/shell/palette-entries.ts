import { isProtected, type ClientResource, type SearchAnswer, type TalkList } from '#model'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { api } from '../api/client.ts'
import { useChoices } from '../api/hooks.ts'
import { targetOf, type Catalog } from '../definitions/catalog.ts'
import { useCatalog } from '../definitions/use-catalog.tsx'
import { useShortcuts } from '../shortcuts/use-shortcuts.ts'
import { useMenu } from './menu.ts'
import { isClosedSearch } from '../list/list-address.ts'

export interface Entry {
  key: string
  section: string
  label: string
  hint?: string | undefined
  path: string
  /** Why it leads nowhere. */
  gone?: string | undefined
}

/** What one box finds: one's shortcuts first, pages, people, forms to be begun — also for a person, “授权 张三” — and records of every type. */
export function useEntries(search: string): { entries: Entry[]; isBusy: boolean } {
  const catalog = useCatalog()
  const menu = useMenu()
  const { all: shortcuts = [] } = useShortcuts()
  const personPage = personResource(catalog)
  const words = search.toLowerCase().split(/\s+/)
  const people = useChoices('directory.person', words.at(-1) ?? '', { enabled: search !== '' && personPage !== undefined, limit: 8 })
  const records = useQuery({
    queryKey: ['search', search],
    queryFn: ({ signal }) => api.get<SearchAnswer>('/api/search', { q: search }, signal),
    enabled: search.length >= 2,
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  })
  const talks = useQuery({
    queryKey: ['talks', 'list', 'palette', search],
    queryFn: ({ signal }) => api.get<TalkList>('/api/talks', { q: search }, signal),
    enabled: search !== '',
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  })
  const pages = menu.flatMap(({ label: group, items }) =>
    items.map((item) => ({ key: item.path, section: '页面', label: item.label, hint: group, path: item.path })),
  )
  const own = shortcuts.map(({ path, name, gone }): Entry => ({
    key: `own ${path}`,
    section: '我的快捷',
    label: name,
    hint: gone ? `${gone}，打开可移除` : undefined,
    path: gone ? '/me/shortcuts' : path,
    gone: gone ?? undefined,
  }))
  if (search === '') return { entries: [...own, ...pages.slice(0, 12)], isBusy: false }
  const forms = catalog.all.filter((r) => r.may.create && r.writtenBy !== 'module')
  const acts = forms.map((r) => ({ key: `new ${r.name}`, section: '新建', label: `新建 ${r.label}`, path: `/r/${r.name}/new` }))
  const fits = (entry: Entry) => words.every((word) => `${entry.label} ${entry.hint ?? ''} ${entry.path}`.toLowerCase().includes(word))
  const found = people.data?.options ?? []
  const persons = words.length > 1 ? [] : found.map((o) => ({ key: o.id, section: '人员', label: o.title, hint: o.hint, path: `/r/${personPage}/${o.id}` })) // prettier-ignore
  // The direct one with somebody who is found is begun beside his name.
  const conversations = (talks.data?.rows ?? []).filter(({ kind }) => kind !== 'direct').slice(0, 5).map(({ id, title }) => ({ key: `talk ${id}`, section: '沟通', label: title, path: `/talk?id=${id}` })) // prettier-ignore
  const writing = words.length > 1 ? [] : found.slice(0, 3).map((o) => ({ key: `to ${o.id}`, section: '沟通', label: `发消息给 ${o.title}`, hint: o.hint, path: `/talk?with=${o.id}` })) // prettier-ignore
  const forPerson = words.length < 2 ? [] : found.slice(0, 3).flatMap((o) => formsFor(forms, words.slice(0, -1), personPage, o))
  const recordEntries =
    search.length < 2
      ? []
      : (records.data?.groups ?? []).flatMap((group) => recordsOf(group, search, isClosedSearch(catalog.resource(group.resource), search)))
  return {
    entries: [
      ...own.filter(fits).slice(0, 6),
      ...forPerson,
      ...pages.filter(fits).slice(0, 8),
      ...persons,
      ...writing,
      ...conversations,
      ...acts.filter(fits).slice(0, 8),
      ...recordEntries,
    ],
    isBusy: people.isFetching || records.isFetching,
  }
}

/** 授权 张三: the forms that the verb fits, with the person already in them. */
function formsFor(
  forms: readonly ClientResource[],
  verbs: readonly string[],
  personPage: string | undefined,
  { id, title, hint }: { id: string; title: string; hint?: string },
): Entry[] {
  const fitting = forms.filter((r) => verbs.every((verb) => `新建 ${r.label}`.toLowerCase().includes(verb)))
  return fitting.slice(0, 4).flatMap((r) => {
    const at = Object.entries(r.fields).find(([, field]) => ['directory.person', personPage].includes(targetOf(field)) && !isProtected(field) && !field.readOnly)?.[0] // prettier-ignore
    if (!at) return []
    return [{ key: `new ${r.name} ${id}`, section: '办理', label: `新建 ${r.label}：${title}`, hint, path: `/r/${r.name}/new?${at}=${id}` }]
  })
}
/** Some records of a type, and the way to all of them. */
function recordsOf({ resource, label, records, more, isLate }: SearchAnswer['groups'][number], search: string, isClosed: boolean): Entry[] {
  const list = isClosed ? `/r/${resource}` : `/r/${resource}?search=${encodeURIComponent(search)}`
  return [
    ...records.map(({ id, title, hint }) => ({
      key: id,
      section: label,
      label: title,
      hint: hint || undefined,
      path: `/r/${resource}/${id}`,
    })),
    ...(more
      ? [{ key: `all ${resource}`, section: label, label: isLate ? `到${label}里查找“${search}”` : `全部${label}…`, path: list }]
      : []),
  ]
}

/** Where a person's file is: the richest resource whose rows are persons. */
export function personResource(catalog: Catalog): string | undefined {
  const files = catalog.all.filter((r) => r.may.read && (r.owner.person === 'id' || r.name === 'directory.person'))
  return files.sort((a, b) => Object.keys(b.fields).length - Object.keys(a.fields).length)[0]?.name
}
