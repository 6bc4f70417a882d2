import { kindOf, people, type Field } from '#model'
import { fedPersonFields, type FedField } from './feed.rules.ts'

/** A name as it is compared: without spaces, one kind of middle dot, one width. 王 磊 = 王磊; 阿卜杜拉•买买提 = 阿卜杜拉·买买提. */
export const comparedName = (name: string): string => name.normalize('NFKC').replace(/\s+/g, '').replace(/[•‧∙⋅・．.·]/g, '·').toLowerCase() // prettier-ignore
/** A number that lost its zeros on the way through a spreadsheet. */
export const withoutZeros = (number: string): string => number.replace(/^0+(?=.)/, '')

/** What a source says of one person, as it can be stored. `unit` is the source's own code. */
export interface FeedPerson {
  /** From 1, as it stood in the batch. */
  line: number
  number: string
  name: string
  unit: string | null
  facts: Partial<Record<Exclude<FedField, 'unit' | 'name'>, string>>
  /** What could not be read, each fact with why; the rest of the line counts. */
  unread: string[]
}
export interface WrongLine {
  line: number
  number: string
  name: string
  message: string
}
export const mostLines = 20_000
const plainText = (value: unknown): string => (typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '').trim()
const facts = (Object.keys(fedPersonFields) as FedField[]).filter((key): key is Exclude<FedField, 'unit' | 'name'> => key !== 'unit' && key !== 'name') // prettier-ignore

/** Reads lines as other systems send them: each by itself, values in the spellings that people use. A number that comes twice counts the first time. */
export function readLines(given: readonly unknown[]): { people: FeedPerson[]; wrong: WrongLine[] } {
  const [read, wrong]: [FeedPerson[], WrongLine[]] = [[], []]
  const first = new Map<string, number>()
  for (const [i, one] of given.entries()) {
    const record = (typeof one === 'object' && one !== null ? one : {}) as Record<string, unknown>
    const [line, number, name] = [i + 1, plainText(record['number']).normalize('NFKC'), plainText(record['name'])]
    const refuse = (message: string) => wrong.push({ line, number: number.slice(0, 30), name: name.slice(0, 60), message })
    if (!number || number.length > 30) refuse('缺少工号，或工号超过 30 位')
    else if (!name || name.length > 60) refuse('缺少姓名，或姓名超过 60 字')
    else if (first.has(number)) refuse(`与第 ${first.get(number)} 行的工号相同`)
    else {
      first.set(number, line)
      read.push({ line, number, name, unit: plainText(record['unit']).slice(0, 80) || null, ...readFacts(record) })
    }
  }
  return { people: read, wrong }
}
function readFacts(record: Readonly<Record<string, unknown>>): Pick<FeedPerson, 'facts' | 'unread'> {
  const [known, unread]: [FeedPerson['facts'], string[]] = [{}, []]
  for (const key of facts) {
    const cell = plainText(record[key])
    if (!cell) continue
    const field = people.fields[key] as Field
    const parsed = kindOf(field).parse(cell, field)
    if ('problem' in parsed) unread.push(`${fedPersonFields[key]}“${cell.slice(0, 20)}”：${parsed.problem}`)
    else if (typeof parsed.value === 'string') known[key] = parsed.value
  }
  return { facts: known, unread }
}

/** Who is here, as far as matching asks. */
export interface KnownPerson {
  id: string
  name: string
  staffNumber: string | null
  birthDate: string | null
  identityNumber: string | null
  hasLeft: boolean
}
export interface Known {
  /** By his number in this source, as it holds today. */
  byNumber: ReadonlyMap<string, KnownPerson>
  byStaffNumber: ReadonlyMap<string, KnownPerson>
  byIdentity: ReadonlyMap<string, KnownPerson>
  /** Without their zeros: numbers of the source and of the house. */
  byZeroless: ReadonlyMap<string, readonly KnownPerson[]>
  byName: ReadonlyMap<string, readonly KnownPerson[]>
}
export interface Candidate {
  person: string
  why: string
}
export type Match = { kind: 'sure'; person: string } | { kind: 'doubtful'; candidates: Candidate[]; message: string } | { kind: 'new' }

