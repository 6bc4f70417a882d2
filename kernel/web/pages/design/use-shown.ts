import { lacksOf, type Page, type ShownBlock, type ShownPage } from '#model'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useDeferredValue, useMemo } from 'react'
import { api } from '../../api/client.ts'
import { pagesKey } from '../use-pages.ts'

/** The blocks as they would be shown: to oneself, or with what this role would be refused. Where blocks lie is nothing to it. */
export function useShown(page: Page, role: string | null): ReadonlyMap<string, ShownBlock> {
  // What is not finished yet says what it lacks; the others are asked for.
  const lacking = useMemo(() => new Map(lacksOf(page).map(({ field, message }) => [field.split('.')[1] ?? '', message])), [page])
  const asked = useMemo(
    () => page.blocks.filter(({ id }) => !lacking.has(id)).map((one) => ({ ...one, place: { x: 0, y: 0, w: 1, h: 1 } })),
    [page.blocks, lacking],
  )
  const text = useDeferredValue(JSON.stringify(asked))
  const { data } = useQuery({
    queryKey: [...pagesKey, 'preview', role, text],
    queryFn: () => api.post<ShownPage>('/api/pages/preview', { page: { label: '预览', blocks: JSON.parse(text) as object }, role }),
    placeholderData: keepPreviousData,
    retry: false,
  })
  return useMemo(() => {
    const refused = new Map((data?.blocks ?? []).flatMap((one) => (one.kind === 'refused' ? [[one.id, one] as const] : [])))
    return new Map(
      page.blocks.map((one) => {
        const problem = lacking.get(one.id) ?? refused.get(one.id)?.problem
        return [
          one.id,
          problem === undefined ? one : { kind: 'refused', id: one.id, title: one.title, place: one.place, phone: one.phone, problem },
        ]
      }),
    )
  }, [data, page.blocks, lacking])
}
