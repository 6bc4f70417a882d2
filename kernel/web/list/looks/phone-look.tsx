import type { ClientResource, Look } from '#model'
import type { Found } from '../../definitions/catalog.ts'
import type { ListAddress } from '../list-address.ts'
import { PhoneBoard } from './board/phone-board.tsx'
import { PhoneCalendar } from './calendar/phone-calendar.tsx'
import { PhoneTimeline } from './timeline/phone-timeline.tsx'
import { PhoneTree } from './tree/phone-tree.tsx'
import './phone-looks.css'

export interface PhoneLookProps<L extends Look = Look> {
  resource: ClientResource
  address: ListAddress
  columns: readonly Found[]
  look: L
}
/** The kinds of view on a phone: one column, one day, one level at a time. */
export default function PhoneLook({ look, ...props }: PhoneLookProps) {
  switch (look.kind) {
    case 'board':
      return <PhoneBoard {...props} look={look} />
    case 'calendar':
      return <PhoneCalendar {...props} look={look} />
    case 'timeline':
      return <PhoneTimeline {...props} look={look} />
    case 'tree':
      return <PhoneTree {...props} look={look} />
  }
}
