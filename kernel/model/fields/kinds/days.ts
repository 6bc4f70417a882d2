import type { DateRangeValue, Field } from '../field.ts'
import {
  bad, checkDay, dayPattern, ok, ordered, plainFormat, schemas, wrongType,
  type Checked, type KindTable,
} from '../kind.ts' // prettier-ignore
import { addDays, formatInstant, isDay, parseInstant } from '../../clock/day.ts'
import { halfWidth, isEndless, parseDayText, parseMonthText, parseTimeText } from '../text-forms.ts'

const dateWords = { eq: '是', between: '在', gte: '不早于', lte: '不晚于', gt: '晚于', lt: '早于' } as const
const offeredDates = ['between', 'eq', 'gte', 'lte', 'empty', 'notEmpty'] as const
const dated = { operators: ordered, offered: offeredDates, words: dateWords, format: plainFormat, sortable: true } as const

/** A limit as declared: a day, `today`, `today+30`. */
const boundOf = (limit: string, today: string): string =>
  limit === 'today' ? today : limit.startsWith('today') ? addDays(today, Number(limit.slice(5))) : limit
function outsideDays({ min, max }: { min?: string; max?: string }, first: string, last: string, today: string): string | null {
  const [from, to] = [min && boundOf(min, today), max && boundOf(max, today)]
  if (to && isDay(to) && last > to) return max === 'today' ? '不能晚于今天' : `不能晚于 ${to}`
  return from && first < from ? (min === 'today' ? '不能早于今天' : `不能早于 ${from}`) : null
}
const within = (value: string, { min, max }: { min?: string; max?: string }): Checked =>
  min !== undefined && value < min ? bad(`不能早于 ${min}`) : max !== undefined && value > max ? bad(`不能晚于 ${max}`) : ok(value)

export const isRange = (value: unknown): value is DateRangeValue =>
  typeof value === 'object' && value !== null && isDay((value as DateRangeValue).from)
const openWord = ({ options }: Field<'dateRange'>): string => options.openWord ?? '长期'

function checkRange(input: unknown, { options }: Field<'dateRange'>): Checked {
  if (typeof input !== 'object' || input === null) return wrongType
  const { from, to } = input as { from?: unknown; to?: unknown }
  const first = from === null || from === undefined ? bad('请填写开始日期') : checkDay(from)
  if ('problem' in first) return first
  if (to === null || to === undefined || to === '') return options.isOpen ? ok({ from: first.value, to: null }) : bad('请填写结束日期')
  const last = checkDay(to)
  if ('problem' in last) return last
  return (last.value as string) < (first.value as string) ? bad('结束日期不能早于开始日期') : ok({ from: first.value, to: last.value })
}
/** 2024.1.1-2024.3.31, 2024年1月1日至3月31日, 2024/1/1 ~ 长期 */
function parseRange(cell: string, field: Field<'dateRange'>): Checked {
  const plain = halfWidth(cell)
  const words =
    /^(.+?)(?:\s*(?:至|到|~|—+|–|to)\s*|\s+-+\s+)(.*)$/i.exec(plain) ?? /^(\d{4}[./年]\d{1,2}[./月]\d{1,2}日?|\d{8})-(.+)$/.exec(plain)
  if (!words) return bad('请填写起止日期，如 2026-05-01 至 2026-05-31')
  const [, head = '', tail = ''] = words
  const from = parseDayText(head)
  if (!from) return bad('请填写起止日期，如 2026-05-01 至 2026-05-31')
  // 至今 is cut behind its first character.
  const isOpen = tail.trim() === '' || tail.trim() === '今' || isEndless(tail) || tail.trim() === openWord(field)
  const to = isOpen ? null : (parseDayText(tail) ?? parseDayText(`${from.slice(0, 4)}-${tail.replace(/[./月]/g, '-')}`))
  return isOpen || to ? checkRange({ from, to }, field) : bad('请填写起止日期，如 2026-05-01 至 2026-05-31')
}

export const days: KindTable<'date' | 'dateTime' | 'time' | 'yearMonth' | 'dateRange'> = {
  date: {
    ...dated,
    check: checkDay,
    parse: (cell) => (isEndless(cell) ? ok(null) : checkDay(cell)),
    schema: () => ({ ...schemas.text, pattern: dayPattern }),
    limits: (value, { options }, today) => outsideDays(options, value as string, value as string, today),
    isDated: true,
    mask: (value) => `${String(value).slice(0, 4)}-**-**`,
    isPlainFact: true,
  },
  dateTime: {
    ...dated,
    check: (input) => {
      const at = parseInstant(input)
      return at ? ok(at.toISOString()) : bad('请填写带时区的时间，如 2026-05-03T08:30:00+08:00')
    },
    parse: (cell) => {
      const found = /^(.+?)[ T](\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(halfWidth(cell))
      const day = found && parseDayText(found[1]!)
      return day
        ? ok(new Date(`${day}T${found[2]!.padStart(2, '0')}:${found[3]}:${found[4] ?? '00'}+08:00`).toISOString())
        : bad('请填写时间，如 2026-05-03 08:30')
    },
    format: (value) => (typeof value === 'string' ? value : ''),
    cell: (value) => formatInstant(value as string),
    isDated: true,
    sayOperand: (value) => (String(value).includes('T') ? formatInstant(String(value)) : String(value)),
    schema: () => ({ ...schemas.text, format: 'date-time' }),
  },
  time: {
    ...dated,
    check: (input, { options }) => {
      const time = typeof input === 'string' ? parseTimeText(input) : null
      return time ? within(time, options) : bad('请填写时刻，如 08:30')
    },
    parse: (cell) => {
      const time = parseTimeText(cell)
      return time ? ok(time) : bad('请填写时刻，如 08:30')
    },
    schema: () => ({ ...schemas.text, pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' }),
    isEndless: true,
  },
  yearMonth: {
    ...dated,
    check: (input, { options }) => {
      const month = typeof input === 'string' ? parseMonthText(input) : null
      return month ? within(month, options) : bad('请填写年月，如 2026-05')
    },
    parse: (cell) => {
      const month = parseMonthText(cell)
      return month ? ok(month) : bad('请填写年月，如 2026-05')
    },
    schema: () => ({ ...schemas.text, pattern: '^\\d{4}-(0[1-9]|1[0-2])$' }),
  },
  dateRange: {
    check: checkRange,
    parse: parseRange,
    format: (value, field) =>
      isRange(value) ? `${value.from} ${value.to ? `至 ${value.to}` : openWord(field).replace(/^(?!至)/, '至 ')}` : '',
    operators: ['between', 'has', 'empty', 'notEmpty'],
    words: { between: '重叠于', has: '包含' },
    isEndless: true,
    sayOperand: String,
    holds: (value, op, operands) => {
      if (op !== 'between' && op !== 'has') return undefined
      const [first, last = first] = operands.map(String)
      if (!isRange(value) || first === undefined || (op === 'between' && operands.length !== 2)) return false
      return value.from <= last! && (value.to === null || value.to >= first) && first <= last!
    },
    sortable: true,
    schema: () => ({
      type: 'object',
      required: ['from'],
      properties: { from: { ...schemas.text, pattern: dayPattern }, to: { type: ['string', 'null'], pattern: dayPattern } },
    }),
    limits: (value, { options }, today) =>
      isRange(value) ? outsideDays(options, value.from, value.to ?? (options.max ? '9999-12-31' : value.from), today) : null,
    mask: (value) => (isRange(value) ? `${value.from.slice(0, 4)}-**-** 至 ****-**-**` : '***'),
  },
}
