import type { Field, RecordAnswer } from '#model'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useSyncExternalStore } from 'react'
import { api } from '../api/client.ts'
import { targetOf } from '../definitions/catalog.ts'
import { useCatalog } from '../definitions/use-catalog.tsx'
import { isEmptyValue } from '../fields/field-view.ts'
import { useLearnTitle } from '../fields/titles.tsx'
import type { FormStore } from './form-store.ts'

/** `from: 'practitioner.department'`: when the practitioner is chosen, the department is there, and the form says where from. */
export function usePrefill(store: FormStore, isNew: boolean): Readonly<Record<string, string>> {
  const sources = useMemo(() => {
    const bySource = new Map<string, [key: string, rest: string, field: Field][]>()
    for (const [key, field] of isNew ? Object.entries(store.resource.fields) : []) {
      const [source, rest, deeper] = field.from?.split('.') ?? []
      if (source && rest && !deeper) bySource.set(source, [...(bySource.get(source) ?? []), [key, rest, field]])
    }
    return [...bySource]
  }, [store, isNew])
  // A form copies from at most a few references; most from one.
  const first = usePrefillFrom(store, sources[0])
  const second = usePrefillFrom(store, sources[1])
  const third = usePrefillFrom(store, sources[2])
  return useMemo(() => ({ ...first, ...second, ...third }), [first, second, third])
}

type Source = readonly [source: string, copies: readonly (readonly [key: string, rest: string, field: Field])[]]
const noCopies: Source[1] = []

function usePrefillFrom(store: FormStore, from: Source | undefined): Readonly<Record<string, string>> {
  const [source = '', copies = noCopies] = from ?? []
  const catalog = useCatalog()
  const learn = useLearnTitle()
  const id = useSyncExternalStore(
    (listener) => store.subscribe(source, listener),
    () => store.state(source).value,
  )
  const sourceField = store.resource.fields[source]
  const target = sourceField && targetOf(sourceField)
  const answer = useQuery({
    queryKey: ['record', target, id],
    queryFn: ({ signal }) => api.get<RecordAnswer>(`/api/records/${target}/${String(id)}`, {}, signal),
    enabled: from !== undefined && target !== undefined && typeof id === 'string' && catalog.resource(target)?.may.read === true,
  }).data
  const filled = useMemo(
    () => (answer && answer.record.id === id ? copies.filter(([, rest]) => !isEmptyValue(answer.record[rest] ?? null)) : []),
    [answer, id, copies],
  )
  useEffect(() => {
    for (const [key, rest, field] of filled) {
      const value = answer?.record[rest]
      const to = targetOf(field)
      const title = to && typeof value === 'string' ? answer?.titles[to]?.[value] : undefined
      if (to && title && typeof value === 'string') learn(to, value, title)
      store.set(key, value)
    }
  }, [answer, filled, store, learn])
  return useMemo(() => Object.fromEntries(filled.map(([key]) => [key, `取自${sourceField?.label ?? ''}的档案`])), [filled, sourceField])
}
