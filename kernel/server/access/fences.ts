import { wallOf } from '#model'
import { isWithin } from './networks.ts'

/** The hours and networks within which an account may be used; null means no bound. */
export interface Fence {
  accessDays: readonly string[] | null
  /** `HH:MM` of the hospital's zone. */
  accessFrom: string | null
  accessTo: string | null
  accessNetworks: readonly string[] | null
}

/** Why an account may not be used now from this address, in Chinese; null when it may. */
export function fenceProblem(fence: Fence, now: Date, address: string): string | null {
  if (fence.accessNetworks?.length && !isWithin(address, fence.accessNetworks)) return '该账号不允许从此网络登录'
  const { weekday, time } = localTime(now)
  const { accessFrom: from, accessTo: to } = fence
  // What begins in the evening and ends in the morning belongs to the day on which it began.
  const isOvernight = from !== null && to !== null && to <= from
  const began = isOvernight && time < to ? (weekday === 1 ? 7 : weekday - 1) : weekday
  const isInHours = from === null || to === null || (isOvernight ? time >= from || time < to : time >= from && time < to)
  const isOnDay = !fence.accessDays?.length || fence.accessDays.includes(String(began))
  return isInHours && isOnDay ? null : `该账号只能在允许的时段登录${from && to ? `（${from}–${to}）` : ''}`
}

function localTime(now: Date): { weekday: number; time: string } {
  const wall = new Date(wallOf(now.getTime()))
  return { weekday: wall.getUTCDay() || 7, time: wall.toISOString().slice(11, 16) }
}
