import { createHash } from 'node:crypto'
import {
  everyField, fieldRules, Refusal, rightsDifference,
  type Definitions, type FieldRule, type FieldRules, type Grant, type RightsChange, type RightsVersion, type StoredGrant, type StoredRights,
} from '#model' // prettier-ignore
import { audit } from '../../audit/audit.ts'
import type { Queryable } from '../../database/database.ts'
import type { Kernel } from '../../kernel.ts'
import { actionLabels } from '../access.ts'
import { useLabel } from './matrix.ts'
import { scopeWord } from './words.ts'

interface Row {
  number: number
  at: string
  program: string
  hash: string
  rights: StoredRights
}
/** So many words stand in the audit entry; the page has them all. */
const mostAudited = 200

/** As the program starts: where its roles give otherwise than when it last started, that is kept as a version, with the difference in the audit log. Of processes that start at once one keeps it. */
export async function noteRights(kernel: Kernel, program: string): Promise<void> {
  const rights = rightsNow(kernel.defs)
  const hash = createHash('sha256').update(JSON.stringify(rights.grants)).digest('hex')
  if ((await latest(kernel.db))?.hash === hash) return
  const ctx = await kernel.context({ kind: 'system', reason: '程序启动' }, 'system')
  await kernel.transaction(ctx, async (tx) => {
    await tx.db.query(`SELECT pg_advisory_xact_lock(hashtextextended('rights_version', 7089))`)
    const before = await latest(tx.db)
    if (before?.hash === hash) return
    const number = (before?.number ?? 0) + 1
    await tx.db.query(`INSERT INTO kernel.rights_version (number, at, program, hash, rights) VALUES ($1, $2, $3, $4, $5::json)`, [number, tx.clock.now().toISOString(), program, hash, JSON.stringify(rights)]) // prettier-ignore
    const changes = before ? rightsDifference(before.rights, rights).map(({ words }) => words) : []
    await audit(tx, { act: 'rights.changed', outcome: 'done', detail: { version: number, program, count: changes.length, changes: changes.slice(0, mostAudited) } }) // prettier-ignore
  })
}
const columns = 'number, at, program, hash, rights'
async function latest(db: Queryable): Promise<Row | undefined> {
  const [row] = await db.query<Row & object>(`SELECT ${columns} FROM kernel.rights_version ORDER BY number DESC LIMIT 1`)
  return row
}

/** What all roles give by declaration, in an order that depends on nothing but what it is. */
export function rightsNow(defs: Definitions): StoredRights {
  const stored: StoredRights = { roles: {}, on: {}, actions: { ...actionLabels, use: useLabel }, scopes: {}, fields: {}, grants: {} }
  for (const { name, label } of defs.roles.values()) [stored.roles[name], stored.grants[name]] = [label, {}]
  const rightLabels = Object.assign({}, ...defs.modules.map((m) => m.rights ?? {})) as Record<string, string>
  const all = defs.modules.flatMap((m) => Object.entries(m.roles ?? {}).flatMap(([role, grants]) => grants.map((grant) => ({ role, grant }))))
  for (const { role, grant } of all.toSorted((a, b) => compare(a.role, b.role) || compare(a.grant.on, b.grant.on))) {
    stored.on[grant.on] = defs.resources.get(grant.on)?.label ?? rightLabels[grant.on] ?? grant.on
    addGrant(defs, stored, ((stored.grants[role] ??= {})[grant.on] ??= { acts: {}, rules: {} }), grant)
  }
  return { ...stored, grants: sorted(stored.grants) }
} // prettier-ignore
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

function addGrant(defs: Definitions, stored: StoredRights, to: StoredGrant, { on, actions, scope, fields }: Grant): void {
  const r = defs.resources.get(on) ?? null
  const key = typeof scope === 'string' ? scope : JSON.stringify(scope)
  stored.scopes[key] = scopeWord(defs, r, scope)
  for (const action of actions) to.acts[action] = widest([...(to.acts[action] ?? []), key])
  for (const rule of Object.keys(fieldRules) as FieldRule[]) {
    const keys = keysOf(fields?.[rule])
    for (const one of keys) if (one !== everyField) stored.fields[`${on}.${one}`] = r?.fields[one]?.label ?? one
    if (keys.length) to.rules[rule] = [...new Set([...(to.rules[rule] ?? []), ...keys])].toSorted()
  }
}
const keysOf = (rule: FieldRules[FieldRule]): readonly string[] => (rule === 'all' ? [everyField] : (rule ?? []))
const widest = (scopes: readonly string[]): string[] => (scopes.includes('hospital') ? ['hospital'] : [...new Set(scopes)].toSorted())
/** The same in the order of its keys, all the way down. */
function sorted<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => compare(a, b)).map(([key, one]) => [key, sorted(one as unknown)])) as T // prettier-ignore
}

/** The versions kept, the newest first, each with how much it changed. */
export async function rightsVersions(db: Queryable): Promise<RightsVersion[]> {
  const rows = await db.query<Row & object>(`SELECT ${columns} FROM kernel.rights_version ORDER BY number DESC LIMIT 100`)
  return rows.map(({ number, at, program, rights }, i) => {
    const before = rows[i + 1]
    return { number, at, program, changes: before ? rightsDifference(before.rights, rights).length : null }
  })
}
/** What lies between two versions, in words. Refuses one that was never kept. */
export async function differenceBetween(db: Queryable, from: number, to: number): Promise<RightsChange[]> {
  const rows = await db.query<Row & object>(`SELECT ${columns} FROM kernel.rights_version WHERE number = ANY($1::int[])`, [[from, to]])
  const [before, after] = [from, to].map((number) => rows.find((row) => row.number === number))
  if (!before || !after) throw new Refusal('notFound', '没有这个版本')
  return rightsDifference(before.rights, after.rights)
}
