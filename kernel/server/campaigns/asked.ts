import { readMember, today, type ApiRecord } from '#model'
import type { Context } from '../context.ts'

/** Of the directory's units those that answer as units. */
const answering: ReadonlySet<string> = new Set(['department', 'ward', 'office', 'laboratory'])
/** Who is asked of a campaign: a person, or a unit. */
export interface Asked {
  person: string | null
  unit: string | null
}
export const keyOf = ({ person, unit }: Asked): string => person ?? `unit ${unit}`

/** Everybody at work whom a campaign names on this day, or the units that it names, each once. */
export function askedOf(ctx: Pick<Context, 'directory' | 'clock'>, campaign: ApiRecord): Asked[] {
  return campaign['asked'] === 'units' ? askedUnits(ctx, campaign) : askedPeople(ctx, campaign)
}
const namedIn = (campaign: ApiRecord) => ((campaign['to'] as unknown[] | null) ?? []).flatMap((one) => readMember(one) ?? [])

function askedPeople({ directory, clock }: Pick<Context, 'directory' | 'clock'>, campaign: ApiRecord): Asked[] {
  const day = today(clock)
  const named = namedIn(campaign)
  const groups = (campaign['groups'] as string[] | null) ?? []
  const role = campaign['role'] as string | null
  const direct = new Set([
    ...named.flatMap(({ kind, id }) => (kind === 'person' ? [id] : [])),
    ...directory.groups.flatMap((one) => (groups.includes(one.id) ? one.members.map(({ person }) => person) : [])),
    ...(role ? directory.peopleWithRole(role, day) : []),
  ])
  const units = new Set(named.flatMap(({ kind, id }) => (kind === 'unit' ? directory.unitsUnder(id) : [])))
  const posts = new Set(named.flatMap(({ kind, id }) => (kind === 'post' ? [id] : [])))
  const isAll = named.length === 0 && groups.length === 0 && !role
  const isAsked = (person: string): boolean =>
    isAll ||
    direct.has(person) ||
    (units.size > 0 && directory.unitsOf(person, day).some((unit) => units.has(unit))) ||
    (posts.size > 0 && directory.membershipsOf(person, day).some(({ post }) => posts.has(post)))
  return [...directory.people.values()]
    .filter(({ id }) => directory.isActive(id) && isAsked(id))
    .map(({ id, unit }) => ({ person: id, unit }))
}
/** A unit named above departments stands for those below it; none named: all. */
function askedUnits({ directory }: Pick<Context, 'directory'>, campaign: ApiRecord): Asked[] {
  const named = namedIn(campaign).flatMap(({ kind, id }) => (kind === 'unit' ? [id] : []))
  const isAnswering = (unit: string) => answering.has(directory.units.get(unit)?.kind ?? '')
  const meant = named.length
    ? named.flatMap((unit) => (isAnswering(unit) ? [unit] : directory.unitsUnder(unit).filter(isAnswering)))
    : [...directory.units.keys()].filter(isAnswering)
  return [...new Set(meant)].map((unit) => ({ person: null, unit }))
}

/** Who answers a line today: the person himself while he is at work; of a unit its secretary or head, else the head above it. */
export function answerersOf(
  { directory, clock }: Pick<Context, 'directory' | 'clock'>,
  { person, unit }: Asked,
  answerer: unknown,
): string[] {
  if (person) return directory.isActive(person) ? [person] : []
  if (!unit) return []
  const day = today(clock)
  const secretaries = answerer === 'secretary' ? directory.holders(unit, 'secretary', day) : []
  return secretaries.length ? secretaries : directory.headsOf(unit, day)
}
/** The units for which somebody answers today, as heads do and as secretaries do. */
export function unitsAnsweredBy(ctx: Pick<Context, 'directory' | 'clock'>, person: string): Record<'head' | 'secretary', string[]> {
  const own = ctx.directory.membershipsOf(person, today(ctx.clock)).filter(({ post }) => post !== 'member')
  const near = [...new Set(own.flatMap(({ unit }) => ctx.directory.unitsUnder(unit)))]
  const of = (answerer: string) => near.filter((unit) => answerersOf(ctx, { person: null, unit }, answerer).includes(person))
  return { head: of('head'), secretary: of('secretary') }
}
