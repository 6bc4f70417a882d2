import { invalid, type FieldProblem } from '../refusals.ts'

/** Reads a definition from outside: what is wrong is gathered, each at its place, and refused as a whole. */
export class Reader {
  readonly problems: FieldProblem[] = []
  say(field: string, message: string): void {
    if (this.problems.length < 100) this.problems.push({ field, message })
  }
  /** Throws when anything was wrong. */
  done(): void {
    if (this.problems.length) throw invalid(this.problems)
  }
  object(given: unknown, at: string): Readonly<Record<string, unknown>> {
    if (isObject(given)) return given
    this.say(at, '格式不对')
    return {}
  }
  /** A text, trimmed; empty when absent. */
  text(given: unknown, at: string, { max, needed = '' }: { max: number; needed?: string }): string {
    if (given !== undefined && given !== null && (typeof given !== 'string' || given.includes('\u0000') || !given.isWellFormed()))
      return (this.say(at, '格式不对'), '')
    const text = typeof given === 'string' ? given.trim() : ''
    if ([...text].length > max) this.say(at, `最多 ${max} 个字`)
    if (!text && needed) this.say(at, needed)
    return text
  }
  list(given: unknown, at: string, most: number): readonly unknown[] {
    if (given === undefined || given === null) return []
    if (!Array.isArray(given)) return (this.say(at, '格式不对'), [])
    if (given.length > most) this.say(at, `最多 ${most} 项`)
    return given.slice(0, most)
  }
  words(given: unknown, at: string, most: number, longest = 200): string[] {
    return this.list(given, at, most).flatMap((one, n) => this.text(one, `${at}.${n}`, { max: longest, needed: '请填写' }) || [])
  }
  boolean(given: unknown, at: string): boolean {
    if (given !== undefined && given !== null && typeof given !== 'boolean') this.say(at, '格式不对')
    return given === true
  }
  integer(given: unknown, at: string, { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = {}): number | undefined {
    if (given === undefined || given === null) return undefined
    if (!Number.isSafeInteger(given)) return void this.say(at, '请填写整数')
    if ((given as number) < min || (given as number) > max) return void this.say(at, `应在 ${min} 至 ${max} 之间`)
    return given as number
  }
  oneOf<T extends string>(given: unknown, at: string, offered: Readonly<Record<T, unknown>>): T | undefined {
    if (given === undefined || given === null) return undefined
    if (typeof given === 'string' && Object.hasOwn(offered, given)) return given as T
    return void this.say(at, '没有这个选项')
  }
}
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
/** Leaves out what is undefined, empty or false: a definition says only what differs from the usual. */
export function compact<T extends object>(object: T): T {
  return Object.fromEntries(
    Object.entries(object).filter(([, value]) => value !== undefined && value !== '' && value !== false && !(Array.isArray(value) && value.length === 0)),
  ) as T
}
