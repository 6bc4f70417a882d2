import { isProtected,
  isGiven, Refusal, today,
  type Field, type FieldPeople, type FieldReach, type FieldRights, type ResolvedResource, type RightsFields, type Sight,
} from '#model' // prettier-ignore
import { audit } from '../../audit/audit.ts'
import type { Context } from '../../context.ts'
import type { Kernel } from '../../kernel.ts'
import type { Access, Permission } from '../access.ts'
import { holdersOf, type Holder } from './holders.ts'
import { groupsOf, reachOf } from './matrix.ts'
import { ownWord } from './words.ts'

const sights: readonly Sight[] = ['plain', 'masked', 'own', 'hidden', 'none']
const perPage = 50

/** Every field that can be asked about, by record type. */
export function fieldsToAsk(kernel: Kernel): RightsFields {
  const groups = groupsOf(kernel, (kind, name, label) => {
    const fields = kind === 'records' ? Object.entries(kernel.defs.resource(name).fields) : []
    return { name, label, fields: fields.map(([key, field]) => ({ key, label: field.label, isProtected: isProtected(field) })) }
  })
  return { groups: groups.map(({ module, label, lines }) => ({ module, label, types: lines.filter(({ fields }) => fields.length > 0) })).filter(({ types }) => types.length > 0) } // prettier-ignore
}

/** How roles and people meet a field. Refuses what is not there. */
export async function rightsOfField(kernel: Kernel, ctx: Context, resource: string, key: string): Promise<FieldRights> {
  const { r, field } = fieldAt(kernel, resource, key)
  const { access } = kernel
  const day = today(kernel.clock)
  const holders = holdersOf(ctx.directory, day)
  const reach = reachByRoles(access, r, key, field)
  const counts: Record<Sight, number> = { plain: 0, masked: 0, own: 0, hidden: 0, none: 0 }
  for (const holder of holders) counts[reach(holder).sight]++
  const [given] = await ctx.db.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM kernel.record_grant WHERE resource = $1 AND withdrawn_at IS NULL AND until >= $2::date`,
    [r.name, day],
  )
  return {
    resource: r.name,
    label: r.label,
    field: key,
    fieldLabel: field.label,
    isProtected: isProtected(field),
    writtenBySystem: systemWrites(r, field),
    roles: [...access.defs.roles.values()].map((role) => ({
      role: role.name,
      roleLabel: role.label,
      people: role.everyone ? holders.length : holders.filter(({ roles }) => roles.includes(role.name)).length,
      ...reachOfRoles(access, [role.name], r, key, field),
    })),
    counts,
    given: given?.count ?? 0,
  }
}
/** The people who meet a field so, a page of them; that they were looked through is audited. */
export async function peopleOfField(
  kernel: Kernel,
  ctx: Context,
  resource: string,
  key: string,
  asked: { sight: string; q: string; after: number },
): Promise<FieldPeople> {
  const { r, field } = fieldAt(kernel, resource, key)
  if (!(sights as readonly string[]).includes(asked.sight)) throw new Refusal('badRequest', '请选择怎样看得到')
  const words = asked.q.trim().toLowerCase()
  const reach = reachByRoles(kernel.access, r, key, field)
  const fits = ({ person }: Holder) => !words || person.name.toLowerCase().includes(words) || person.staffNumber?.toLowerCase().startsWith(words) === true // prettier-ignore
  const found = holdersOf(ctx.directory, today(kernel.clock)).filter((one) => reach(one).sight === asked.sight && fits(one))
  const page = found.slice(asked.after, asked.after + perPage)
  await audit(ctx, { act: 'rights.field', outcome: 'done', resource: r.name, detail: { field: key, sight: asked.sight, after: asked.after, count: found.length } }) // prettier-ignore
  return {
    rows: page.map((one) => ({
      id: one.person.id,
      name: one.person.name,
      staffNumber: one.person.staffNumber,
      unit: ctx.directory.unitName(one.person.unit),
      roles: giving(kernel.access, one.roles, r),
      ...reach(one),
    })),
    total: found.length,
    next: asked.after + page.length < found.length ? asked.after + page.length : null,
  }
}

function fieldAt(kernel: Kernel, resource: string, key: string): { r: ResolvedResource; field: Field } {
  const r = kernel.defs.resource(resource)
  const field = Object.hasOwn(r.fields, key) ? r.fields[key] : undefined
  if (!field) throw new Refusal('notFound', `“${r.label}”没有这个字段`)
  return { r, field }
}
const systemWrites = (r: ResolvedResource, field: Field): string | null =>
  isGiven(field) ? '由系统算出，不能填写' : field.readOnly ? '由系统写入，不能填写' : r.writtenBy === 'module' ? '随业务流程产生，不能直接填写' : null // prettier-ignore

/** Of everybody's roles and those assigned, the ones that open the record. */
const giving = (access: Access, roles: readonly string[], r: ResolvedResource): string[] =>
  access.rolesOf({ kind: 'person', person: '', account: '', name: '', roles }).filter((role) => access.derive([role], 'read', r)).map((role) => access.defs.roles.get(role)?.label ?? role) // prettier-ignore
/** Many people hold the same roles: worked out once for each set of them. */
function reachByRoles(access: Access, r: ResolvedResource, key: string, field: Field): (holder: Holder) => FieldReach {
  const known = new Map<string, FieldReach>()
  return ({ roles }) => {
    const set = roles.join()
    let found = known.get(set)
    if (!found) {
      const held = access.rolesOf({ kind: 'person', person: '', account: '', name: '', roles })
      known.set(set, (found = reachOfRoles(access, held, r, key, field)))
    }
    return found
  }
}
function reachOfRoles(access: Access, roles: readonly string[], r: ResolvedResource, key: string, field: Field): FieldReach {
  const read = access.derive(roles, 'read', r)
  const scope = read ? reachOf(access, roles, 'read', r) : ''
  const mayWrite = (permission: Permission | null) => permission !== null && !permission.readOnly.has(key) && !permission.hidden.has(key)
  const writes = (['update', 'create'] as const).filter((action) => systemWrites(r, field) === null && mayWrite(access.derive(roles, action, r)))
  const words = writes.map((action) => `${action === 'create' ? '新增' : '修改'} ${reachOf(access, roles, action, r)}`)
  return { sight: sightOf(read, scope, key), scope, writes: words.length ? words.join('，') : null }
} // prettier-ignore
/** In his own row everybody sees what is masked elsewhere. */
function sightOf(read: Permission | null, scope: string, key: string): Sight {
  if (!read) return 'none'
  if (read.hidden.has(key)) return 'hidden'
  if (scope === ownWord) return 'own'
  return read.masked.has(key) ? 'masked' : 'plain'
}
