import { dayOf, wallOf } from '../clock/day.ts'
import type { Filter } from '../filter/filter.ts'

/** Over which time a cap counts; a new one begins in the hospital's zone. */
export const capTimes = { ever: '始终', day: '每天', week: '每周', month: '每月', year: '每年' } as const
export type CapTime = keyof typeof capTimes

/** How much there may be of records: once per person, a total, a stock that is lent from. */
export interface Cap {
  /** Who shares it: each who makes one, all together, or what this reference names. */
  readonly by: 'person' | 'all' | (string & {})
  readonly per: CapTime
  /** A number, or the field of what is named that says it. */
  readonly most: number | { readonly field: string }
  /** What is added up: this number of the record; one each when not said. */
  readonly amount?: string
  /** Which records count; all that are neither deleted nor refused when not said. */
  readonly where?: Filter
  /** What whoever is refused is told, in place of the usual. */
  readonly message?: string
}
/** When a record may be begun: days without an end, days of the week (1 Monday), hours `HH:MM` of a day. */
export interface OpenHours {
  readonly from?: string
  readonly until?: string
  readonly days?: readonly number[]
  readonly hours?: { readonly from: string; readonly until: string }
}
export interface Limits {
  readonly open?: OpenHours
  readonly caps?: readonly Cap[]
}

const dayNames = ['一', '二', '三', '四', '五', '六', '日']
/** The opening hours in words. */
export function openWords({ from, until, days, hours }: OpenHours): string {
  const span = from && until ? `${from} 至 ${until}` : from ? `${from} 起` : until ? `至 ${until}` : ''
  const week = days?.length ? `每周${days.map((day) => dayNames[day - 1]).join('、')}` : ''
  return [span, week, hours ? `${hours.from}–${hours.until}` : ''].filter(Boolean).join(' ')
}
/** Why nothing may be begun at this instant, in words; null when it may. */
export function closedAt(open: OpenHours | undefined, now: Date): string | null {
  if (!open) return null
  const wall = new Date(wallOf(now.getTime()))
  const [day, time] = [dayOf(now), wall.toISOString().slice(11, 16)]
  const weekday = wall.getUTCDay() || 7
  const isOpen =
    (!open.from || day >= open.from) &&
    (!open.until || day <= open.until) &&
    (!open.days?.length || open.days.includes(weekday)) &&
    (!open.hours || isWithin(time, open.hours))
  if (isOpen) return null
  const state = open.from && day < open.from ? '还没有开放' : open.until && day > open.until ? '已经截止' : '现在不在开放时间'
  return `${state}：开放时间为 ${openWords(open)}`
}
/** Over midnight, where the end stands before the beginning. */
const isWithin = (time: string, { from, until }: { from: string; until: string }): boolean =>
  from <= until ? time >= from && time < until : time >= from || time < until
