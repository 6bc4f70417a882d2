import { hasRecord, Refusal, writtenType, type Action, type ApiRecord, type Automation } from '#model'
import type { Permission } from '../access/access.ts'
import { contextOfPerson } from '../access/person-context.ts'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { refuseFilters, refuseHidden } from '../records/may-ask.ts'
import { reaches } from '../records/rights-over.ts'
import { originOf } from './origin.ts'
import type { CompiledResource } from '../store/compiled.ts'

/** A context in which a person acts through an automation; null when he has left or his account is stopped. `run`: told in the history of what is written. */
export async function contextOfRunner(kernel: Kernel, person: string | null, label: string, run: string): Promise<Context | null> {
  const ctx = person === null ? null : await contextOfPerson(kernel, person, originOf(run))
  if (!ctx || ctx.actor.kind !== 'person') return null
  const [account] = await kernel.db.query<{ stopped: boolean }>(
    `SELECT bool_and(status <> 'active') AS stopped FROM security.account WHERE person = $1::uuid AND deleted_at IS NULL`,
    [person],
  )
  if (account?.stopped) return null
  return { ...ctx, actor: { ...ctx.actor, name: `${ctx.actor.name}（自动化：${label}）` } }
}
/** What an automation does with records, as rights name it. */
function neededBy(kernel: Kernel, automation: Automation): [Action, string][] {
  const needed: [Action, string][] = hasRecord(automation) ? [['read', automation.resource]] : []
  for (const act of automation.acts) {
    const name = writtenType(kernel.defs, automation, act)
    if (name === null) continue
    needed.push([act.kind === 'create' ? 'create' : 'update', name])
    if (act.kind === 'update') needed.push(['read', name])
  }
  return needed
}
/**
 * Why this person may not run it for that publisher, in words; null when he may. Nobody does through an automation what he may not do himself: of all that it
 * needs, its runner has no right that reaches farther than the publisher's. Scopes that begin with "my" are each person's own, and never within another's.
 */
export function lacking(kernel: Kernel, automation: Automation, runner: Context, publisher: Context): string | null {
  const isSame = person(runner) === person(publisher)
  for (const [action, resource] of neededBy(kernel, automation)) {
    const said = `${actions[action]}“${kernel.defs.resources.get(resource)?.label ?? resource}”`
    const right = kernel.access.can(runner.actor, action, resource)
    if (!right) return `运行身份“${nameOf(runner)}”没有${said}的权限`
    const unasked = action === 'read' && resource === automation.resource ? unaskable(kernel, automation, runner, right) : null
    if (unasked) return unasked
    if (isSame) continue
    const own = kernel.access.can(publisher.actor, action, resource)
    if (!own || !isWithin(right, own)) return `运行身份“${nameOf(runner)}”${said}的权限超出发布人“${nameOf(publisher)}”的权限`
  }
  return null
}
/** Conditions on what the runner may not see would tell what is hidden from him. */
function unaskable(kernel: Kernel, { resource, when, where, was }: Automation, runner: Context, right: Permission): string | null {
  const c = kernel.resource(resource)
  try {
    refuseFilters(kernel, runner, c, right, [where, was])
    refuseHidden(kernel, runner, c, right, when.kind === 'date' ? [when.date] : when.kind === 'changed' ? when.fields : [])
    return null
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return `运行身份“${nameOf(runner)}”不能使用这些条件：${error.message}`
  }
}
const actions: Partial<Record<Action, string>> = { read: '查看', create: '新增', update: '修改' }
/** What a runner may do with this record by his roles; null: nothing. */
export async function ownRight(kernel: Kernel, runner: Context, action: 'read' | 'update', c: CompiledResource, stored: ApiRecord): Promise<Permission | null> {
  const right = kernel.access.can(runner.actor, action, c.r.name)
  return right && (await reaches(kernel, runner, c, right.filter, stored)) ? right : null
} // prettier-ignore
const person = ({ actor }: Context): string | null => (actor.kind === 'person' ? actor.person : null)
const nameOf = ({ actor, directory }: Context): string => (actor.kind === 'person' ? directory.nameOf(actor.person) : '')
function isWithin(right: Permission, own: Permission): boolean {
  const text = JSON.stringify(own.filter)
  if (own.filter !== null && (text !== JSON.stringify(right.filter) || text.includes('"my"'))) return false
  const mine = own.inOthers ?? own
  return [right.inOwn ?? right, right.inOthers ?? right].every(
    (his) => mine.hidden.isSubsetOf(his.hidden) && mine.readOnly.isSubsetOf(his.readOnly) && own.masked.isSubsetOf(right.masked),
  )
}
