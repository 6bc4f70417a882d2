import {
  choiceLabel, accounts, Refusal, today, postsOf, type Definitions,
  type Action, type PersonAccount, type PersonAct, type PersonLine, type PersonRights, type ResolvedResource, type RightsReason, type RoleSource,
} from '#model' // prettier-ignore
import { audit } from '../../audit/audit.ts'
import type { Actor, Context } from '../../context.ts'
import type { AssignmentFact, DirectorySnapshot } from '../../directory/snapshot.ts'
import type { Kernel } from '../../kernel.ts'
import { actionLabels, type Access } from '../access.ts'
import { asActor } from './holders.ts'
import { actions, givesRight, groupsOf, reachOf, rightReach, useLabel } from './matrix.ts'
import { treatmentOf } from './words.ts'

/** What somebody may do, over which rows, with which fields, and what gives it to him; that it was asked is audited. Refuses an unknown person. */
export async function rightsOfPerson(kernel: Kernel, ctx: Context, person: string): Promise<PersonRights> {
  const { directory } = ctx
  const fact = directory.people.get(person)
  if (!fact) throw new Refusal('notFound', '没有这个人')
  const day = today(kernel.clock)
  const actor = asActor(directory, person, day)
  const answer: PersonRights = {
    person: { id: person, name: fact.name, staffNumber: fact.staffNumber, unit: directory.unitName(fact.unit), isActive: directory.isActive(person) }, // prettier-ignore
    accounts: await accountsOf(ctx, person),
    roles: rolesWithSources(kernel.access, directory, actor, day),
    idle: [...notHeld(kernel.access, directory, actor, day), ...(await waiting(kernel, ctx, person))],
    groups: groupsOf(kernel, (kind, name, label) =>
      kind === 'records' ? recordLine(kernel.access, actor, kernel.defs.resource(name)) : rightLine(kernel.access, actor, name, label),
    ),
    given: await givenTo(kernel, ctx, person, day),
  }
  await audit(ctx, { act: 'rights.person', outcome: 'done', resource: 'directory.person', record: person })
  return answer
}

function recordLine(access: Access, actor: Actor, r: ResolvedResource): PersonLine {
  const held = access.rolesOf(actor)
  const reasons = (action: Action, roles: readonly string[]) =>
    roles.filter((role) => access.derive([role], action, r)).map((role) => reason(access, role, reachOf(access, [role], action, r)))
  const acts: PersonAct[] = []
  const lacks: PersonLine['lacks'] = []
  for (const action of actions) {
    const label = actionLabels[action]
    if (access.can(actor, action, r.name))
      acts.push({ action, label, scope: reachOf(access, held, action, r), from: reasons(action, held) })
    else lacks.push({ action, label, roles: reasons(action, [...access.defs.roles.keys()]) })
  }
  const may = (action: Action) => access.can(actor, action, r.name)
  return {
    name: r.name,
    label: r.label,
    kind: 'records',
    acts,
    lacks,
    fields: treatmentOf(r, may('read'), may('update') ?? may('create'), reachOf(access, held, 'read', r)),
  }
}
function rightLine(access: Access, actor: Actor, right: string, label: string): PersonLine {
  const held = access.rolesOf(actor)
  const reasons = (roles: readonly string[]) =>
    roles.filter((role) => givesRight(access, role, right)).map((role) => reason(access, role, rightReach(access, [role], right)))
  const one = { action: 'use' as const, label: useLabel }
  const has = access.mayUse(actor, right)
  return {
    name: right, label, kind: 'right',
    acts: has ? [{ ...one, scope: rightReach(access, held, right), from: reasons(held) }] : [],
    lacks: has ? [] : [{ ...one, roles: reasons([...access.defs.roles.keys()]) }],
    fields: { hidden: [], masked: [], openable: [], plain: [], readOnly: [] },
  } // prettier-ignore
}
const labelOf = (access: Access, role: string): string => access.defs.roles.get(role)?.label ?? role
const reason = (access: Access, role: string, scope: string): RightsReason => ({ role, label: labelOf(access, role), scope })

