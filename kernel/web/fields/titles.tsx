import type { ChoicesAnswer, Titles } from '#model'
import { useQuery } from '@tanstack/react-query'
import { createContext, use, useCallback, useMemo, useState, useSyncExternalStore, type ReactNode } from 'react'
import { api } from '../api/client.ts'
import { useCatalog } from '../definitions/use-catalog.tsx'

/** What references are called: answered with the records, learned when something is picked, asked for when missing. */
class LearnedTitles {
  private readonly titles = new Map<string, string>()
  private readonly listeners = new Set<() => void>()
  get(target: string, id: string): string | undefined {
    return this.titles.get(`${target} ${id}`)
  }
  readonly learn = (target: string, id: string, title: string): void => {
    if (this.get(target, id) === title) return
    this.titles.set(`${target} ${id}`, title)
    this.listeners.forEach((listener) => listener())
  }
  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }
}
const none: Titles = {}
const TitlesContext = createContext({ titles: none, learned: new LearnedTitles() })

export function TitlesProvider({ titles = none, children }: { titles?: Titles | undefined; children: ReactNode }) {
  const [learned] = useState(() => new LearnedTitles())
  const book = useMemo(() => ({ titles, learned }), [titles, learned])
  return <TitlesContext value={book}>{children}</TitlesContext>
}
export const useLearnTitle = () => use(TitlesContext).learned.learn

/** What is known here of a record's title, without asking for it. */
export function useTitleOf(): (target: string, id: string) => string | undefined {
  const { titles: answered, learned } = use(TitlesContext)
  const catalog = useCatalog()
  return useCallback(
    (target, id) => answered[target]?.[id] ?? learned.get(target, id) ?? (target === 'directory.unit' ? catalog.unitName(id) : undefined),
    [answered, learned, catalog],
  )
}

/** The titles of these ids; undefined where the asker may not know. */
export function useTitles(target: string, ids: readonly string[]): (string | undefined)[] {
  const { titles: answered, learned } = use(TitlesContext)
  const catalog = useCatalog()
  const told = (id: string) => answered[target]?.[id] ?? learned.get(target, id)
  const known = useSyncExternalStore(learned.subscribe, () => ids.map((id) => told(id) ?? '').join('\n')).split('\n')
  const titles = ids.map((id, at) => known[at] || (target === 'directory.unit' ? catalog.unitName(id) : undefined))
  const missing = ids.filter((id, at) => id !== '' && titles[at] === undefined)
  const asked = useQuery({
    queryKey: ['choices', target, 'ids', ...missing],
    queryFn: ({ signal }) => {
      const filter = JSON.stringify({ field: 'id', op: 'in', value: missing })
      return api.get<ChoicesAnswer>(`/api/choices/${target}`, { filter, limit: missing.length }, signal)
    },
    enabled: missing.length > 0,
    staleTime: 5 * 60_000,
  })
  return ids.map((id, at) => titles[at] ?? asked.data?.options.find((option) => option.id === id)?.title)
}
/** The titles of references to several kinds of record: people and units of one field. */
export function useTitlesOf(referred: readonly { target: string; id: string }[]): (string | undefined)[] {
  const targets = [...new Set(referred.map(({ target }) => target))]
  const idsOf = (at: number) => referred.filter(({ target }) => target === targets[at]).map(({ id }) => id)
  // A field names people and units, nothing further: the number of questions is fixed.
  const [first, second] = [idsOf(0), idsOf(1)]
  const [one, other] = [useTitles(targets[0] ?? '', first), useTitles(targets[1] ?? '', second)]
  return referred.map(({ target, id }) => (target === targets[0] ? one[first.indexOf(id)] : other[second.indexOf(id)]))
}
export const useTitle = (target: string, id: string): string | undefined => useTitles(target, [id])[0]
