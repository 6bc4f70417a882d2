import { kindLabels } from '../fields/kind-labels.ts'
import type { CascadeNode, Choices, ChoiceSpec, Derived, FieldKind } from '../fields/field.ts'
import { isDay } from '../clock/day.ts'
import { readFilter } from '../filter/filter.ts'
import { compact, isObject, type Reader } from './reader.ts'
import { aligns, isFieldClass, type FieldDesign, type Width } from './field-design.ts'
import { optionSpecs, type OptionForm, type OptionSpec } from './option-specs.ts'

/** So many a type, and so many columns a sub-table. */
export const mostFields = 300
export const mostColumnsOfRows = 60
export const mostChoices = 1000
export const longestLabel = 60
const longestExpression = 2000

/** The fields of a definition, in their order. */
export function readFields(reader: Reader, given: unknown, at: string, most = mostFields, inRows = false): FieldDesign[] {
  if (Array.isArray(given) && given.length > most)
    return (reader.say(at, inRows ? `子表最多 ${most} 列` : `一类记录最多 ${most} 个字段：请分成几类记录，或用子表`), [])
  const fields = reader.list(given, at, most).map((one, n) => readField(reader, one, `${at}.${n}`, inRows))
  const [keys, labels] = [new Set<string>(), new Set<string>()]
  fields.forEach(({ key, label }, n) => {
    if (keys.has(key)) reader.say(`${at}.${n}.key`, '与另一个字段重复')
    if (label && labels.has(label)) reader.say(`${at}.${n}.label`, `已有名为“${label}”的字段`)
    keys.add(key)
    labels.add(label)
  })
  return fields
}

/** One field; kinds and options that nobody knows are refused at their place. */
export function readField(reader: Reader, given: unknown, at: string, inRows = false): FieldDesign {
  const from = reader.object(given, at)
  const kind = reader.oneOf<FieldKind>(from['kind'], `${at}.kind`, kindLabels)
  if (!kind && from['kind'] === undefined) reader.say(`${at}.kind`, '请选择字段种类')
  if (inRows && kind === 'rows') reader.say(`${at}.kind`, '子表里不能再放子表')
  const key = typeof from['key'] === 'string' && /^[a-z][a-zA-Z0-9]{0,39}$/.test(from['key']) ? from['key'] : ''
  if (!key) reader.say(`${at}.key`, '字段编号不对')
  const text = (name: string, max: number) => reader.text(from[name], `${at}.${name}`, { max }) || undefined
  const isClass = from['class'] === undefined || isFieldClass(from['class'])
  if (!isClass) reader.say(`${at}.class`, '没有这个选项')
  const derived =
    from['derived'] === undefined || from['derived'] === null ? undefined : readDerived(reader, from['derived'], `${at}.derived`)
  return compact({
    key,
    kind: kind ?? 'text',
    label: reader.text(from['label'], `${at}.label`, { max: longestLabel, needed: '请填写名称' }),
    required: reader.boolean(from['required'], `${at}.required`),
    help: text('help', 500),
    placeholder: text('placeholder', 100),
    ...(from['default'] === undefined || from['default'] === null
      ? {}
      : { default: readDefault(reader, from['default'], `${at}.default`) }),
    visibleWhen: text('visibleWhen', longestExpression),
    requiredWhen: text('requiredWhen', longestExpression),
    readOnly: reader.boolean(from['readOnly'], `${at}.readOnly`) || undefined,
    search: reader.boolean(from['search'], `${at}.search`) || undefined,
    indexed: reader.boolean(from['indexed'], `${at}.indexed`) || undefined,
    wide: reader.boolean(from['wide'], `${at}.wide`) || undefined,
    class: isFieldClass(from['class']) ? from['class'] : undefined,
    from: text('from', 200),
    derived,
    width: reader.integer(from['width'], `${at}.width`, { min: 1, max: 4 }) as Width | undefined,
    align: reader.oneOf(from['align'], `${at}.align`, aligns),
    height: reader.integer(from['height'], `${at}.height`, { min: 2, max: 40 }),
    options: kind ? readOptions(reader, kind, from['options'], `${at}.options`, inRows, derived !== undefined) : {},
  })
}
/** A default is a plain value: what it may be is its kind's to say. */
function readDefault(reader: Reader, given: unknown, at: string): unknown {
  if (JSON.stringify(given).length > 2000) reader.say(at, '默认值太长')
  return given
}
function readDerived(reader: Reader, given: unknown, at: string): Derived | undefined {
  const from = reader.object(given, at)
  if (typeof from['lookup'] === 'string') return { lookup: reader.text(from['lookup'], `${at}.lookup`, { max: 200 }) }
  const roll = isObject(from['rollUp']) ? from['rollUp'] : null
  if (!roll) return reader.say(at, '请选择查找或汇总')
  const how = reader.oneOf(roll['how'], `${at}.how`, { sum: 1, average: 1, min: 1, max: 1, count: 1 })
  const filter = roll['where'] === undefined || roll['where'] === null ? undefined : readFilter(roll['where'])
  if (filter === null) reader.say(`${at}.where`, '筛选条件无法识别')
  const rollUp = {
    of: reader.text(roll['of'], `${at}.of`, { max: 100, needed: '请选择汇总哪类记录' }),
    by: reader.text(roll['by'], `${at}.by`, { max: 100, needed: '请选择按哪个字段找到本记录' }),
    how: how ?? ('count' as const),
  }
  const field = reader.text(roll['field'], `${at}.field`, { max: 100 })
  return { rollUp: { ...rollUp, ...(field ? { field } : {}), ...(filter ? { where: filter } : {}) } }
}