/** Indexes of everybody in one pass. `numbers`: numbers in the source, by person. */
export function knownOf(everybody: readonly KnownPerson[], numbers: ReadonlyMap<string, readonly string[]>): Known {
  const [byNumber, byStaffNumber, byIdentity] = [new Map<string, KnownPerson>(), new Map<string, KnownPerson>(), new Map<string, KnownPerson>()]
  const [byZeroless, byName] = [new Map<string, KnownPerson[]>(), new Map<string, KnownPerson[]>()]
  const push = (map: Map<string, KnownPerson[]>, key: string, one: KnownPerson) => {
    const list = map.get(key)
    if (!list) map.set(key, [one])
    else if (!list.includes(one)) list.push(one)
  }
  for (const one of everybody) {
    for (const number of numbers.get(one.id) ?? []) {
      byNumber.set(number, one)
      push(byZeroless, withoutZeros(number), one)
    }
    // A number that was used again belongs to who is here.
    if (one.staffNumber && (!one.hasLeft || !byStaffNumber.has(one.staffNumber))) byStaffNumber.set(one.staffNumber, one)
    if (one.staffNumber) push(byZeroless, withoutZeros(one.staffNumber), one)
    if (one.identityNumber) byIdentity.set(one.identityNumber, one)
    push(byName, comparedName(one.name), one)
  }
  return { byNumber, byStaffNumber, byIdentity, byZeroless, byName }
} // prettier-ignore

/**
 * Who a line is. Sure are: one identity number and one name; the source's number and the name; the house's number and the name, where birthdays do not
 * contradict. Everything else that might be somebody waits for a person who claims it (hospital data: numbers lose zeros, are used again, names repeat).
 */
export function matchOf({ number, name, facts: { identityNumber, birthDate } }: FeedPerson, known: Known): Match {
  const same = (one: KnownPerson) => comparedName(one.name) === comparedName(name)
  const doubt = (message: string, ...found: [KnownPerson, string][]): Match => ({ kind: 'doubtful', message, candidates: found.map(([one, why]) => ({ person: one.id, why })) })
  const sure = (one: KnownPerson): Match => (one.hasLeft ? doubt('已离职的人员又出现', [one, '已离职']) : { kind: 'sure', person: one.id })
  const byNumber = known.byNumber.get(number)
  const byIdentity = identityNumber ? known.byIdentity.get(identityNumber) : undefined
  if (byIdentity && byNumber && byIdentity !== byNumber) return doubt('工号和证件号码属于不同的人', [byIdentity, '证件号码相同'], [byNumber, '来源工号相同'])
  if (byIdentity) return same(byIdentity) ? sure(byIdentity) : doubt('证件号码相同，姓名不同', [byIdentity, '证件号码相同'])
  const contradicts = (one: KnownPerson) =>
    (identityNumber && one.identityNumber ? identityNumber !== one.identityNumber : false) || (birthDate && one.birthDate ? birthDate !== one.birthDate : false)
  if (byNumber) {
    if (!same(byNumber)) return doubt('工号相同，姓名不同', [byNumber, '来源工号相同'])
    return contradicts(byNumber) ? doubt('工号和姓名相同，证件号码或出生日期不同', [byNumber, '来源工号相同']) : sure(byNumber)
  }
  const byStaffNumber = known.byStaffNumber.get(number)
  if (byStaffNumber && same(byStaffNumber) && !contradicts(byStaffNumber)) return sure(byStaffNumber)
  const might: [KnownPerson, string][] = [
    ...(byStaffNumber ? [[byStaffNumber, '院内工号相同'] as [KnownPerson, string]] : []),
    ...(known.byZeroless.get(withoutZeros(number)) ?? []).filter((one) => same(one)).map((one): [KnownPerson, string] => [one, '去掉前面的零后工号相同']),
    ...(known.byName.get(comparedName(name)) ?? []).filter((one) => !contradicts(one)).map((one): [KnownPerson, string] => [one, birthDate && one.birthDate ? '姓名和出生日期相同' : '同名']),
  ]
  const once = might.filter(([one], i) => might.findIndex(([other]) => other === one) === i).slice(0, 20)
  return once.length ? doubt('可能是已有的人员', ...once) : { kind: 'new' }
} // prettier-ignore
