import { amongOf, withChoices, type Field, type Fields } from '#model'
import { useEffect } from 'react'
import { idsFitting } from '../fields/ids-fitting.ts'
import { useTitleOf } from '../fields/titles.tsx'
import { choiceGrounds, rowsIn, type FormStore } from './form-store.ts'

/** A reference whose choices depend on other fields, where it stands now. */
interface Place {
  key: string
  /** Row id and column, in a sub-table. */
  row?: { id: string; column: string; number: number }
  field: Field
  ids: string[]
  /** Labels of what it depends on. */
  grounds: string
}

/** When a field changes on which the choices of another depend, what no longer fits there is taken away, and said. Whoever cannot ask the server now is told when he sends. */
export function useFitting(store: FormStore): void {
  const titleOf = useTitleOf()
  useEffect(() => {
    const { fields } = store.resource
    if (!Object.values(fields).some((field) => choiceGrounds(field).length)) return
    let before = filtersOf(placesOf(store))
    return store.subscribe('*', () => {
      const places = placesOf(store)
      const moved = places.filter((place) => place.ids.length && before.has(nameOf(place)) && before.get(nameOf(place)) !== filterOf(place))
      before = filtersOf(places)
      for (const place of moved) void refit(store, place, titleOf).catch(() => undefined)
    })
  }, [store, titleOf])
}
const nameOf = ({ key, row }: Place): string => (row ? `${key}.${row.id}.${row.column}` : key)
const filterOf = ({ field }: Place): string => JSON.stringify(amongOf(field))
const filtersOf = (places: readonly Place[]) => new Map(places.map((place) => [nameOf(place), filterOf(place)]))

function placesOf(store: FormStore): Place[] {
  const { fields } = store.resource
  return Object.keys(fields).flatMap((key): Place[] => {
    const { field, value } = store.state(key)
    if (choiceGrounds(fields[key]!).length === 0) return []
    if (field.kind !== 'rows') return [{ key, field, ids: idsIn(value), grounds: labels(fields[key]!, fields) }]
    const columns = (field as Field<'rows'>).options.fields
    return rowsIn(value).flatMap((row, at) =>
      Object.entries(columns).flatMap(([column, one]): Place[] => {
        const declared = (fields[key] as Field<'rows'>).options.fields[column]!
        if (choiceGrounds(declared).length === 0) return []
        const bound = boundTo(one, row)
        const place = { id: String(row['id']), column, number: at + 1 }
        return [{ key, row: place, field: bound, ids: idsIn(row[column]), grounds: labels(declared, { ...fields, ...columns }) }]
      }),
    )
  })
}
const idsIn = (value: unknown): string[] => [value].flat().filter((id): id is string => typeof id === 'string')
const boundTo = (field: Field, row: Readonly<Record<string, unknown>>): Field => withChoices(field, (own) => row[own] ?? null)
const labels = (field: Field, fields: Fields): string =>
  choiceGrounds(field).flatMap((key) => fields[key]?.label ?? []).map((label) => `“${label}”`).join('、') // prettier-ignore

async function refit(store: FormStore, place: Place, titleOf: (target: string, id: string) => string | undefined): Promise<void> {
  const fitting = await idsFitting(place.field, place.ids)
  const gone = place.ids.filter((id) => !fitting.has(id))
  // Whoever has chosen again meanwhile, or changed the ground once more, is asked for anew.
  const now = placesOf(store).find((other) => nameOf(other) === nameOf(place))
  if (gone.length === 0 || !now || filterOf(now) !== filterOf(place) || now.ids.join() !== place.ids.join()) return
  const { target } = place.field.options as { target: string }
  const names = gone.map((id) => titleOf(target, id)).filter(Boolean).join('、') // prettier-ignore
  const what = names ? `“${names}”` : '原来所选的'
  if (place.row) return clearCell(store, place, `第 ${place.row.number} 行的${place.field.label}${what}与${place.grounds}不符，已清除`)
  const kept = place.ids.filter((id) => fitting.has(id))
  store.clear(place.key, place.field.kind === 'references' && kept.length ? kept : null, `${what}与${place.grounds}不符，已清除`)
}
function clearCell(store: FormStore, { key, row }: Place, notice: string): void {
  const rows = rowsIn(store.state(key).value)
  store.clear(key, rows.map((one) => (one['id'] === row!.id ? { ...one, [row!.column]: null } : one)), notice) // prettier-ignore
}
