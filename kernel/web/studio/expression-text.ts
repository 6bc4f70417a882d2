import { fieldsOf, expressionProblem, type FieldDesign } from '#kernel/model/designs/index.ts'
import { kindOf, type Fields } from '#model'

/** Expressions name fields by their keys; people read and write their labels: `[天数] * [单价]`. */
type Named = readonly Pick<FieldDesign, 'key' | 'label'>[]
const pieces = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\[[^[\]"',]+\]|[A-Za-z_]\w*|[^A-Za-z_"'[]+|./gsu
const each = (text: string, change: (piece: string) => string): string => (text.match(pieces) ?? []).map(change).join('')

export const shownExpression = (text: string, fields: Named): string =>
  each(text, (piece) => {
    const found = /^[A-Za-z_]/.test(piece) ? fields.find(({ key }) => key === piece) : undefined
    return found ? `[${found.label}]` : piece
  })
export const storedExpression = (text: string, fields: Named): string =>
  each(text.replace(/[“”]/g, '"').replace(/（/g, '(').replace(/）/g, ')').replace(/，/g, ','), (piece) => {
    const found = piece.startsWith('[') ? fields.find(({ label }) => label === piece.slice(1, -1).trim()) : undefined
    return found ? found.key : piece
  })
export function problemOfExpression(text: string, designs: readonly FieldDesign[]): string | null {
  const unknown = /\[[^[\]"',]+\]/.exec(text.replace(/"(?:[^"\\]|\\.)*"/g, '""'))
  // A list of values stands in brackets, too; a word alone in them is meant for a field.
  if (unknown && !/^\[\s*[\d.\s]*\]$/.test(unknown[0])) return `没有字段“${unknown[0].slice(1, -1)}”`
  return expressionProblem(text, fieldsOf(designs))
}

/** A condition put together by clicking; what is written otherwise stays text. */
export interface Term {
  key: string
  op: TermOp
  value: string | number | boolean | null
}
export const termOps = {
  eq: '等于',
  ne: '不等于',
  gt: '大于',
  gte: '不小于',
  lt: '小于',
  lte: '不大于',
  filled: '已填',
  empty: '没有填',
  has: '包含',
} as const
export type TermOp = keyof typeof termOps
const signs: Partial<Record<TermOp, string>> = { eq: '==', ne: '!=', gt: '>', gte: '>=', lt: '<', lte: '<=' }
/** What can be asked of a field by clicking. */
export function opsOf(fields: Fields, key: string): TermOp[] {
  const field = fields[key]
  if (!field) return []
  const type = kindOf(field).schema(field)['type']
  if (field.kind === 'choice' || type === 'boolean') return ['eq', 'ne', 'filled', 'empty']
  if (field.kind === 'choices' || field.kind === 'tags') return ['has', 'filled', 'empty']
  if (['integer', 'decimal', 'money', 'counter', 'slider', 'rating', 'year'].includes(field.kind))
    return ['gt', 'gte', 'lt', 'lte', 'eq', 'ne', 'filled', 'empty']
  if (['date', 'dateTime', 'time', 'yearMonth'].includes(field.kind)) return ['gt', 'gte', 'lt', 'lte', 'filled', 'empty']
  return type === 'string' && field.kind === 'text' ? ['eq', 'ne', 'filled', 'empty'] : ['filled', 'empty']
}
const isList = (fields: Fields, key: string) => kindOf(fields[key]!).schema(fields[key]!)['type'] === 'array'
const literal = (value: Term['value']): string => (typeof value === 'string' ? JSON.stringify(value) : String(value ?? 'null'))
/** Numbers of some kinds are fractions to the language, those of others whole. */
const number = (fields: Fields, key: string, value: Term['value']): string =>
  typeof value === 'number' && ['decimal', 'money'].includes(fields[key]!.kind) && Number.isInteger(value) ? `${value}.0` : literal(value)
export function writeTerms(terms: readonly Term[], joint: '&&' | '||', fields: Fields): string {
  return terms
    .filter(({ key }) => fields[key])
    .map(({ key, op, value }) => {
      if (op === 'filled') return isList(fields, key) ? `size(${key}) > 0` : `${key} != null`
      if (op === 'empty') return isList(fields, key) ? `size(${key}) == 0` : `${key} == null`
      if (op === 'has') return `${literal(value)} in ${key}`
      const sign = signs[op]!
      // Nothing compares with a value that is not there.
      return op === 'eq' || op === 'ne'
        ? `${key} ${sign} ${number(fields, key, value)}`
        : `${key} != null && ${key} ${sign} ${number(fields, key, value)}`
    })
    .join(` ${joint} `)
}
const compare = /^([a-zA-Z]\w*) (==|!=|>=|<=|>|<) (.+)$/
/** The terms of an expression that `writeTerms` wrote; null for any other. */
export function readTerms(text: string, fields: Fields): { terms: Term[]; joint: '&&' | '||' } | null {
  if (!text.trim()) return { terms: [], joint: '&&' }
  const joint = text.includes(' || ') ? '||' : '&&'
  const terms: Term[] = []
  const parts = text.split(joint === '||' ? / \|\| / : / && /)
  for (let at = 0; at < parts.length; at++) {
    const part = parts[at]!.replace(/^([a-zA-Z]\w*) != null && (?=\1 [<>])/, '')
    const next = parts[at + 1]
    const guard = /^([a-zA-Z]\w*) != null$/.exec(part)
    if (joint === '&&' && guard && next && new RegExp(`^${guard[1]!} [<>]`).test(next)) continue
    const term = readTerm(part, fields)
    if (!term) return null
    terms.push(term)
  }
  return writeTerms(terms, joint, fields) === text ? { terms, joint } : null
}
function readTerm(part: string, fields: Fields): Term | null {
  const size = /^size\(([a-zA-Z]\w*)\) (>|==) 0$/.exec(part)
  if (size && fields[size[1]!]) return { key: size[1]!, op: size[2] === '>' ? 'filled' : 'empty', value: null }
  const has = /^("(?:[^"\\]|\\.)*") in ([a-zA-Z]\w*)$/.exec(part)
  if (has && fields[has[2]!]) return { key: has[2]!, op: 'has', value: JSON.parse(has[1]!) as string }
  const found = compare.exec(part)
  if (!found || !fields[found[1]!]) return null
  const [, key = '', sign = '', given = ''] = found
  if (given === 'null') return { key, op: sign === '==' ? 'empty' : 'filled', value: null }
  const op = (Object.keys(signs) as TermOp[]).find((one) => signs[one] === sign)!
  try {
    return { key, op, value: JSON.parse(given) as Term['value'] }
  } catch {
    return null
  }
}
