import { Environment } from '@marcbachmann/cel-js'

/** What a column of a report is to a formula. */
export type FormulaType = 'number' | 'text' | 'boolean'
export type FormulaValue = number | string | boolean | null
export type FormulaTypes = Readonly<Record<string, FormulaType>>

/** The functions beyond the language's own, as they are offered to who writes a formula. */
export const reportFunctions = [
  { text: 'years(A, today)', label: '两个日期之间的整年数，如年龄、年资' },
  { text: 'days(A, B)', label: '两个日期之间的天数' },
  { text: 'round(A, 1)', label: '四舍五入到几位小数' },
  { text: 'num(A)', label: '空当作 0' },
  { text: 'A > 0 ? "有" : "无"', label: '如果…则…否则…' },
  { text: 'A.contains("主任")', label: '文字里有…' },
] as const

const celTypes = { number: 'double', text: 'string', boolean: 'bool' } as const
const arithmetic: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
}

/**
 * The expression language over a report's columns. A report has one kind of number — every literal is a decimal, so that `A * 2` and `A == null ? 0 : A`
 * mean what they say — and what is known of the columns' types finds a mistake before a record does.
 */
function environmentOf(types: FormulaTypes, isTyped: boolean): Environment {
  const environment = new Environment({ unlistedVariablesAreDyn: false })
  for (const [operator, run] of Object.entries(arithmetic)) {
    environment.registerOperator(`double ${operator} int`, (a: number, b: bigint) => run(a, Number(b)))
    environment.registerOperator(`int ${operator} double`, (a: bigint, b: number) => run(Number(a), b))
  }
  environment.registerOperator('double % double', (a: number, b: number) => a % b)
  environment.registerFunction('years(string, string): double', yearsBetween)
  environment.registerFunction('days(string, string): double', (from: string, to: string) => (dayNumber(to) - dayNumber(from)) / 86_400_000)
  environment.registerFunction('round(double, double): double', (value: number, places: number) => roundTo(value, places))
  environment.registerFunction('num(dyn): double', (value: unknown) => (typeof value === 'number' ? value : 0))
  environment.registerVariable('today', 'string')
  for (const [key, type] of Object.entries(types)) environment.registerVariable(key, isTyped ? celTypes[type] : 'dyn')
  return environment
}
const dayNumber = (day: string): number => Date.parse(`${day.slice(0, 10)}T00:00:00Z`)
/** Whole years from one day to another, as ages are counted. */
function yearsBetween(from: string, to: string): number {
  const years = Number(to.slice(0, 4)) - Number(from.slice(0, 4))
  return to.slice(5, 10) < from.slice(5, 10) ? years - 1 : years
}
/** Half away from zero, as people round: not the double's own half. */
function roundTo(value: number, places: number): number {
  const factor = 10 ** Math.min(Math.max(Math.trunc(places), 0), 8)
  return (Math.sign(value) * Math.round(Number((Math.abs(value) * factor).toPrecision(15)))) / factor
}

const pieces = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[A-Za-z_]\w*|\d+(?:\.\d+)?|[\s\S]/g
const halfWidth: Readonly<Record<string, string>> = { '（': '(', '）': ')', '，': ',', '＋': '+', '－': '-', '×': '*', '÷': '/', '？': '?', '：': ':', '＞': '>', '＜': '<' } // prettier-ignore
/** As people type it → as the language reads it. */
function readable(text: string): string {
  return (text.replace(/[“”]/g, '"').match(pieces) ?? [])
    .map((piece) => (/^\d+$/.test(piece) ? `${piece}.0` : piece === 'null' ? 'dyn(null)' : (halfWidth[piece] ?? piece)))
    .join('')
}

/** The columns that a formula names. */
export function columnsIn(text: string): string[] {
  const names = (text.replace(/[“”]/g, '"').match(pieces) ?? []).filter((piece) => /^[A-Z]{1,2}$/.test(piece))
  return [...new Set(names)]
}

/** What the formula gives, or what is wrong with it in words for who wrote it. */
export function checkReportFormula(text: string, types: FormulaTypes): { type: FormulaType } | { problem: string } {
  if (!text.trim()) return { problem: '请填写公式' }
  if (text.length > 500) return { problem: '公式最多 500 字' }
  const missing = columnsIn(text).find((key) => !Object.hasOwn(types, key))
  if (missing) return { problem: `公式里的“${missing}”不是它前面的列` }
  let said: string
  try {
    const found = environmentOf(types, true).check(readable(text))
    if (found.valid) {
      const type = found.type === 'double' || found.type === 'int' ? 'number' : found.type === 'string' ? 'text' : found.type === 'bool' ? 'boolean' : null // prettier-ignore
      return type ? { type } : { problem: '看不出结果是数字还是文字：请让公式的每一种结果都是同一类' }
    }
    said = found.error?.message ?? ''
  } catch (error) {
    said = error instanceof Error ? error.message : ''
  }
  return { problem: inWords(said.split('\n')[0] ?? '') }
}
const typeWords: Readonly<Record<string, string>> = { double: '数字', int: '数字', string: '文字', bool: '是否', null: '空', dyn: '空' }
const word = (type = ''): string => typeWords[type] ?? '这一类值'
function inWords(message: string): string {
  const overload = /no such overload: (\w+) (\S+) (\w+)/.exec(message)
  if (overload) return `${word(overload[1])}和${word(overload[3])}不能用“${overload[2]}”`
  const branches = /branches must have the same type, got '(\w+)' and '(\w+)'/.exec(message)
  if (branches) return `“?”后面的两种结果要是同一类，现在是${word(branches[1])}和${word(branches[2])}`
  const condition = /condition must be bool, got '(\w+)'/.exec(message)
  if (condition) return `“?”前面要是一个条件，现在是${word(condition[1])}`
  const call = /matching overload for '(\w+)\(/.exec(message)
  if (call) return `没有函数“${call[1]}”，或者给它的值不对`
  const unknown = /Unknown variable: (\S+)/.exec(message)
  if (unknown) return `没有“${unknown[1]}”；文字请加引号`
  const character = /Unexpected character: (.)/.exec(message)
  if (character) return character[1] === '=' ? '判断相等请用两个等号：==' : `看不懂“${character[1]}”；列用字母，文字请加引号`
  if (message.includes('EOF')) return '公式没有写完'
  return '公式写得不对'
}

/** Runs a formula that has been checked. What cannot be worked out — a part is empty, a division by zero — is empty. */
export function compileReportFormula(text: string, types: FormulaTypes): (values: Readonly<Record<string, FormulaValue>>) => FormulaValue {
  const run = environmentOf(types, false).parse(readable(text))
  return (values) => {
    try {
      const value: unknown = run(values)
      if (typeof value === 'bigint') return Number(value)
      if (typeof value === 'number') return Number.isFinite(value) ? value : null
      return typeof value === 'string' || typeof value === 'boolean' ? value : null
    } catch {
      return null
    }
  }
}
/** A number as a report keeps it: at most four places, no exponent. */
export function formulaNumber(value: number): string | null {
  if (Math.abs(value) >= 1e15) return null
  return String(roundTo(value, 4)).includes('e') ? '0' : String(roundTo(value, 4) + 0)
}
