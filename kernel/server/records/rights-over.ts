import { matches, pathsOf, readPath, type ApiRecord, type Field, type Filter } from '#model'
import type { Permission } from '../access/access.ts'
import type { Kernel } from '../kernel.ts'
import { givenOver, type Given } from '../access/record-grants.ts'
import { type Context, personOf } from '../context.ts'
import type { CompiledResource } from '../store/compiled.ts'
import { allowsSql } from '../store/list.ts'

/** What this person may do with this record: by his roles, else by what a colleague gave him of it (`given`: asked for where it is not known). Null: nothing. */
export async function permissionOver(
  kernel: Kernel,
  ctx: Context,
  action: 'read' | 'update' | 'delete' | 'purge' | 'writeDirectly',
  c: CompiledResource,
  record: ApiRecord,
  given?: Given | null,
): Promise<Permission | null> {
  const own = kernel.access.can(ctx.actor, action, c.r.name)
  if (own && (await reaches(kernel, ctx, c, own.filter, record))) return own
  if ((action !== 'read' && action !== 'update') || record.deletedAt) return null
  const found = given === undefined ? await givenOver(ctx, c.r.name, record.id) : given
  if (!found || (found.level !== 'update' && found.level !== action)) return null
  const permission = kernel.access.strictest(c.r.name)
  return found.emergency ? { ...permission, emergency: found.emergency } : permission
}
/** May he open this record to a colleague? Whose it is, and who may change it by a role of his own; what was given is not given on. */
export async function mayGive(kernel: Kernel, ctx: Context, c: CompiledResource, record: ApiRecord): Promise<boolean> {
  const owner = c.r.owner.person
  const read = kernel.access.can(ctx.actor, 'read', c.r.name)
  if (!read || !(await reaches(kernel, ctx, c, read.filter, record))) return false
  if (owner && record[owner] === personOf(ctx.actor) && record[owner]) return true
  const update = kernel.access.can(ctx.actor, 'update', c.r.name)
  return update !== null && reaches(kernel, ctx, c, update.filter, record)
}

/** Does a right's filter let this record through? In memory when it reads only the row itself, else in SQL; both mean the same. */
export async function reaches(
  kernel: Kernel,
  ctx: Context,
  c: CompiledResource,
  filter: Filter | null,
  record: ApiRecord,
): Promise<boolean> {
  if (!filter) return true
  const world = kernel.world(ctx)
  const ownOnly = pathsOf(filter).every((path) => !path.includes('.') && !c.byKey.get(path)?.secret && !asksATree(c.r.fields[path]))
  if (ownOnly) return matches(filter, record, { ...world, read: readPath, fieldAt: (path) => c.r.fields[path] })
  const check = allowsSql(kernel.defs, c, world, filter, record.id)
  return (await ctx.db.query(check.text, check.values)).length > 0
}

/** Which records stand below one is known to the database only; of units the directory in memory knows it. */
const asksATree = (field: Field | undefined): boolean =>
  field !== undefined && 'parent' in field.options && (field.options as { target: string }).target !== 'directory.unit'
