import type { ClientResource, Titles } from '#model'
import { useCallback, useMemo } from 'react'
import { useCount, useRecords } from '../api/hooks.ts'
import type { ListAddress } from './list-address.ts'

/** Rows, titles and count of a list at its address. */
export function useList(resource: ClientResource, { state, effective }: ListAddress, columns: readonly string[]) {
  const asked = { filter: effective, search: state.search || undefined, deleted: state.deleted }
  const pages = useRecords(resource.name, {
    ...asked,
    sort: state.sort,
    columns: columns.includes(resource.title) ? columns : [...columns, resource.title],
  })
  const count = useCount(resource.name, asked)
  const total = useCount(resource.name, { deleted: state.deleted }, Boolean(effective ?? state.search))
  const rows = useMemo(() => pages.data?.pages.flatMap((page) => page.rows) ?? [], [pages.data])
  const titles = useMemo(() => merged(pages.data?.pages.map((page) => page.titles) ?? []), [pages.data])
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = pages
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage])
  return { pages, rows, titles, more, count: count.data, total: effective || state.search ? total.data : undefined }
}
function merged(list: Titles[]): Titles {
  const all: Titles = {}
  for (const titles of list) for (const [resource, byId] of Object.entries(titles)) all[resource] = { ...all[resource], ...byId }
  return all
}

export const countText = (count: { count: number; exact: boolean }): string =>
  count.exact ? count.count.toLocaleString('zh-CN') : `约 ${(Math.round(count.count / 100) * 100).toLocaleString('zh-CN')}`