function readOptions(
  reader: Reader,
  kind: FieldKind,
  given: unknown,
  at: string,
  inRows: boolean,
  isDerived: boolean,
): Readonly<Record<string, unknown>> {
  const from = given === undefined || given === null ? {} : reader.object(given, at)
  const specs = optionSpecs[kind] as Readonly<Record<string, OptionSpec | null>>
  const options: Record<string, unknown> = {}
  for (const name of Object.keys(from)) if (!Object.hasOwn(specs, name) && name !== 'target') reader.say(`${at}.${name}`, '没有这项设置')
  for (const [name, spec] of Object.entries(specs)) {
    const value = from[name] ?? undefined
    if (spec && value !== undefined) options[name] = readOption[spec.as](reader, value, `${at}.${name}`, spec, inRows)
    // What is kept from elsewhere takes its kind from there.
    else if (spec?.isNeeded && !isDerived) reader.say(`${at}.${name}`, `请填写${spec.label}`)
  }
  if (options['pattern'] && Number(options['max'] ?? (options['max'] = longestPatterned)) > longestPatterned)
    reader.say(`${at}.max`, `有格式要求的字段最多 ${longestPatterned} 字`)
  return compact(options)
}
/** Texts that are held against a pattern: three loops over them end in milliseconds. */
const longestPatterned = 200

type ReadOption = (reader: Reader, value: unknown, at: string, spec: OptionSpec, inRows: boolean) => unknown
const text: ReadOption = (reader, value, at, { max = 200 }) => reader.text(value, at, { max })
const matching =
  (pattern: RegExp, problem: string): ReadOption =>
  (reader, value, at) =>
    typeof value === 'string' && pattern.test(value) ? value : reader.say(at, problem)
