import type { Field, Total } from './field.ts'
import { kindOf } from './kinds.ts'

/** Can the values of this column be added up or averaged? */
export const isTotalled = (field: Field): boolean => kindOf(field).isNumber?.(field) === true

const words: Record<Total, string> = { sum: '合计', average: '平均', min: '最小', max: '最大', count: '计数' }
export const totalWord = (how: Total): string => words[how]

/** The foot of a column: exact for decimals (scaled whole numbers, never doubles); null over nothing. */
export function totalOf(how: Total, values: readonly unknown[]): string | null {
  const filled = values.filter((value) => value !== null && value !== undefined && value !== '')
  if (how === 'count') return String(filled.length)
  const texts = filled.map(String).filter((text) => /^-?\d+(\.\d+)?$/.test(text))
  if (texts.length === 0) return null
  const scale = Math.max(...texts.map((text) => (text.split('.')[1] ?? '').length), how === 'average' ? 2 : 0)
  const whole = texts.map((text) => scaledUp(text, scale))
  const sum = whole.reduce((a, b) => a + b, 0n)
  const of = { sum, average: halfUp(sum, BigInt(whole.length)), min: least(whole, -1n), max: least(whole, 1n) }[how]
  return scaledDown(of, scale)
}
const scaledUp = (text: string, scale: number): bigint => {
  const [head = '', tail = ''] = text.split('.')
  return BigInt(head + tail.padEnd(scale, '0'))
}
function scaledDown(value: bigint, scale: number): string {
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, '0')
  const text = scale ? `${digits.slice(0, -scale)}.${digits.slice(-scale)}` : digits
  return value < 0n ? `-${text}` : text
}
const halfUp = (sum: bigint, count: bigint): bigint => {
  const size = ((sum < 0n ? -sum : sum) * 2n + count) / (count * 2n)
  return sum < 0n ? -size : size
}
const least = (list: readonly bigint[], sign: bigint): bigint => list.reduce((a, b) => ((a - b) * sign < 0n ? b : a))
