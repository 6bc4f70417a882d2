import type { ClientResource, Look } from '#model'
import type { ListAddress } from '../list-address.ts'
import type { Columns } from '../use-columns.ts'

/** What every kind of view is given. */
export interface LookProps<L extends Look> {
  resource: ClientResource
  address: ListAddress
  columns: Pick<Columns, 'columns'>
  look: L
  /** The record shown beside it. */
  current: string | null
  onOpen: (id: string) => void
}
