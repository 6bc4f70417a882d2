import { addDays, type Day } from './clock/day.ts'
import { isProtected } from './fields/classes.ts'
import type { Field } from './fields/field.ts'
import type { Filter } from './filter/filter.ts'

/** The kinds of view of one list. */
export const lookLabels = { table: '表格', board: '看板', calendar: '日历', timeline: '时间线', tree: '层级' } as const
export type LookKind = keyof typeof lookLabels
export const calendarSpans = { month: '月', week: '周', day: '日' } as const
export type CalendarSpan = keyof typeof calendarSpans
export const zooms = { week: '周', month: '月', quarter: '季' } as const
export type Zoom = keyof typeof zooms

/** How a list is drawn, and by which of its fields. Null stands for the table. */
export type Look =
  | { kind: 'board'; by: string }
  | { kind: 'calendar'; on: string; span: CalendarSpan }
  /** Bars along one range of days (`to` null), or between two dates; in groups by a field. */
  | { kind: 'timeline'; from: string; to: string | null; by: string | null; zoom: Zoom }
  /** `by`: the field that names the record above. */
  | { kind: 'tree'; by: string }

const nothing = '-'
const isKey = (text: string | undefined): text is string => text !== undefined && /^[a-zA-Z][a-zA-Z0-9_]{0,99}$/.test(text)
const keyOr = (text: string | undefined): string | null | undefined => (text === nothing ? null : isKey(text) ? text : undefined)

/** Reads a look as it stands in addresses and kept views: `board:status`, `calendar:on:week`, `timeline:from:to:unit:month`, `tree:parent`; null when it is none. */
export function readLook(text: string): Look | null {
  const [kind, first, ...rest] = text.split(':')
  if (!isKey(first)) return null
  if (kind === 'board' || kind === 'tree') return rest.length ? null : { kind, by: first }
  if (kind === 'calendar') {
    const [span = 'month', ...more] = rest
    return more.length === 0 && Object.hasOwn(calendarSpans, span) ? { kind, on: first, span: span as CalendarSpan } : null
  }
  if (kind !== 'timeline' || rest.length !== 3) return null
  const [to, by] = [keyOr(rest[0]), keyOr(rest[1])]
  const zoom = rest[2]!
  return to === undefined || by === undefined || !Object.hasOwn(zooms, zoom) ? null : { kind, from: first, to, by, zoom: zoom as Zoom }
}
export function writeLook(look: Look | null): string {
  if (!look) return ''
  if (look.kind === 'calendar') return `calendar:${look.on}:${look.span}`
  if (look.kind === 'timeline') return `timeline:${look.from}:${look.to ?? nothing}:${look.by ?? nothing}:${look.zoom}`
  return `${look.kind}:${look.by}`
}
/** The fields that a look reads. */
export function fieldsOfLook(look: Look): string[] {
  if (look.kind === 'calendar') return [look.on]
  if (look.kind === 'timeline') return [look.from, look.to, look.by].filter((key) => key !== null)
  return [look.by]
}

const ofKind =
  (...kinds: readonly Field['kind'][]) =>
  (field: Field): boolean =>
    kinds.includes(field.kind) && !isProtected(field)
/** May the columns of a board, or the groups of a timeline, be made by this field? */
export const makesColumns = ofKind('choice', 'boolean', 'switch', 'person', 'unit', 'reference', 'tree')
/** Does the field say when something is? */
export const saysWhen = ofKind('date', 'dateTime', 'dateRange')
export const saysMoment = ofKind('date', 'dateTime')
export const saysSpan = ofKind('dateRange')
/** Does the field name a record of its own type? `isSame`: is this target's table the type's own? */
export const namesParent = (field: Field, isSame: (target: string) => boolean): boolean => {
  const { target } = field.options as { target?: string }
  return ofKind('reference', 'tree', 'unit', 'person')(field) && target !== undefined && isSame(target)
}

/** Do the fields of a type allow this look? */
export function fitsLook(look: Look, fieldAt: (key: string) => Field | undefined, isSame: (target: string) => boolean): boolean {
  const is = (key: string, test: (field: Field) => boolean): boolean => {
    const field = fieldAt(key)
    return field !== undefined && test(field)
  }
  switch (look.kind) {
    case 'board':
      return look.by === 'state' || is(look.by, makesColumns)
    case 'calendar':
      return is(look.on, saysWhen)
    case 'timeline':
      return (
        (look.to === null ? is(look.from, saysSpan) : is(look.from, saysMoment) && is(look.to, saysMoment)) &&
        (look.by === null || is(look.by, makesColumns))
      )
    case 'tree':
      return is(look.by, (field) => namesParent(field, isSame))
  }
}

/** The records that a field puts on these days, both included. */
export function onDays(field: string, kind: Field['kind'], first: Day, last: Day): Filter {
  if (kind !== 'dateTime') return { field, op: 'between', value: [first, last] }
  return { and: [{ field, op: 'gte', value: first }, { field, op: 'lt', value: addDays(last, 1) }] } // prettier-ignore
}
/** The records whose time from one date to the other touches these days; without an end it goes on. */
export function duringDays(from: { key: string; kind: Field['kind'] }, to: { key: string } | null, first: Day, last: Day): Filter {
  if (!to) return onDays(from.key, from.kind, first, last)
  const begun: Filter =
    from.kind === 'dateTime' ? { field: from.key, op: 'lt', value: addDays(last, 1) } : { field: from.key, op: 'lte', value: last }
  return {
    and: [
      begun,
      {
        or: [
          { field: to.key, op: 'gte', value: first },
          { field: to.key, op: 'empty' },
        ],
      },
    ],
  }
}
