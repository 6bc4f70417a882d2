import type { ApiRecord, ClientResource, CountAnswer, Titles } from '#model'
import { useCallback, useMemo } from 'react'
import { useCount, useRecords } from '../api/hooks.ts'
import { manyWord } from '../parts/many.ts'
import { formatter, marksAsked } from './formats/formatter.ts'
import type { ListAddress } from './list-address.ts'

/** Rows, titles and count of a list at its address. `isShown` false: something else stands in its place, and nothing is asked but how many there are. */
export function useList(resource: ClientResource, { state, effective, isReady }: ListAddress, columns: readonly string[], isShown = true) {
  const asked = { filter: effective, search: state.search || undefined, deleted: state.deleted, asOf: state.asOf }
  const pages = useRecords(
    resource.name,
    {
      ...asked,
      sort: state.sort,
      columns: withTitle(resource, columns),
      marks: marksAsked(state.formats),
    },
    isReady && isShown,
  )
  const count = useCount(resource.name, asked, isReady)
  const total = useCount(resource.name, { deleted: state.deleted, asOf: state.asOf }, isReady && Boolean(effective ?? state.search))
  const rows = useMemo(() => pages.data?.pages.flatMap((page) => page.rows) ?? [], [pages.data])
  const titles = useMemo(() => mergedTitles(pages.data?.pages.map((page) => page.titles) ?? []), [pages.data])
  const format = useMemo(() => formatter(state.formats, pages.data?.pages ?? []), [state.formats, pages.data])
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = pages
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage])
  const upTo = async (count: number): Promise<readonly ApiRecord[]> => {
    let [loaded, isMore] = [rows, hasNextPage]
    while (isMore && loaded.length < count) {
      const next = await fetchNextPage()
      if (next.error) throw next.error
      loaded = next.data?.pages.flatMap((page) => page.rows) ?? []
      isMore = next.hasNextPage
    }
    return loaded
  }
  return { pages, rows, titles, format, more, upTo, count: count.data, total: effective || state.search ? total.data : undefined }
}
/** What a row is called is always asked for. */
export const withTitle = (resource: ClientResource, columns: readonly string[]): readonly string[] =>
  columns.includes(resource.title) ? columns : [...columns, resource.title]
export function mergedTitles(list: Titles[]): Titles {
  const all: Titles = {}
  for (const titles of list) for (const [resource, byId] of Object.entries(titles)) all[resource] = { ...all[resource], ...byId }
  return all
}

/** 12,345 · 约 120 万 · 超过 10,000 */
export const countText = ({ count, exact, over }: CountAnswer): string => {
  if (exact || over) return `${over ? '超过 ' : ''}${count.toLocaleString('zh-CN')}`
  if (count >= 1_000_000) return `约 ${manyWord(count)}`
  return `约 ${(count < 1000 ? count : Math.round(count / 100) * 100).toLocaleString('zh-CN')}`
}
