import { group, may, module, page } from './module.ts'

/** A period that was closed: up to which day, and by whom. */
export interface ClosedThrough {
  through: string
  byName: string
  at: string
}
export interface ClosingAct extends Omit<ClosedThrough, 'through'> {
  act: 'close' | 'reopen'
  through: string | null
  reason: string
}
/** GET /api/closings: every type with periods that the asker may see, with its history. */
export interface ClosingItem {
  resource: string
  label: string
  /** The field that says to which period a record belongs. */
  dateLabel: string
  closed: ClosedThrough | null
  mayClose: boolean
  acts: ClosingAct[]
}

export const closingModule = module('closing', {
  label: '封账',
  rights: { 'closing.read': '查看各类记录的封账情况' },
  roles: { medicalOffice: [may.use('closing.read')], hospitalLeader: [may.use('closing.read')] },
  menu: [group('系统', [page('/closings', '封账', 'closing.read', { icon: 'lock' })])],
})
