import { all, among, any, is, today, where, type ApiRecord, type Filter } from '#model'
import type { Context } from '#kernel/server/context.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { listAll } from '#kernel/server/records/list-all.ts'
import { knownOf, type Known, type KnownPerson } from './match.ts'

/** Everybody and every code that a run compares with: read once, in pages, as the program itself. */
export interface FeedWorld {
  people: ReadonlyMap<string, ApiRecord>
  known: Known
  /** Numbers in this source, by person. */
  numbers: ReadonlyMap<string, readonly string[]>
  /** Units of the house by the source's code; by the house's own code where nothing is entered, by a name that only one has. */
  units: ReadonlyMap<string, string>
}
const everyone = async (kernel: Kernel, ctx: Context, name: string, filter: Filter): Promise<ApiRecord[]> =>
  (await listAll(kernel, ctx, name, { filter, sort: ['id'] })).rows
const holding = (day: string) =>
  all(any(where('from', 'empty'), where('from', 'lte', day)), any(where('to', 'empty'), where('to', 'gte', day)))

/** `some`: only these people are looked at, where it is known who is meant. */
export async function loadWorld(kernel: Kernel, given: Context, system: string, some: readonly string[] | null = null): Promise<FeedWorld> {
  const ctx: Context = { ...given, actor: { kind: 'system', reason: '人员对接' } }
  const day = today(ctx.clock)
  const [people, identifiers, codes] = [
    await everyone(kernel, ctx, 'directory.person', some ? among('id', some) : all()),
    await everyone(kernel, ctx, 'directory.identifier', all(is('system', system), holding(day), ...(some ? [among('person', some)] : []))),
    await everyone(kernel, ctx, 'organisation.unitCode', all(is('system', system), holding(day))),
  ]
  const numbers = new Map<string, string[]>()
  for (const one of identifiers) {
    const person = String(one['person'])
    numbers.set(person, [...(numbers.get(person) ?? []), String(one['value'])])
  }
  const own = [...ctx.directory.units.values()].map(({ code, id }): [string, string] => [code, id])
  const units = new Map([...uniqueNames(ctx), ...own, ...codes.map((one): [string, string] => [String(one['code']), String(one['unit'])])])
  return { people: new Map(people.map((one) => [one.id, one])), known: knownOf(people.map(asKnown), numbers), numbers, units }
}
/** Files name units as people do; a name that is one unit's alone means it. */
function uniqueNames(ctx: Context): [string, string][] {
  const byName = Map.groupBy(ctx.directory.units.values(), ({ name }) => name)
  return [...byName].flatMap(([name, same]): [string, string][] => (same.length === 1 ? [[name, same[0]!.id]] : []))
} // prettier-ignore
const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)
const asKnown = (one: ApiRecord): KnownPerson => ({
  id: one.id,
  name: String(one['name']),
  staffNumber: text(one['staffNumber']),
  birthDate: text(one['birthDate']),
  identityNumber: text(one['identityNumber']),
  hasLeft: one['status'] === 'left',
})
