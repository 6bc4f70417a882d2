import { isDay, matches, pathsOf, readPath, today, type ApiRecord, type Filter } from '#model'
import type { Decider, FlowEnvironment, Plain } from '#kernel/model/flow/index.ts'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import type { CompiledResource } from '../store/compiled.ts'
import { limitsFor } from './limits.ts'
import { rowsOf } from './request-rows.ts'
import type { Subject } from './subject.ts'

export interface EnvironmentOptions {
  /** Rows that the instance answers for. */
  items?: readonly string[]
  /** The record as the act's own edits leave it. */
  after?: ApiRecord
  /** W9: whose rights the actor has by stand-in rules. */
  mayActFor?: (actor: string, person: string) => boolean
  /** W11: the fields that differ from what the returner saw. */
  changed?: readonly string[]
}

/** What the engine may know, prepared from the directory, calendars and rules in memory and the record as stored. */
export async function flowEnvironment(
  kernel: Kernel,
  ctx: Context,
  { c, shown: record }: Pick<Subject, 'c' | 'shown'>,
  applicant: string,
  options: EnvironmentOptions = {},
): Promise<FlowEnvironment<Filter>> {
  const day = today(ctx.clock)
  const world = {
    ...kernel.world({ ...ctx, actor: { kind: 'system', reason: 'flow' } }),
    read: readPath,
    fieldAt: (path: string) => c.r.fields[path],
  }
  const shown = options.after ?? record
  const limits = await limitsFor(kernel, ctx, { c, shown: record }, applicant)
  return {
    now: ctx.clock.now().toISOString(),
    today: day,
    record: {
      version: record.version,
      ...(options.items ? { items: options.items } : {}),
      ...(options.after ? { after: { version: options.after.version } } : {}),
    },
    ...limits,
    ...(options.mayActFor ? { mayActFor: options.mayActFor } : {}),
    ...(options.changed ? { changed: options.changed } : {}),
    resolve: (decider, { applicant: whose, of }) => resolve(ctx, record, c, decider, whose, of, day),
    isActive: (person) => ctx.directory.isActive(person),
    successorOf: (person) => ctx.directory.people.get(person)?.successor ?? undefined,
    isAdministrator: (person) => ctx.directory.rolesOf(person, day).includes('systemOfficer'),
    evaluate: (condition) => matches(condition, shown, world),
    fieldsOf: (condition) => pathsOf(condition).map((path) => path.split('.')[0]!),
    instantOf(field) {
      const value = shown[field]
      if (typeof value !== 'string' || value === '') return null
      return isDay(value) ? `${value}T00:00:00+08:00` : value
    },
    isFilled(path, rows) {
      const [field = '', column] = path.split('.')
      if (column === undefined) return isGiven(shown[field])
      return rowsOf(shown[field]).every((row) => (rows && !rows.includes(row['id'] as string)) || isGiven(row[column]))
    },
    strictest: (one, other) => stricter(kernel, c, one, other),
  }
}

const isGiven = (value: unknown): boolean =>
  value !== null && value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0)

/** The unit in a form field, else the applicant's own. */
function unitOf(ctx: Context, record: ApiRecord, field: string | undefined, applicant: string): string | null {
  const given = field ? record[field] : null
  return typeof given === 'string' ? given : (ctx.directory.people.get(applicant)?.unit ?? null)
}

function resolve(
  ctx: Context,
  record: ApiRecord,
  c: CompiledResource,
  decider: Decider,
  applicant: string,
  of: string,
  day: string,
): readonly string[] {
  const { directory } = ctx
  switch (decider.kind) {
    case 'people':
      return decider.people
    case 'role':
      return directory.peopleWithRole(decider.role, day)
    case 'post': {
      const unit = decider.unit ? unitOf(ctx, record, decider.unit, applicant) : null
      return unit
        ? directory.holders(unit, decider.post, day)
        : [...directory.units.keys()].flatMap((u) => directory.holders(u, decider.post, day))
    }
    case 'headOf': {
      const unit = unitOf(ctx, record, decider.unit ?? c.r.owner.department, applicant)
      return unit ? directory.headsOf(unit, day) : []
    }
    case 'upper':
      return directory.superiorsOf(of, day)[decider.level - 1] ?? []
    case 'group': {
      const unit = decider.unit ? unitOf(ctx, record, decider.unit, applicant) : null
      // A unit without a group of its own is served by that of the unit above it.
      const places = decider.unit ? (unit ? directory.pathOf(unit) : []) : [null]
      const group = places.map((place) => directory.group(decider.group, place)).find((found) => found !== null)
      const members = group?.members ?? []
      return [...members.filter((m) => m.chair), ...members.filter((m) => !m.chair)].map((m) => m.person)
    }
    case 'office': {
      const unit = unitOf(ctx, record, decider.unit ?? c.r.owner.department, applicant)
      return unit ? officeOf(ctx, decider.office, unit, day) : []
    }
    case 'formField': {
      const value = record[decider.field]
      return typeof value === 'string' ? [value] : Array.isArray(value) ? (value as string[]) : []
    }
    case 'administrator':
      return directory.peopleWithRole('systemOfficer', day)
    default:
      return []
  }
}

/** The holders of an office's role in the unit's campus; where the campus has none, those of its zone. */
function officeOf({ directory }: Context, office: string, unit: string, day: string): readonly string[] {
  const holders = directory.peopleWithRole(office, day)
  const placesOf = (of: string, kind: 'campus' | 'zone'): readonly string[] => {
    const campus = directory.above(of, 'campus')
    return kind === 'zone' ? nearestZones(directory, of) : campus ? [campus.id] : []
  }
  for (const kind of ['campus', 'zone'] as const) {
    const places = placesOf(unit, kind)
    const near = holders.filter((person) =>
      directory.unitsOf(person, day).some((own) => placesOf(own, kind).some((place) => places.includes(place))),
    )
    if (near.length) return near
  }
  return []
}
/** Those of the unit itself, else of the nearest one above that stands in any. */
const nearestZones = (directory: Context['directory'], unit: string): readonly string[] =>
  directory.pathOf(unit).map((above) => directory.units.get(above)!.zones).find((zones) => zones.length) ?? [] // prettier-ignore

/** The stricter of two narrowings: the later in the field's declared order of choices. */
function stricter(_kernel: Kernel, c: CompiledResource, one: Plain, other: Plain): Plain | undefined {
  if (one === other) return one
  const rows = c.rows.find((r) => r.key === c.r.items)
  const field = rows?.fields.find(
    (f) => f.field.kind === 'choice' && typeof one === 'string' && Object.hasOwn((f.field.options as { choices: object }).choices, one),
  )
  const order = field ? Object.keys((field.field.options as { choices: object }).choices) : []
  const places = [one, other].map((value) => order.indexOf(String(value as string)))
  if (places.includes(-1)) return undefined
  // Only neighbours of one scale can be compared: 仅限助手 is stricter than 须上级在场; 仅限择期 is another matter.
  return places.includes(order.indexOf('elective')) ? undefined : places[0]! < places[1]! ? one : other
}
