import { startTransition, useCallback, useMemo, useState } from 'react'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import type { DesignAnswer, DesignItem, DesignNames, DesignProblem } from '#model'
import type { DesignKindName } from '#kernel/model/designs/index.ts'
import { api } from '../api/client.ts'
import { begin, done, redone, undone, type History } from '../parts/history.ts'
import { Keeping, type Saving } from '../parts/keeping.ts'
import { useKeeping } from '../parts/use-keeping.ts'

export const designsKey = ['designs'] as const
export const designUrl = (kind: DesignKindName, name: string, rest = ''): string =>
  `/api/designs/${kind}/${encodeURIComponent(name)}${rest}`
interface DesignsAnswer {
  items: DesignItem[]
  offered: { kind: DesignKindName; name: string; label: string }[]
}
/** Everything that is made here, and what of the product may be changed. */
export const useDesigns = (): UseQueryResult<DesignsAnswer> =>
  useQuery({ queryKey: designsKey, queryFn: ({ signal }) => api.get<DesignsAnswer>('/api/designs', {}, signal), staleTime: 0 })
export const useDesignNames = (): UseQueryResult<DesignNames> =>
  useQuery({
    queryKey: [...designsKey, 'names'],
    queryFn: ({ signal }) => api.get<DesignNames>('/api/design-names', {}, signal),
    staleTime: 60_000,
  })

/** What is drawn, as it stood when it was opened: a refetch behind it must not change it. */
export const useDesign = (kind: DesignKindName, name: string, enabled = true): UseQueryResult<DesignAnswer> =>
  useQuery({
    queryKey: [...designsKey, kind, name, 'design'],
    queryFn: ({ signal }) => api.get<DesignAnswer>(designUrl(kind, name), {}, signal),
    enabled,
    staleTime: Infinity,
    gcTime: 0,
  })

export interface Studio<T> {
  opened: DesignAnswer
  content: T
  /** `about`: changes of one kind that follow one another are one step back. */
  edit: (change: (content: T) => T, about?: string) => void
  undo: () => void
  redo: () => void
  mayUndo: boolean
  mayRedo: boolean
  saving: Saving
  revision: number
  problems: readonly DesignProblem[]
  /** Whether the problems are those of what is drawn now: what was changed since has not been asked yet. */
  isProved: boolean
  /** Saves at once what waits; answers the revision that holds it, or null when it could not be saved. */
  flush: () => Promise<number | null>
  takeTheirs: () => Promise<void>
  keepMine: () => Promise<void>
  reload: (answer: DesignAnswer) => void
}

/** A definition that is being drawn: its changes, kept on the server as they are made. */
export function useStudio<T>(first: DesignAnswer): Studio<T> {
  const [opened, setOpened] = useState(first)
  const [history, setHistory] = useState<History<T>>(() => begin(first.content as T))
  const url = designUrl(opened.kind, opened.name)
  const [{ saving, revision, proved }, keeping] = useKeeping(history.now, () => {
    const send = (content: T, at: number, isLeaving: boolean) => api.put<DesignAnswer>(url, { content, revision: at }, isLeaving)
    return new Keeping<T, DesignProblem>(send, history.now, first)
  })
  const edit = useCallback(
    (change: (content: T) => T, about?: string) => setHistory((before) => done(before, change(before.now), about ?? null)),
    [],
  )
  const reload = useCallback(
    (answer: DesignAnswer) =>
      startTransition(() => {
        keeping.settle(answer.content as T, answer)
        setOpened(answer)
        setHistory(begin(answer.content as T))
      }),
    [keeping],
  )
  const newest = useCallback(() => api.get<DesignAnswer>(url), [url])
  return useMemo(
    () => ({
      opened,
      content: history.now,
      edit,
      undo: () => setHistory(undone),
      redo: () => setHistory(redone),
      mayUndo: history.past.length > 0,
      mayRedo: history.future.length > 0,
      saving,
      revision,
      problems: proved.problems,
      isProved: proved.work === history.now,
      flush: () => keeping.save(),
      takeTheirs: async () => reload(await newest()),
      keepMine: async () => keeping.overwrite((await newest()).revision),
      reload,
    }),
    [opened, history, edit, saving, revision, proved, keeping, newest, reload],
  )
}
