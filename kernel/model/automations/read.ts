import { Reader, isObject } from '../designs/reader.ts'
import { filterProblem, readFilter, type Filter } from '../filter/filter.ts'
import type { Receiver, Rhythm } from '../reminders/definition.ts'
import {
  actKinds,
  mostInAutomation as most,
  valueSources,
  whenKinds,
  type Automation,
  type AutomationAct,
  type AutomationValue,
  type AutomationWhen,
  type SetValue,
} from './definition.ts'

type Given = Readonly<Record<string, unknown>>
const receiverKinds = { owner: 1, headOfUnit: 1, field: 1, role: 1, people: 1 } as const
const reaches = { hospital: 1, campus: 1, unit: 1 } as const

/** An automation as it comes from outside, also half drawn: refuses what is none, each problem at its place. What is missing yet is proved apart. */
export function readAutomation(value: unknown): Automation {
  const read = new Reader()
  const given = read.object(value, '')
  const automation: Automation = {
    label: read.text(given['label'], 'label', { max: 60 }),
    resource: name(read, given['resource'], 'resource'),
    when: whenOf(read, given['when']),
    where: filterOf(read, given['where'], 'where'),
    was: filterOf(read, given['was'], 'was'),
    acts: read.list(given['acts'], 'acts', most.acts).flatMap((one, n) => actOf(read, one, `acts.${n}`) ?? []),
    ...(read.boolean(given['onImport'], 'onImport') ? { onImport: true } : {}),
    runsAs: name(read, given['runsAs'], 'runsAs') || null,
  }
  read.done()
  return automation
}
const name = (read: Reader, given: unknown, at: string): string => read.text(given, at, { max: 200 })
function filterOf(read: Reader, given: unknown, at: string): Filter | null {
  if (given === undefined || given === null) return null
  const problem = filterProblem(given)
  if (problem) read.say(at, problem)
  return problem ? null : readFilter(given)
}
const timeOf = (read: Reader, given: unknown): number => read.integer(given, 'when.at', { min: 0, max: 1439 }) ?? 480

function whenOf(read: Reader, value: unknown): AutomationWhen {
  const given = read.object(value ?? {}, 'when')
  const kind = read.oneOf(given['kind'], 'when.kind', whenKinds) ?? 'created'
  if (kind === 'changed') return { kind, fields: read.words(given['fields'], 'when.fields', most.fields) }
  if (kind === 'date')
    return {
      kind,
      date: name(read, given['date'], 'when.date'),
      days: read.integer(given['days'], 'when.days', { min: -most.days, max: most.days }) ?? 0,
      at: timeOf(read, given['at']),
    }
  if (kind === 'schedule')
    return { kind, rhythm: rhythmOf(read, given['rhythm']), at: timeOf(read, given['at']), each: read.boolean(given['each'], 'when.each') }
  return { kind }
}
function rhythmOf(read: Reader, value: unknown): Rhythm {
  const given = read.object(value ?? {}, 'when.rhythm')
  const every = read.oneOf(given['every'], 'when.rhythm', { day: 1, workday: 1, week: 1, month: 1 }) ?? 'day'
  if (every === 'day' || every === 'workday') return { every }
  const max = every === 'week' ? 7 : 31
  const on = read.list(given['on'], 'when.rhythm', 31).flatMap((one) => read.integer(one, 'when.rhythm', { min: 1, max }) ?? [])
  return { every, on } as Rhythm
}

function actOf(read: Reader, value: unknown, at: string): AutomationAct | null {
  const given = read.object(value, at)
  const kind = read.oneOf(given['kind'], `${at}.kind`, actKinds)
  if (kind === 'create') return { kind, resource: name(read, given['resource'], `${at}.resource`), values: valuesOf(read, given, at) }
  if (kind === 'update') return { kind, at: name(read, given['at'], `${at}.at`) || null, values: valuesOf(read, given, at) }
  if (kind === 'message')
    return {
      kind,
      whom: read.list(given['whom'], `${at}.whom`, most.receivers).flatMap((one, n) => receiverOf(read, one, `${at}.whom.${n}`) ?? []),
      title: read.text(given['title'], `${at}.title`, { max: 100 }),
      text: read.text(given['text'], `${at}.text`, { max: 500 }),
    }
  if (kind === 'webhook')
    return {
      kind,
      url: read.text(given['url'], `${at}.url`, { max: 500 }),
      fields: read.words(given['fields'], `${at}.fields`, most.fields),
    }
  read.say(`${at}.kind`, '请选择要做什么')
  return null
}
const valuesOf = (read: Reader, given: Given, at: string): SetValue[] =>
  read.list(given['values'], `${at}.values`, most.values).map((one, n) => {
    const place = `${at}.values.${n}`
    const set = read.object(one, place)
    return { field: name(read, set['field'], place), value: valueOf(read, set['value'], place) }
  })
function valueOf(read: Reader, value: unknown, at: string): AutomationValue {
  const given = read.object(value, at)
  const from = read.oneOf(given['from'], at, valueSources) ?? 'constant'
  if (from === 'field') return { from, field: name(read, given['field'], at) }
  if (from === 'expression') return { from, text: read.text(given['text'], at, { max: most.text }) }
  if (from === 'hook') return { from, key: read.text(given['key'], at, { max: 60 }) }
  if (from === 'today' || from === 'runner') return { from }
  const constant = given['value'] ?? null
  if ((JSON.stringify(constant) ?? '').length > most.text * 4) read.say(at, '内容过长')
  return { from: 'constant', value: constant }
}
function receiverOf(read: Reader, value: unknown, at: string): Receiver | null {
  const given = read.object(value, at)
  const who = read.oneOf(given['who'], at, receiverKinds)
  if (who === 'owner' || who === 'headOfUnit') return { who, gathered: false }
  if (who === 'field') return { who, field: name(read, given['field'], at), gathered: false }
  if (who === 'people') return { who, people: read.words(given['people'], at, 200), gathered: false }
  if (who === 'role')
    return { who, role: name(read, given['role'], at), of: read.oneOf(given['of'], at, reaches) ?? 'hospital', gathered: false }
  if (!isObject(value) || who === undefined) read.say(at, '请选择告诉谁')
  return null
}
