import { dayOf } from '#model'
import type { RuleBook } from '#kernel/model/rules/index.ts'
import { loadCards, loadSignatures } from '#kernel/server/clock/load-planning.ts'
import type { Queryable } from '#kernel/server/database/database.ts'
import type { GrantFact, PractitionerFact, ProcedureFact, RegistrationFact, SuspensionFact } from './facts.rules.ts'
import { admissionRule } from '../application/application.limits.rules.ts'
import type { ModeRule } from './check.rules.ts'

// Reads the facts of the check. Each query serves both the first filling (all) and a refresh (some, by id: owner and primary-key indexes).

export interface IdentifierFact {
  system: string
  value: string
  from: string | null
  to: string | null
}
/** All that the check knows of one person. */
export interface PersonFacts {
  practitioner: PractitionerFact
  registrations: RegistrationFact[]
  grants: GrantFact[]
  suspensions: SuspensionFact[]
  identifiers: IdentifierFact[]
}
export interface StandardCode {
  codeSystem: string
  codeVersion: string
  code: string
}
export interface LoadedProcedure extends ProcedureFact {
  standard: StandardCode | null
}
export interface MappingFact {
  codeSystem: string
  codeVersion: string | null
  code: string
  procedure: string
  confirmedOn: string | null
}
export interface UnitNode {
  id: string
  code: string
  name: string
  kind: string
  parent: string | null
  licence: string | null
}

const alive = `t.deleted_at IS NULL AND t.state = 'approved'`
type Of<T> = T & { person: string }

/** Facts of these people, or of everybody. Who is not there (any more) is not in the answer. */
export async function loadPeople(db: Queryable, ids: readonly string[] | null): Promise<Map<string, PersonFacts>> {
  const values = ids ? [ids] : []
  const some = (column: string) => (ids ? `${alive} AND t.${column} = ANY($1::uuid[])` : alive)
  const people = await db.query<PractitionerFact & { leftAt: string | null }>(
    `SELECT t.id, t.name, t.staff_number AS "staffNumber", t.unit, t.status, t.category, t.trainee_kind AS "traineeKind", t.title_level AS "titleLevel",
       t.appointed_on AS "appointedOn", t.appointed_title AS "appointedTitle",
       CASE WHEN t.status = 'left' THEN (SELECT CASE WHEN bool_and(m."to" IS NOT NULL) THEN max(m."to") + 1 END FROM directory.membership m WHERE m.person = t.id AND m.deleted_at IS NULL) END AS "leftOn",
       CASE WHEN t.status = 'left' THEN (SELECT max(h.at) FROM kernel.history h WHERE h.resource = 'directory.person' AND h.record = t.id AND h.changes->'status'->>1 = 'left') END AS "leftAt"
     FROM directory.person t WHERE ${some('id')}`,
    values,
  )
  const found = new Map<string, PersonFacts>()
  const shared = sharing()
  for (const p of people) {
    const practitioner: PractitionerFact = {
      id: p.id, name: p.name, staffNumber: p.staffNumber, unit: shared(p.unit), status: shared(p.status), category: shared(p.category), traineeKind: shared(p.traineeKind),
      titleLevel: shared(p.titleLevel), appointedOn: shared(p.appointedOn), appointedTitle: shared(p.appointedTitle),
      leftOn: p.leftOn ?? (p.leftAt ? dayOf(new Date(p.leftAt)) : null),
    } // prettier-ignore
    found.set(p.id, { practitioner, registrations: [], grants: [], suspensions: [], identifiers: [] })
  }
  for (const r of await db.query<Of<RegistrationFact>>(
    `SELECT t.id, t.practitioner AS person, t.kind, t.institution, t.filed_institutions AS "filedInstitutions", t.status, t."from", t."to",
       t.suspended_from AS "suspendedFrom", t.suspended_to AS "suspendedTo", t.cancelled_on AS "cancelledOn"
     FROM staff.registration t WHERE ${some('practitioner')}`,
    values,
  ))
    found.get(r.person)?.registrations.push({
      id: r.id, kind: shared(r.kind), institution: shared(r.institution), filedInstitutions: r.filedInstitutions?.map(shared) ?? null, status: shared(r.status),
      from: shared(r.from), to: shared(r.to), suspendedFrom: shared(r.suspendedFrom), suspendedTo: shared(r.suspendedTo), cancelledOn: shared(r.cancelledOn),
    }) // prettier-ignore
  for (const g of await db.query<Of<GrantFact>>(
    `SELECT t.id, t.number, t.practitioner AS person, t.procedure, t.level, t.mode, t."from", t."to", t.narrowed_to AS "narrowedTo",
       t.supervised_cases AS "supervisedCases", t.supervised_done AS "supervisedDone", t.status, t.ended_on AS "endedOn"
     FROM privileges."grant" t WHERE ${some('practitioner')}`,
    values,
  ))
    found.get(g.person)?.grants.push({
      id: g.id, number: g.number, procedure: shared(g.procedure), level: shared(g.level), mode: shared(g.mode), from: shared(g.from), to: shared(g.to),
      narrowedTo: shared(g.narrowedTo), supervisedCases: g.supervisedCases, supervisedDone: g.supervisedDone, status: shared(g.status), endedOn: shared(g.endedOn),
    }) // prettier-ignore
  for (const { person, ...s } of await db.query<Of<SuspensionFact>>(
    `SELECT t.id, t.practitioner AS person, t.procedure, t."from", t.lifted_on AS "liftedOn" FROM privileges.suspension t WHERE ${some('practitioner')}`,
    values,
  ))
    found.get(person)?.suspensions.push(s)
  for (const { person, ...i } of await db.query<Of<IdentifierFact>>(
    `SELECT t.person, t.system, t.value, t."from", t."to" FROM directory.identifier t WHERE ${some('person')}`,
    values,
  ))
    found.get(person)?.identifiers.push(i)
  return found
}
/** A hundred thousand grants name some thousand procedures and days: each text is kept once, in little memory that stays close. */
function sharing(): <T extends string | null>(text: T) => T {
  const known = new Map<string, string>()
  return <T extends string | null>(text: T): T => {
    if (text === null) return text
    const same = known.get(text)
    if (same === undefined) known.set(text, text)
    return (same ?? text) as T
  }
}

