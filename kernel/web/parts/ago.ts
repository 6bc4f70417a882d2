import { daysBetween, dayOf, formatInstant } from '#model'

/** 刚刚 / 12 分钟前 / 今天 08:30 / 昨天 17:05 / 11-03 09:12 / 2025-11-03 */
export function ago(instant: string, now: Date = new Date()): string {
  const minutes = Math.floor((now.getTime() - new Date(instant).getTime()) / 60_000)
  if (minutes >= 0 && minutes < 1) return '刚刚'
  if (minutes > 0 && minutes < 60) return `${minutes} 分钟前`
  const text = formatInstant(instant)
  const days = daysBetween(text.slice(0, 10), dayOf(now))
  if (days === 0) return `今天 ${text.slice(11)}`
  if (days === 1) return `昨天 ${text.slice(11)}`
  return text.slice(0, 4) === dayOf(now).slice(0, 4) ? text.slice(5) : text.slice(0, 10)
}
/** 3 天 4 小时 */
export function howLong(from: string, to: string | Date = new Date()): string {
  const minutes = Math.max(0, Math.floor((new Date(to).getTime() - new Date(from).getTime()) / 60_000))
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60)]
  if (days > 0) return hours && days < 10 ? `${days} 天 ${hours} 小时` : `${days} 天`
  return hours > 0 ? `${hours} 小时` : minutes > 0 ? `${minutes} 分钟` : '不到 1 分钟'
}
/** What is left to a due instant, with its urgency. */
export function untilDue(due: string, now: Date = new Date()): { text: string; tone: 'bad' | 'warn' | 'neutral' } {
  const left = new Date(due).getTime() - now.getTime()
  if (left < 0) return { text: `超时 ${howLong(due, now)}`, tone: 'bad' }
  return { text: `剩 ${howLong(now.toISOString(), due)}`, tone: left < 4 * 3_600_000 ? 'bad' : left < 24 * 3_600_000 ? 'warn' : 'neutral' }
}
