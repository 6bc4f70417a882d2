import type { SavedView, ViewDraft } from '#model'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from '../../api/client.ts'

const keyOf = (resource: string) => ['views', resource] as const
/** Views that people have kept of a list: this reader's own and the shared ones. */
export function useViews(resource: string, isAsked = true) {
  return useQuery({
    queryKey: keyOf(resource),
    queryFn: ({ signal }) => api.get<{ views: SavedView[] }>(`/api/views/${resource}`, {}, signal),
    select: ({ views }) => views,
    staleTime: 60_000,
    enabled: isAsked,
  })
}
/** Keeps, changes and drops views; the list of them follows at once. */
export function useKeepViews(resource: string) {
  const client = useQueryClient()
  const put = (change: (views: SavedView[]) => SavedView[]) =>
    client.setQueryData<{ views: SavedView[] }>(keyOf(resource), (old) => ({ views: change(old?.views ?? []) }))
  const learn = (view: SavedView) => {
    put((views) => [...views.filter(({ id }) => id !== view.id), view])
    void client.invalidateQueries({ queryKey: keyOf(resource) })
    return view
  }
  return {
    keep: async (view: ViewDraft) => learn(await api.post<SavedView>(`/api/views/${resource}`, { view })),
    /** Without a state the view shows what it showed. */
    change: async ({ id, version }: SavedView, view: Omit<ViewDraft, 'state'> & { state?: ViewDraft['state'] }) =>
      learn(await api.put<SavedView>(`/api/views/${resource}/${id}`, { view, version })),
    drop: async ({ id }: SavedView) => {
      await api.delete(`/api/views/${resource}/${id}`)
      put((views) => views.filter((view) => view.id !== id))
    },
  }
}
