import { instantOfWall, millisecondsADay, wallOf } from '#model'
import { parseTime } from '#kernel/model/clock/index.ts'
import type { FeedAnswer } from './feed.rules.ts'

/** How what a source knows gets here. */
export const feedWays = { told: '对方发送，或按文件', view: '定时读取数据库视图', wecom: '定时读取企业微信通讯录' } as const
export type FeedWay = keyof typeof feedWays
/** How often a source is read. */
export const feedRhythms = { asked: '只在点击时', hour: '每小时', fourHours: '每 4 小时', day: '每天' } as const
export type FeedRhythm = keyof typeof feedRhythms
/** Where nothing is chosen. */
export const usualReading = '05:00'

const hourMs = 3_600_000
const periods = { hour: hourMs, fourHours: 4 * hourMs, day: millisecondsADay } as const
/** The last moment up to now at which a source was to be read, and the next one after it; null: only when somebody asks. `at`: time of the day (HH:mm), where it is read daily. */
export function slotsAround(rhythm: FeedRhythm, at: string, now: Date): { last: Date; next: Date } | null {
  if (rhythm === 'asked') return null
  const period = periods[rhythm]
  const begins = rhythm === 'day' ? (parseTime(at) ?? parseTime(usualReading)!) * 60_000 : 0
  const last = Math.floor((wallOf(now.getTime()) - begins) / period) * period + begins
  return { last: new Date(instantOfWall(last)), next: new Date(instantOfWall(last + period)) }
}

/** One reading of a source: what came of each kind of thing, or why nothing was read. */
export interface FetchAnswer {
  answers: FeedAnswer[]
  /** Why nothing was read and nothing changed; null where it was. */
  fault: string | null
}
/** How a source is read, for its page. */
export interface FetchState {
  way: FeedWay
  /** When it is read next by itself, an instant; null: never. */
  next: string | null
  /** When it last told of anything, or why it could not be read; null: never yet. */
  last: { at: string; fault: string | null } | null
  /** What the administrator still has to name; null: nothing. */
  lacks: string | null
}
