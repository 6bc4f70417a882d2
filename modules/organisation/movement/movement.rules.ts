import { addDays } from '#model'

/** How somebody leaves the hospital. */
export const leavingKinds = {
  resigned: '辞职',
  dismissed: '辞退',
  retired: '退休',
  ended: '合同期满',
  deceased: '去世',
  other: '其他',
} as const

/** For so many days after its day a movement may be taken back (A0116). The day itself is not counted, as in 民法典 art. 201. */
export const regretDays = 3
/** The last day on which a movement of this day may be taken back. */
export const lastRegret = (from: string): string => addDays(from, regretDays)

/** What a movement makes of the person's file. */
export function factsOf(moved: Readonly<Record<string, unknown>>): {
  unit?: unknown
  status?: string
  awayAs?: unknown
  successor?: unknown
} {
  switch (moved['kind']) {
    case 'transfer':
      return { unit: moved['toUnit'] }
    case 'permanent':
      return { status: 'active', awayAs: null, ...(moved['toUnit'] ? { unit: moved['toUnit'] } : {}) }
    case 'rehire':
      return { unit: moved['toUnit'], status: 'active', awayAs: null, successor: null }
    case 'away':
      return { status: 'away', awayAs: moved['away'] }
    case 'leave':
      return { status: 'left', awayAs: null, successor: moved['successor'] ?? null }
    default:
      return { status: 'active', awayAs: null }
  }
}
/** Why somebody of this status cannot be moved so; null: he can. */
export function obstacle(kind: unknown, status: string): string | null {
  if (kind === 'rehire') return status === 'left' ? null : '该人员没有离职，不需要复职'
  if (status === 'left') return '该人员已离职，只能办理复职'
  if (kind === 'permanent') return status === 'external' ? null : '该人员已是正式人员'
  if (kind === 'back') return status === 'away' ? null : '该人员没有离岗'
  if (kind === 'away' && status === 'away') return '该人员已经离岗'
  return null
}
