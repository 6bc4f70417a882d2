import { createHash } from 'node:crypto'
import { Refusal } from '#model'
import type { Keeper } from '../check/keeper.ts'
import type { LoadedProcedure, PersonFacts } from '../check/load.ts'
import { staffNumbers } from '../check/memory.ts'
import { grantView } from './changes.ts'
import { writeCursor } from './cursor.ts'

/** What stands at one moment, held still while the memory moves on. */
export interface Standing {
  people: PersonFacts[]
  procedures: ReadonlyMap<string, LoadedProcedure>
  cursor: string
  at: string
  day: string
}
/** Copies references only: facts are replaced in memory, never changed. */
export async function standing(keeper: Keeper, at: Date, day: string): Promise<Standing> {
  await keeper.refresh()
  const { memory } = keeper
  const people = [...memory.people.values()].filter((p) => p.grants.length || p.registrations.length || p.suspensions.length)
  people.sort((a, b) => (a.practitioner.id < b.practitioner.id ? -1 : 1))
  const cursor = writeCursor({ epoch: keeper.epoch, from: keeper.snapshot, to: null, after: 0 })
  return { people, procedures: new Map(memory.procedures), cursor, at: at.toISOString(), day }
}

const checksumRule =
  '每人：当日未到期且状态为 active 或 suspended 的授权，每条为 codeSystem|version|code|from|to|status|narrowedTo（空值为空串），按字节序排序，以换行连接，取 SHA-256 的前 16 个十六进制字符'

/** Count and checksum of a person's standing grants: what a reconciliation compares. */
export function countAndChecksum(
  person: PersonFacts,
  { procedures, day }: Pick<Standing, 'procedures' | 'day'>,
): { count: number; checksum: string } {
  const lines = person.grants
    .filter((g) => (g.status === 'active' || g.status === 'suspended') && (!g.to || g.to >= day))
    .map((g) => {
      const p = procedures.get(g.procedure)
      return [p?.codeSystem, p?.codeVersion, p?.code, g.from, g.to, g.status, g.narrowedTo].map((part) => part ?? '').join('|')
    })
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  return { count: lines.length, checksum: createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 16) }
}

export interface FullEnd {
  practitioners: number
  grants: number
  checksum: string
}
/** The full snapshot, line by line: head, one line a person, and an end that counts and sums what came before it. */
export function* fullLines(s: Standing, whenDone?: (end: FullEnd) => void): Generator<string> {
  const sum = createHash('sha256')
  const line = (value: object): string => {
    const text = `${JSON.stringify(value)}\n`
    sum.update(text)
    return text
  }
  yield line({ kind: 'head', format: 1, at: s.at, day: s.day, cursor: s.cursor, checksumRule })
  let grants = 0
  for (const person of s.people) {
    const { practitioner: p, registrations, suspensions, identifiers } = person
    grants += person.grants.length
    yield line({
      kind: 'practitioner', id: p.id, staffNumber: p.staffNumber, name: p.name, status: p.status, unit: p.unit, traineeKind: p.traineeKind, category: p.category,
      identifiers, registrations, suspensions, grants: person.grants.map((g) => grantView(g, s.procedures)), ...countAndChecksum(person, s),
    }) // prettier-ignore
  }
  const end = { practitioners: s.people.length, grants, checksum: sum.digest('hex') }
  whenDone?.(end)
  yield `${JSON.stringify({ kind: 'end', ...end })}\n`
}

interface Theirs {
  id?: string
  staffNumber?: string
  system?: string
  value?: string
  count: number
  checksum?: string
}
export interface Difference {
  kind: 'unknownHere' | 'differs' | 'missingThere'
  practitioner: { id: string; name: string; staffNumber: string | null } | null
  /** As they called him. */
  asked: Omit<Theirs, 'count' | 'checksum'> | null
  ours: { count: number; checksum: string } | null
  theirs: { count: number; checksum: string | null } | null
  /** What stands here, so that they can mend. */
  grants: Record<string, unknown>[]
}
const maxPeople = 20_000
/** Compares what another system believes with what stands here. `complete`: whoever they do not name is missing there. */
export function reconcile(
  keeper: Keeper,
  s: Standing,
  body: unknown,
): { day: string; cursor: string; compared: number; equal: number; differences: Difference[] } {
  const { practitioners, complete } = (body ?? {}) as { practitioners?: unknown; complete?: unknown }
  if (!Array.isArray(practitioners))
    throw new Refusal('badRequest', '须为 {"practitioners": [{"staffNumber", "count", "checksum"}], "complete": true|false}')
  if (practitioners.length > maxPeople)
    throw new Refusal('tooMany', `一次最多对账 ${maxPeople} 人`, { limit: maxPeople, given: practitioners.length })
  const differences: Difference[] = []
  const named = new Set<string>()
  for (const [i, one] of (practitioners as unknown[]).entries()) {
    const theirs = one as Theirs | null
    if (typeof theirs?.count !== 'number' || (theirs.checksum !== undefined && typeof theirs.checksum !== 'string'))
      throw new Refusal('invalid', undefined, { problems: [{ field: `practitioners.${i}`, message: '须有 count（数字），checksum 可省' }] })
    const person = find(keeper, theirs, s.day)
    if (person) named.add(person.practitioner.id)
    const difference = compare(person, theirs, s)
    if (difference) differences.push(difference)
  }
  const compared = practitioners.length
  const equal = compared - differences.length
  if (complete === true)
    for (const person of s.people) {
      const ours = countAndChecksum(person, s)
      if (ours.count && !named.has(person.practitioner.id))
        differences.push({ kind: 'missingThere', ...view(person, s), asked: null, ours, theirs: null })
    }
  return { day: s.day, cursor: s.cursor, compared, equal, differences }
}
function find({ memory }: Keeper, { id, staffNumber, system, value }: Theirs, day: string): PersonFacts | undefined {
  if (typeof id === 'string') return memory.people.get(id)
  const holders =
    typeof staffNumber === 'string'
      ? memory.holdersOf(staffNumbers, staffNumber, day)
      : typeof system === 'string' && typeof value === 'string'
        ? memory.holdersOf(system, value, day)
        : []
  return holders.length === 1 ? holders[0] : undefined
}
function compare(person: PersonFacts | undefined, { count, checksum, ...asked }: Theirs, s: Standing): Difference | null {
  const theirs = { count, checksum: checksum ?? null }
  if (!person) return { kind: 'unknownHere', practitioner: null, asked, ours: null, theirs, grants: [] }
  const ours = countAndChecksum(person, s)
  if (ours.count === count && (checksum === undefined || checksum === ours.checksum)) return null
  return { kind: 'differs', ...view(person, s), asked, ours, theirs }
}
const view = ({ practitioner: p, grants }: PersonFacts, { procedures }: Standing): Pick<Difference, 'practitioner' | 'grants'> => ({
  practitioner: { id: p.id, name: p.name, staffNumber: p.staffNumber },
  grants: grants.map((g) => grantView(g, procedures)),
})