function rolesWithSources(
  access: Access,
  directory: DirectorySnapshot,
  actor: Actor & { kind: 'person' },
  day: string,
): PersonRights['roles'] {
  const assignments = directory.assignmentsOf(actor.person, day)
  return access.rolesOf(actor).map((name) => {
    const given = assignments
      .filter((a) => a.role === name)
      .map((a) => ({ assignment: a.id, words: sourceWords(access.defs, directory, a) }))
    const byAll: RoleSource[] = access.defs.roles.get(name)?.everyone ? [{ assignment: null, words: '所有职工都有' }] : []
    return { name, label: labelOf(access, name), sources: [...byAll, ...given] }
  })
}
/** An officer holds no other role, and whoever was made two officers is none: what is given all the same does not hold. */
export const idleWhy = '三员只担任一种，不兼任其他角色，不生效'
function notHeld(access: Access, directory: DirectorySnapshot, { person, roles }: Actor & { kind: 'person' }, day: string): PersonRights['idle'] {
  const given = directory.assignmentsOf(person, day).filter(({ role }) => !roles.includes(role))
  return given.map((a) => idleOne(access, directory, a, idleWhy))
} // prettier-ignore
async function waiting({ access }: Kernel, { db, directory }: Context, person: string): Promise<PersonRights['idle']> {
  const rows = await db.query<AssignmentFact & object>(
    `SELECT id, role, person, unit, post, "from"::text AS "from", "to"::text AS "to" FROM directory.role_assignment WHERE person = $1::uuid AND status = 'waiting' AND deleted_at IS NULL ORDER BY id`,
    [person],
  )
  return rows.map((a) => idleOne(access, directory, a, '待另一位管理员同意'))
}
const idleOne = (access: Access, directory: DirectorySnapshot, a: AssignmentFact, why: string): PersonRights['idle'][number] =>
  ({ label: labelOf(access, a.role), source: { assignment: a.id, words: sourceWords(access.defs, directory, a) }, why }) // prettier-ignore

/** 分配给本人；因所在科室“骨科”、职务“科主任”，至 2026-12-31 */
export function sourceWords(defs: Definitions, directory: DirectorySnapshot, { person, unit, post, to }: AssignmentFact): string {
  const until = to ? `，至 ${to}` : ''
  const through = [
    ...(unit ? [`所在科室“${directory.unitName(unit)}”`] : []),
    ...(post ? [`职务“${choiceLabel(postsOf(defs), post)}”`] : []),
  ]
  if (person) return `分配给本人${through.length ? `（限${through.join('、')}）` : ''}${until}`
  return `因${through.join('、')}${until}`
}

async function accountsOf({ db, clock }: Context, person: string): Promise<PersonAccount[]> {
  const rows = await db.query<Omit<PersonAccount, 'statusLabel'>>(
    `SELECT id, name, status, reason, valid_until::text AS "validUntil", coalesce(locked_until > $2, false) AS "isLocked" FROM security.account
     WHERE person = $1::uuid AND deleted_at IS NULL ORDER BY name`,
    [person, clock.now().toISOString()],
  )
  return rows.map((row) => ({ ...row, statusLabel: choiceLabel(accounts.fields.status.options.choices, row.status) }))
}
async function givenTo(kernel: Kernel, { db }: Context, person: string, day: string): Promise<PersonRights['given']> {
  const rows = await db.query<{ resource: string; count: number }>(
    `SELECT resource, count(*)::int AS count FROM kernel.record_grant WHERE person = $1::uuid AND withdrawn_at IS NULL AND until >= $2::date
     GROUP BY resource ORDER BY resource`,
    [person, day],
  )
  return rows.map((row) => ({ ...row, label: kernel.defs.resources.get(row.resource)?.label ?? row.resource }))
}