/** These procedures, or all, with the published code each stands for. */
export async function loadProcedures(db: Queryable, ids: readonly string[] | null): Promise<LoadedProcedure[]> {
  const rows = await db.query<ProcedureFact & { system: string | null; version: string | null; published: string | null }>(
    `SELECT t.id, t.name, t.code_system AS "codeSystem", t.code_version AS "codeVersion", t.code, t.level, t.operation_type AS "operationType",
       coalesce(t.restricted, false) AS restricted, t.title_condition AS "titleCondition", coalesce(t.enabled, true) AS enabled,
       s.code_system AS system, s.code_version AS version, s.code AS published
     FROM privileges.procedure t LEFT JOIN privileges.standard_procedure s ON s.id = t.standard WHERE ${alive}${ids ? ' AND t.id = ANY($1::uuid[])' : ''}`,
    ids ? [ids] : [],
  )
  return rows.map(({ system, version, published, ...p }) => ({
    ...p,
    standard: system === null ? null : { codeSystem: system, codeVersion: version!, code: published! },
  }))
}

/** What is small and read whole: units, modes, rule cards, code mappings, and which code systems are known at all. */
export interface House {
  units: UnitNode[]
  modes: ModeRule[]
  titleRules: RuleBook
  mappings: MappingFact[]
  systems: string[]
}
export async function loadHouse(db: Queryable): Promise<House> {
  const units = await db.query<UnitNode>(`SELECT t.id, t.code, t.name, t.kind, t.parent, t.licence FROM directory.unit t WHERE ${alive}`)
  const modes = await db.query<ModeRule>(
    `SELECT t.unit, t.urgency, t.mode FROM privileges.check_mode t WHERE ${alive} AND t.kind = 'procedure'`,
  )
  const titleRules = { cards: [admissionRule, ...(await loadCards(db))], signatures: await loadSignatures(db) }
  const mappings = await db.query<MappingFact>(
    `SELECT t.code_system AS "codeSystem", t.code_version AS "codeVersion", t.code, t.procedure, t.confirmed_on AS "confirmedOn" FROM privileges.code_mapping t WHERE ${alive}`,
  )
  // A loose index scan over the unique key: thousands of codes, a handful of systems.
  const systems = await db.query<{ name: string }>(
    `WITH RECURSIVE s AS (SELECT min(code_system) AS name FROM privileges.standard_procedure
       UNION ALL SELECT (SELECT min(code_system) FROM privileges.standard_procedure WHERE code_system > s.name) FROM s WHERE s.name IS NOT NULL)
     SELECT name FROM s WHERE name IS NOT NULL`,
  )
  return { units, modes, titleRules, mappings, systems: systems.map((s) => s.name) }
}
