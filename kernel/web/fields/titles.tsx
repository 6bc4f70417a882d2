import type { ChoicesAnswer, Titles } from '#model'
import { useQuery } from '@tanstack/react-query'
import { createContext, use, useMemo, useRef, useSyncExternalStore, type ReactNode } from 'react'
import { api } from '../api/client.ts'
import { useCatalog } from '../definitions/use-catalog.tsx'

/** What references are called: answered with the records, learned when something is picked, asked for when missing. */
class TitleBook {
  private readonly learned = new Map<string, string>()
  private readonly listeners = new Set<() => void>()
  private readonly titles: Titles
  constructor(titles: Titles, learned?: TitleBook) {
    this.titles = titles
    if (learned) for (const [key, title] of learned.learned) this.learned.set(key, title)
  }
  get(target: string, id: string): string | undefined {
    return this.titles[target]?.[id] ?? this.learned.get(`${target} ${id}`)
  }
  readonly learn = (target: string, id: string, title: string): void => {
    if (this.learned.get(`${target} ${id}`) === title) return
    this.learned.set(`${target} ${id}`, title)
    this.listeners.forEach((listener) => listener())
  }
  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }
}
const TitlesContext = createContext<TitleBook>(new TitleBook({}))
const none: Titles = {}

export function TitlesProvider({ titles = none, children }: { titles?: Titles | undefined; children: ReactNode }) {
  const former = useRef<TitleBook>(undefined)
  const book = useMemo(() => (former.current = new TitleBook(titles, former.current)), [titles])
  return <TitlesContext value={book}>{children}</TitlesContext>
}
export const useLearnTitle = () => use(TitlesContext).learn

/** The titles of these ids; undefined where the asker may not know. */
export function useTitles(target: string, ids: readonly string[]): (string | undefined)[] {
  const book = use(TitlesContext)
  const catalog = useCatalog()
  const known = useSyncExternalStore(book.subscribe, () => ids.map((id) => book.get(target, id) ?? '').join('\n')).split('\n')
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
export const useTitle = (target: string, id: string): string | undefined => useTitles(target, [id])[0]
