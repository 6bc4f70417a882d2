import { checkText } from '../fields/kind.ts'
import type { FieldProblem } from '../refusals.ts'

/** Shapes that something from outside must have. What has another is refused with its path; nothing unknown is let through, nothing is bent. */
export interface Reading {
  /** Notes what is wrong; answers nothing, for whoever answers it on. */
  say(path: string, message: string): undefined
  /** Steps met so far. */
  steps: number
  /** How deeply what is read stands in others of its kind, by kind. */
  readonly depth: Map<unknown, number>
}
/** Answers the value read; undefined when something was said against it. */
export type Shape<T> = (input: unknown, path: string, reading: Reading) => T | undefined
export type Shapes<T> = { readonly [K in keyof T]-?: Shape<NonNullable<T[K]>> }

const join = (path: string, key: string): string => (path ? `${path}.${key}` : key)
export const isPlainObject = (input: unknown): input is Record<string, unknown> =>
  typeof input === 'object' && input !== null && !Array.isArray(input)
/** What a key would find in the prototype of every object: never the name of anything. */
const isInherited = (name: string): boolean => name.split('.').some((part) => part in Object.prototype)

/** Words for people, not too long. None are a fault of a drawing, not something that cannot be kept. */
export const words =
  (most: number): Shape<string> =>
  (input, path, reading) => {
    const checked = checkText(input, most)
    if ('problem' in checked) return reading.say(path, checked.problem)
    return typeof checked.value === 'string' ? checked.value : ''
  }
/** A name or a path of names; empty as long as none has been chosen. */
export const name: Shape<string> = (input, path, reading) => {
  if (typeof input !== 'string') return reading.say(path, '须为名称')
  const problem = nameProblem(input)
  return problem === null ? input : reading.say(path, problem)
}
/** Why words cannot be a name; null when they can. */
export function nameProblem(text: string): string | null {
  if (text.length > 100 || /[\s\p{Cc}]/u.test(text)) return '须为名称：不含空格，最多 100 个字符'
  return isInherited(text) ? `这个名称不能用：${text}` : null
}
export const yesNo: Shape<boolean> = (input, path, reading) => (typeof input === 'boolean' ? input : reading.say(path, '须为是或否'))
/** A number between two others. */
export const number =
  (least: number, most: number): Shape<number> =>
  (input, path, reading) =>
    typeof input === 'number' && input >= least && input <= most ? input : reading.say(path, `须为 ${least} 至 ${most} 的数字`)
/** One of a few words. */
export const oneOf =
  <const T extends string>(...allowed: readonly T[]): Shape<T> =>
  (input, path, reading) =>
    allowed.find((one) => one === input) ?? reading.say(path, `只能是 ${allowed.join('、')}`)
/** A list of at most so many. */
export const listOf =
  <T>(shape: Shape<T>, most: number): Shape<readonly T[]> =>
  (input, path, reading) => {
    if (!Array.isArray(input)) return reading.say(path, '须为列表')
    if (input.length > most) return reading.say(path, `最多 ${most} 项`)
    const read = input.map((one, place) => shape(one, join(path, String(place)), reading))
    return read.every((one) => one !== undefined) ? read : undefined
  }
/** An object of exactly these keys; those that are not needed may be absent. */
export const record =
  <T extends object>(shapes: Shapes<T>, needed: readonly (keyof T & string)[]): Shape<T> =>
  (input, path, reading) => {
    if (!isPlainObject(input)) return reading.say(path, '格式不对')
    const strange = Object.keys(input).filter((key) => !Object.hasOwn(shapes, key))
    for (const key of strange) reading.say(join(path, key.slice(0, 40)), `不认识的内容：${key.slice(0, 40)}`)
    const missing = needed.filter((key) => input[key] === undefined)
    for (const key of missing) reading.say(join(path, key), '缺少这一项')
    const entries = Object.entries<Shape<unknown>>(shapes).flatMap(([key, shape]) =>
      Object.hasOwn(input, key) && input[key] !== undefined ? [[key, shape(input[key], join(path, key), reading)] as const] : [],
    )
    if (strange.length + missing.length > 0 || entries.some(([, value]) => value === undefined)) return undefined
    return Object.fromEntries(entries) as T
  }
/** One of several kinds of object, told apart by `kind` (or the key named), which is read here and not by the shape of the kind. */
export const kinds =
  <T>(shapes: Readonly<Record<string, Shape<T>>>, key = 'kind'): Shape<T> =>
  (input, path, reading) => {
    const { [key]: kind, ...rest } = isPlainObject(input) ? input : {}
    if (typeof kind !== 'string' || !Object.hasOwn(shapes, kind)) return reading.say(join(path, key), '不认识的种类')
    return shapes[kind]!(rest, path, reading)
  }
/** One of two shapes: whichever the input looks like. */
export const either =
  <A, B>(isFirst: (input: unknown) => boolean, first: Shape<A>, second: Shape<B>): Shape<A | B> =>
  (input, path, reading) =>
    isFirst(input) ? first(input, path, reading) : second(input, path, reading)
/** What may stand within itself, but not deeper than this. */
export const nested =
  <T>(most: number, shape: () => Shape<T>): Shape<T> =>
  (input, path, reading) => {
    const depth = reading.depth.get(shape) ?? 0
    if (depth >= most) return reading.say(path, `嵌套太深：最多 ${most} 层`)
    reading.depth.set(shape, depth + 1)
    const read = shape()(input, path, reading)
    reading.depth.set(shape, depth)
    return read
  }

/** Neither NUL nor half of a character can be stored; JSON writes them, and only them, as escapes of these codes. */
const isStorable = (value: unknown): boolean => !/(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/.test(JSON.stringify(value))

/** Reads something whole; what is wrong comes with its path, at most so many. */
export function readAs<T>(shape: Shape<T>, input: unknown, path = '', most = 50): { read: T } | { problems: FieldProblem[] } {
  const problems: FieldProblem[] = []
  const say = (field: string, message: string): undefined => {
    if (problems.length < most) problems.push({ field, message })
  }
  const read = shape(input, path, { say, steps: 0, depth: new Map() })
  if (read !== undefined && problems.length === 0 && !isStorable(read)) say(path, '含有无法保存的字符')
  return read === undefined || problems.length > 0 ? { problems } : { read }
}