const readOption: Readonly<Record<OptionForm, ReadOption>> = {
  integer: (reader, value, at, { min, max }) =>
    reader.integer(value, at, { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) }),
  decimal: matching(/^-?\d{1,15}(\.\d{1,6})?$/, '请填写数字'),
  text,
  boolean: (reader, value, at) => reader.boolean(value, at),
  words: (reader, value, at) => reader.words(value, at, 200, 60),
  day: (reader, value, at) => (value === 'today' || isDay(value) ? value : reader.say(at, '请填写日期，如 2026-05-03')),
  month: matching(/^\d{4}-(0[1-9]|1[0-2])$/, '请填写年月，如 2026-05'),
  time: matching(/^([01]\d|2[0-3]):[0-5]\d$/, '请填写时刻，如 08:30'),
  pattern: (reader, value, at) => readPattern(reader, value, at),
  choices: readChoices,
  oneOf: (reader, value, at, { offered = {} }) => reader.oneOf(value, at, offered),
  someOf: (reader, value, at, { offered = {} }) => reader.words(value, at, 50).filter((one, n) => reader.oneOf(one, `${at}.${n}`, offered)),
  target: (reader, value, at) => reader.text(value, at, { max: 100, needed: '请选择记录类型' }),
  field: (reader, value, at) => reader.text(value, at, { max: 100, needed: '请选择字段' }),
  expression: (reader, value, at) => reader.text(value, at, { max: longestExpression, needed: '请填写公式' }),
  tree: (reader, value, at) => readTree(reader, value, at),
  columns: (reader, value, at) => readFields(reader, value, at, mostColumnsOfRows, true),
  totals: readTotals,
  filter: (reader, value, at) => (isObject(value) && JSON.stringify(value).length < 4000 ? value : reader.say(at, '筛选条件无法识别')),
}
function readPattern(reader: Reader, value: unknown, at: string): string | undefined {
  const pattern = reader.text(value, at, { max: 200 })
  const problem = pattern && patternProblem(pattern)
  return problem ? reader.say(at, problem) : pattern
}
function readChoices(reader: Reader, given: unknown, at: string): Choices {
  const entries = Object.entries(reader.object(given, at))
  if (entries.length === 0) reader.say(at, '至少一个选项')
  if (entries.length > mostChoices) return (reader.say(at, `最多 ${mostChoices} 个选项：更多时请另建一类记录来引用`), {})
  const labels = new Set<string>()
  return Object.fromEntries(
    entries.map(([key, one], n) => {
      const place = `${at}.${n}`
      if (!/^[a-z][a-zA-Z0-9_]{0,39}$/.test(key)) reader.say(place, '选项编号不对')
      const spec: Partial<ChoiceSpec> = isObject(one) ? one : { label: one as string }
      const label = reader.text(spec.label, place, { max: longestLabel, needed: '请填写选项名称' })
      if (labels.has(label)) reader.say(place, `选项“${label}”重复`)
      labels.add(label)
      const tone = reader.oneOf(spec.tone, place, { good: 1, warn: 1, bad: 1, neutral: 1, info: 1 })
      const alias = reader.words(spec.alias, place, 20, longestLabel)
      const stopped = spec.stopped === true || undefined
      return [key, tone || alias.length || stopped ? compact({ label, tone, alias, stopped }) : label] as const
    }),
  )
}
function readTree(reader: Reader, given: unknown, at: string, depth = 0): CascadeNode[] {
  if (depth > 4) return (reader.say(at, '最多五级'), [])
  return reader.list(given, at, mostChoices).map((one, n) => {
    const place = `${at}.${n}`
    const node = reader.object(one, place)
    const key = reader.text(node['key'], `${place}.key`, { max: 40, needed: '选项编号不对' })
    if (!/^[a-zA-Z0-9_-]*$/.test(key)) reader.say(`${place}.key`, '选项编号不对')
    const children = node['children'] === undefined ? [] : readTree(reader, node['children'], `${place}.children`, depth + 1)
    return compact({ key, label: reader.text(node['label'], `${place}.label`, { max: longestLabel, needed: '请填写选项名称' }), children })
  })
}
function readTotals(reader: Reader, given: unknown, at: string): Readonly<Record<string, string>> {
  const offered = { sum: 1, average: 1, min: 1, max: 1, count: 1 }
  return Object.fromEntries(Object.entries(reader.object(given, at)).slice(0, mostColumnsOfRows).flatMap(([key, how]) => {
    const one = reader.oneOf(how, `${at}.${key}`, offered)
    return one ? [[key, one]] : []
  })) // prettier-ignore
}

/**
 * Why a pattern is not taken, in words; null when it is. Records are held against it as people type: one that could take exponential time is refused, that is a
 * repeated group that itself repeats or offers alternatives, and whatever looks back.
 */
export function patternProblem(pattern: string): string | null {
  try {
    new RegExp(pattern, 'u')
  } catch {
    return '正则表达式有语法错误'
  }
  const bare = pattern.replace(/\\./g, 'x').replace(/\[[^\]]*\]/g, 'x')
  if (/\\[1-9]|\\k</.test(pattern) || /\(\?<?[=!]/.test(bare)) return '正则表达式中不能用反向引用和前后查找'
  if ((bare.match(/[*+]|\{\d+,\}/g) ?? []).length > 3) return '正则表达式过于复杂：不限次数的重复最多三处'
  return repeatsOfRepeats(bare) ? '正则表达式过于复杂：重复的括号里不能再有重复或“或”' : null
}
/** `bare`: without classes and escapes. */
function repeatsOfRepeats(bare: string): boolean {
  const repeats = /^(?:[*+]|\{\d+,\d*\}|\{\d{2,}\})/
  const open: { loops: boolean }[] = []
  for (let at = 0; at < bare.length; at++) {
    if (bare[at] === '(') open.push({ loops: false })
    else if (bare[at] === ')') {
      const inner = open.pop()
      if (inner?.loops && repeats.test(bare.slice(at + 1))) return true
      if (inner?.loops && open.length) open.at(-1)!.loops = true
    } else if (open.length && (bare[at] === '|' || repeats.test(bare.slice(at)) || (bare[at] === '?' && bare[at - 1] !== '(')))
      open.at(-1)!.loops = true
  }
  return false
}
