import { buttonName, buttonWords, type ActionButton, type ButtonValue, type ButtonWork } from '../buttons/index.ts'
import { readFilter } from '../filter/filter.ts'
import { capTimes, type Cap, type Limits, type OpenHours } from '../limits/limits.ts'
import { compact, isObject, type Reader } from './reader.ts'

const numberOf = (reader: Reader, given: unknown, at: string): number => {
  if (typeof given === 'number' && Number.isFinite(given)) return given
  reader.say(at, '请填写数字')
  return 1
}
export function readLimits(reader: Reader, given: unknown, at: string): Limits | undefined {
  if (given === undefined || given === null) return undefined
  const from = reader.object(given, at)
  const open = from['open'] === undefined ? undefined : readOpen(reader, from['open'], `${at}.open`)
  const caps = reader.list(from['caps'], `${at}.caps`, 10).map((one, n) => readCap(reader, one, `${at}.caps.${n}`))
  const limits = compact({ open: open && Object.keys(open).length ? open : undefined, caps }) as Limits
  return Object.keys(limits).length ? limits : undefined
}
function readOpen(reader: Reader, given: unknown, at: string): OpenHours {
  const from = reader.object(given, at)
  const hours = from['hours'] === undefined || from['hours'] === null ? undefined : reader.object(from['hours'], `${at}.hours`)
  const word = (of: Readonly<Record<string, unknown>>, key: string, place: string, max: number) => reader.text(of[key], `${place}.${key}`, { max })
  return compact({
    from: word(from, 'from', at, 10),
    until: word(from, 'until', at, 10),
    days: reader.list(from['days'], `${at}.days`, 7).flatMap((day, n) => reader.integer(day, `${at}.days.${n}`, { min: 1, max: 7 }) ?? []),
    hours: hours && { from: word(hours, 'from', `${at}.hours`, 5), until: word(hours, 'until', `${at}.hours`, 5) },
  })
} // prettier-ignore
function readCap(reader: Reader, given: unknown, at: string): Cap {
  const from = reader.object(given, at)
  const most = isObject(from['most'])
    ? { field: reader.text(from['most']['field'], `${at}.most`, { max: 60 }) }
    : numberOf(reader, from['most'], `${at}.most`)
  const where = from['where'] === undefined || from['where'] === null ? undefined : readFilter(from['where'])
  if (where === null) reader.say(`${at}.where`, '筛选条件无法识别')
  return {
    by: reader.text(from['by'], `${at}.by`, { max: 60, needed: '请选择按什么计' }),
    per: reader.oneOf(from['per'], `${at}.per`, capTimes) ?? 'ever',
    most,
    ...compact({
      amount: reader.text(from['amount'], `${at}.amount`, { max: 60 }),
      message: reader.text(from['message'], `${at}.message`, { max: 200 }),
      where: where ?? undefined,
    }),
  }
}

export function readButtons(reader: Reader, given: unknown, at: string): ActionButton[] {
  return reader.list(given, at, 20).map((one, n): ActionButton => {
    const place = `${at}.${n}`
    const from = reader.object(one, place)
    const name = reader.text(from['name'], `${place}.name`, { max: 31 })
    if (!buttonName.test(name)) reader.say(`${place}.name`, '按钮编号格式不对')
    return {
      name,
      label: reader.text(from['label'], `${place}.label`, { max: 12 }),
      does: readWork(reader, from['does'], `${place}.does`),
      ...compact({
        when: reader.text(from['when'], `${place}.when`, { max: 2000 }),
        confirm: reader.text(from['confirm'], `${place}.confirm`, { max: 200 }),
        many: reader.boolean(from['many'], `${place}.many`),
      }),
    }
  })
}
function readWork(reader: Reader, given: unknown, at: string): ButtonWork {
  const from = reader.object(given, at)
  if (isObject(from['set'])) {
    const entries = Object.entries(from['set']).slice(0, 20)
    return { set: Object.fromEntries(entries.map(([key, value]) => [key, readValue(reader, value, `${at}.set.${key}`)])) }
  }
  const text = (key: string, max: number) => reader.text(from[key], `${at}.${key}`, { max })
  if (from['begin'] !== undefined) {
    const fill = reader.object(from['fill'] ?? {}, `${at}.fill`)
    const entries = Object.entries(fill).slice(0, 30)
    return { begin: text('begin', 80), fill: Object.fromEntries(entries.map(([to, own]) => [to, reader.text(own, `${at}.fill.${to}`, { max: 60 })])) }
  }
  if (from['open'] !== undefined) return { open: text('open', 500) }
  if (from['print'] !== undefined) return { print: reader.text(from['print'], `${at}.print`, { max: 80 }) }
  reader.say(at, '请选择按钮做什么')
  return { open: '' }
} // prettier-ignore
function readValue(reader: Reader, given: unknown, at: string): ButtonValue {
  const from = reader.object(given, at)
  if (from['word'] !== undefined) return { word: reader.oneOf(from['word'], at, buttonWords) ?? 'empty' }
  if (from['expression'] !== undefined) return { expression: reader.text(from['expression'], at, { max: 2000 }) }
  const value = from['value'] ?? null
  if (JSON.stringify(value).length > 5000) reader.say(at, '内容太长')
  return { value }
}
