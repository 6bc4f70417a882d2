import { comparableName, halfWidth, type ImportCandidate } from '#model'
import type { Queryable } from '../../database/database.ts'
import type { DirectorySnapshot, PersonFact } from '../../directory/snapshot.ts'

export type FoundPerson =
  | { person: PersonFact; repair?: { before: string; after: string; why: string } }
  | { doubt: string; candidates: ImportCandidate[] }
  | { missing: string }

/** Finds people by staff number, then number and name. Numbers lose zeros, are used again after somebody left, and differ between systems. */
export class PeopleIndex {
  private readonly byNumber = new Map<string, PersonFact[]>()
  private readonly byStripped = new Map<string, PersonFact[]>()
  private readonly byName = new Map<string, PersonFact[]>()
  private readonly byId: ReadonlyMap<string, PersonFact>
  private readonly directory: DirectorySnapshot

  private constructor(directory: DirectorySnapshot, identifiers: readonly { person: string; value: string }[]) {
    this.directory = directory
    this.byId = directory.people
    for (const person of directory.people.values()) {
      if (person.staffNumber) this.add(person.staffNumber, person)
      push(this.byName, comparableName(person.name), person)
    }
    for (const { person, value } of identifiers) {
      const known = this.byId.get(person)
      if (known) this.add(value, known)
    }
  }
  /** Numbers of other systems count too, while they run. */
  static async load(db: Queryable, directory: DirectorySnapshot, today: string): Promise<PeopleIndex> {
    const identifiers = await db.query<{ person: string; value: string }>(
      `SELECT person, value FROM directory.identifier WHERE deleted_at IS NULL AND state = 'approved' AND ("from" IS NULL OR "from" <= $1::date) AND ("to" IS NULL OR "to" >= $1::date)`,
      [today],
    )
    return new PeopleIndex(directory, identifiers)
  }
  private add(number: string, person: PersonFact): void {
    push(this.byNumber, plainNumber(number), person)
    push(this.byStripped, stripped(number), person)
  }
  byIdentity = (id: string): PersonFact | undefined => this.byId.get(id)

  find(number: string, name: string): FoundPerson {
    return number.trim() ? this.byNumberAndName(number, name) : this.byNameOnly(name)
  }
  /** One text that may be either. */
  findAny(text: string): FoundPerson {
    const { number, name } = splitPerson(text)
    return this.find(number, name)
  }

  private byNumberAndName(number: string, name: string): FoundPerson {
    const plain = plainNumber(number)
    const exact = here(this.byNumber.get(plain) ?? [])
    const found = exact.length ? exact : here(this.byStripped.get(stripped(number)) ?? [])
    const said = comparableName(name)
    const agreeing = said ? found.filter((person) => comparableName(person.name) === said) : found
    if (agreeing.length === 1) {
      const person = agreeing[0]!
      return exact.length
        ? { person }
        : { person, repair: { before: number.trim(), after: person.staffNumber ?? number, why: `工号少了零，按唯一对应为${person.name}` } }
    }
    const named = said ? here(this.byName.get(said) ?? []) : []
    if (agreeing.length) return { doubt: `工号 ${plain} 对应 ${agreeing.length} 人`, candidates: this.candidates(agreeing) }
    if (found.length)
      return {
        doubt: `工号 ${plain} 是${found.map((person) => person.name).join('、')}，与所填姓名不同`,
        candidates: this.candidates([...found, ...named]),
      }
    if (named.length) return { doubt: `没有工号 ${plain}，姓名相同的有`, candidates: this.candidates(named) }
    return { missing: `没有工号为 ${plain} 的人员` }
  }
  private byNameOnly(name: string): FoundPerson {
    const said = comparableName(name)
    if (!said) return { missing: '请填写工号或姓名' }
    const named = here(this.byName.get(said) ?? [])
    if (named.length === 1)
      return {
        person: named[0]!,
        repair: { before: name.trim(), after: `${named[0]!.staffNumber ?? ''} ${named[0]!.name}`.trim(), why: '没有工号，按姓名唯一对应' },
      }
    return named.length
      ? { doubt: `同名的有 ${named.length} 人`, candidates: this.candidates(named) }
      : { missing: `没有名叫“${name.trim()}”的人员` }
  }
  private candidates(people: readonly PersonFact[]): ImportCandidate[] {
    return [...new Set(people)].slice(0, 8).map((person) => ({
      id: person.id,
      title: person.name,
      hint: [person.staffNumber, this.directory.unitName(person.unit), person.status === 'left' ? '已离职' : '']
        .filter(Boolean)
        .join(' · '),
    }))
  }
}
const plainNumber = (number: string): string => halfWidth(number).replace(/\s/g, '').replace(/^'/, '').replace(/\.0+$/, '').toUpperCase()
const stripped = (number: string): string => plainNumber(number).replace(/^0+(?=.)/, '')
/** A number belongs to who is here; somebody who left is meant only when nobody else is. */
function here(people: readonly PersonFact[]): PersonFact[] {
  const all = [...new Set(people)]
  const present = all.filter((person) => person.status !== 'left')
  return present.length ? present : all
}
/** `00123 王磊`, `王磊（00123）`, `00123` or `王磊`. */
export function splitPerson(text: string): { number: string; name: string } {
  const plain = halfWidth(text)
  const number = /[A-Za-z]{0,4}\d[\w-]*/.exec(plain)?.[0] ?? ''
  return { number, name: plain.replace(number, '').replace(/[()[\]（）【】\s/,，-]/g, '') }
}
function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}
