import { all, any, among, is, isDay, isUuid, not, Refusal, where, type Filter } from '#model'

/** The parameters of FHIR searches that each type answers; each is one condition. */
type Params = Readonly<Record<string, (value: string, today: string) => Filter>>
export const fhirTypes = ['Practitioner', 'PractitionerRole', 'Organization', 'Location'] as const
export type FhirType = (typeof fhirTypes)[number]

/** An id, alone or behind its type. */
const idOf = (value: string, type: string | null): string => {
  const id = type && value.startsWith(`${type}/`) ? value.slice(type.length + 1) : value
  if (!isUuid(id))
    throw new Refusal('badRequest', type ? `“${value.slice(0, 60)}”不是 ${type} 的编号` : `_id 里的“${value.slice(0, 60)}”不是编号`)
  return id
}
const flag = (value: string): boolean => {
  if (value !== 'true' && value !== 'false') throw new Refusal('badRequest', 'active 只能是 true 或 false')
  return value === 'true'
}
/** `system|value` or `value`; which system is told by its last piece. */
const token = (value: string): { system: string | null; value: string } => {
  const [system, ...rest] = value.split('|')
  return rest.length ? { system: decodeURIComponent(system!.split('/').at(-1)!), value: rest.join('|') } : { system: null, value: system! }
}
const updated = (value: string): Filter => {
  const [, sign = 'eq', at = ''] = /^(eq|ge|gt|le|lt)?(\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d))?)$/.exec(value) ?? []
  const op = ({ ge: 'gte', gt: 'gt', le: 'lte', lt: 'lt', eq: 'eq' } as const)[sign as 'ge']
  const instant = new Date(at.length === 10 ? `${at}T00:00:00+08:00` : at)
  if (!at || Number.isNaN(instant.getTime())) throw new Refusal('badRequest', '_lastUpdated 请写成 ge2026-01-31 或带时区的时刻')
  return where('updatedAt', op, instant.toISOString())
}
const onDay = (day: string): Filter => {
  const isGood: boolean = isDay(day)
  if (!isGood) throw new Refusal('badRequest', 'date 请写成 2026-01-31')
  return all(any(where('from', 'empty'), where('from', 'lte', day)), any(where('to', 'empty'), where('to', 'gte', day)))
}
const units: Params = {
  name: (value) => where('name', 'startsWith', value),
  'name:contains': (value) => where('name', 'contains', value),
  identifier: (value) => {
    const { system, value: code } = token(value)
    return system === 'institution-licence' ? is('licence', code) : is('code', code)
  },
  active: (value, today) => (flag(value) ? onDay(today) : not(onDay(today))),
}
const common: Params = { _id: (value) => among('id', value.split(',').map((one) => idOf(one, null))), _lastUpdated: updated } // prettier-ignore
export const searchParams: Readonly<Record<FhirType, Params>> = {
  Practitioner: {
    ...common,
    name: (value) => where('name', 'startsWith', value),
    'name:contains': (value) => where('name', 'contains', value),
    // Numbers of other systems are looked up beforehand.
    identifier: (value) => is('staffNumber', token(value).value),
    active: (value) => (flag(value) ? not(is('status', 'left')) : is('status', 'left')),
  },
  PractitionerRole: {
    ...common,
    practitioner: (value) => is('person', idOf(value, 'Practitioner')),
    organization: (value) => is('unit', idOf(value, 'Organization')),
    location: (value) => is('unit', idOf(value, 'Location')),
    date: onDay,
    active: (value, today) => (flag(value) ? onDay(today) : not(onDay(today))),
    role: (value) => is('post', token(value).value),
  },
  Organization: { ...common, ...units, partof: (value) => is('parent', idOf(value, 'Organization')) },
  Location: {
    ...common,
    ...units,
    status: (value, today) => (value === 'active' ? onDay(today) : not(onDay(today))),
    organization: (value) => is('parent', idOf(value, 'Organization')),
    partof: (value) => is('parent', idOf(value, 'Location')),
  },
}
/** What a search asks for; `_count` and `_page` are no conditions. Refuses parameters that the type does not answer, instead of answering more than was asked for. */
export function filterOf(type: FhirType, query: Readonly<Record<string, unknown>>, today: string): Filter {
  const conditions = Object.entries(query).flatMap(([key, given]) => {
    if (['_count', '_page', '_format'].includes(key)) return []
    const read = Object.hasOwn(searchParams[type], key) ? searchParams[type][key] : undefined
    if (!read) throw new Refusal('badRequest', `${type} 不支持查询参数 ${key.slice(0, 40)}`)
    return (Array.isArray(given) ? given : [given]).map((value) => read(String(value).slice(0, 500), today))
  })
  if (type === 'Organization') conditions.push(not(among('kind', ['campus', 'ward'])))
  if (type === 'Location') conditions.push(among('kind', ['campus', 'ward']))
  return all(...conditions)
}
export const isOtherNumber = (value: string): { system: string; value: string } | null => {
  const { system, value: number } = token(value)
  return system && system !== 'staff-number' ? { system, value: number } : null
}
