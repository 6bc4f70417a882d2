import {
  both,
  choiceLabel,
  valueFilter,
  type ClientResource,
  type Field,
  type Filter,
  type Scalar,
  type SummaryGroup,
  type Titles,
} from '#model'
import { type Found } from '../../../definitions/catalog.ts'
import { useCatalog } from '../../../definitions/use-catalog.tsx'
import { useGroups } from '../../groups/use-groups.ts'
import type { ListAddress } from '../../list-address.ts'

/** A column of a board: what its records have in common. */
export interface BoardColumnData {
  key: Scalar | null
  count: number
  filter: Filter
}
export interface BoardData {
  columns: readonly BoardColumnData[]
  found: Found | null
  titles: Titles
  /** There are more columns than are shown. */
  more: boolean
  isPending: boolean
  error: unknown
  retry: () => void
}
export const mostColumns = 40

/** The columns of a board: every declared choice, whether it has records or not; of references those that have some. */
export function useBoard(resource: ClientResource, address: ListAddress, by: string): BoardData {
  const found = useCatalog().find(resource, by)
  const level = useGroups(resource, address, by, address.effective)
  const columns = columnsOf(found?.field, level.groups, by, address.effective)
  return {
    columns: columns.slice(0, mostColumns),
    found,
    titles: level.titles,
    more: level.more || columns.length > mostColumns,
    isPending: level.isPending,
    error: level.error,
    retry: level.retry,
  }
}

type Counted = Omit<SummaryGroup, 'keys'> & { key: Scalar | null }
export function columnsOf(field: Field | undefined, groups: readonly Counted[], by: string, filter: Filter | null): BoardColumnData[] {
  const declared = field ? declaredKeys(field) : []
  const counts = new Map(groups.map(({ key, count }) => [key, count]))
  // What a choice was once called still has its records.
  const others = groups.map(({ key }) => key).filter((key) => key !== null && !declared.includes(key))
  const hasNone = counts.has(null) || (field && !field.required && by !== 'state')
  const keys = [...declared, ...others, ...(hasNone ? [null] : [])]
  return keys.map((key) => ({ key, count: counts.get(key) ?? 0, filter: both(filter, valueFilter(by, key)) }))
}
function declaredKeys(field: Field): Scalar[] {
  if ('choices' in field.options) return Object.keys(field.options.choices)
  return field.kind === 'boolean' || field.kind === 'switch' ? [true, false] : []
}
/** What a column is called. */
export function columnName(
  field: Field | undefined,
  key: Scalar | null,
  titleOf: (target: string, id: string) => string | undefined,
): string {
  if (key === null) return '（空）'
  if (!field) return String(key)
  if ('choices' in field.options) return choiceLabel(field.options.choices, String(key))
  const { target, yes, no } = field.options as { target?: string; yes?: string; no?: string }
  if (target) return titleOf(target, String(key)) ?? '…'
  return key === true ? (yes ?? '是') : (no ?? '否')
}
