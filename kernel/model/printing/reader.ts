import { checkText } from '../fields/kind.ts'
import type { FieldProblem } from '../refusals.ts'

export type Given = Readonly<Record<string, unknown>>
export const isObject = (value: unknown): value is Given => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Collects what is wrong, each at its place, and answers what stands there meanwhile. */
export class PrintReader {
  readonly problems: FieldProblem[] = []
  wrong(field: string, message: string): void {
    this.problems.push({ field, message })
  }
  text(value: unknown, field: string, most: number): string {
    const checked = checkText(value ?? '', most, false)
    if ('value' in checked) return (checked.value as string | null) ?? ''
    this.wrong(field, checked.problem)
    return ''
  }
  number(value: unknown, field: string, { min, max, usual }: { min: number; max: number; usual: number }): number {
    if (value === undefined || value === null) return usual
    if (typeof value === 'number' && Number.isFinite(value) && value >= min && value <= max) return Math.round(value * 100) / 100
    this.wrong(field, `请填写 ${min} 至 ${max}`)
    return usual
  }
  list(value: unknown, field: string, most: number): unknown[] {
    if (value === undefined || value === null) return []
    if (Array.isArray(value) && value.length <= most) return value as unknown[]
    this.wrong(field, `最多 ${most} 个`)
    return []
  }
  names(value: unknown, field: string, most: number): string[] {
    return this.list(value, field, most).flatMap((one) => {
      if (typeof one === 'string' && one.length > 0 && one.length <= 200) return [one]
      this.wrong(field, '无法识别')
      return []
    })
  }
  name(value: unknown, field: string): string | null {
    if (value === undefined || value === null || value === '') return null
    return this.names([value], field, 1)[0] ?? null
  }
  oneOf<T extends string>(value: unknown, known: readonly T[], field: string, usual: T): T {
    if (value === undefined || value === null) return usual
    if (known.includes(value as T)) return value as T
    this.wrong(field, '无法识别')
    return usual
  }
  colour(value: unknown, field: string, usual: string): string {
    if (value === undefined || value === null) return usual
    if (typeof value === 'string' && /^#[0-9a-f]{6}$/i.test(value)) return value.toLowerCase()
    this.wrong(field, '颜色须写作 #1f6f78')
    return usual
  }
}
