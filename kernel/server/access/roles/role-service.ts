import type { AssignmentState, FieldProblem } from '#model'
import { personOf, type Context } from '../../context.ts'
import type { Kernel } from '../../kernel.ts'
import { service, type OutboxEvent } from '../../service.ts'
import { assignment, officersToAsk, resource, tellOfWaiting, type AssignmentRow } from './assignments.ts'
import { guardOf } from './guard.ts'

const live: readonly unknown[] = ['waiting', 'active', 'ending'] satisfies AssignmentState[]
const inForce: readonly unknown[] = ['active', 'ending'] satisfies AssignmentState[]
const words = ['role', 'person', 'unit', 'post', 'from', 'to', 'reason'] as const
type Values = Readonly<Record<string, unknown>>

/** Whoever writes it and however: a guarded role holds only by two officers, and officers hold no other. */
async function checkAssignment(kernel: Kernel, ctx: Context, values: Values, stored: Values | null): Promise<FieldProblem[]> {
  if (!live.includes(values['status'])) return []
  const guard = guardOf(kernel.defs, values['role']) ?? guardOf(kernel.defs, stored?.['role'])
  const changed = words.filter((key) => (values[key] ?? null) !== (stored?.[key] ?? null))
  if (stored && guard) {
    const fixed = changed.map((field) => ({ field, message: '该角色的授予和收回须由两位管理员办理，不能直接修改' }))
    if (fixed.length) return fixed
  }
  const me = personOf(ctx.actor)
  if (!stored && me !== null && me === values['person']) return [{ field: 'person', message: '自己的角色由另一位管理员办理' }]
  const problems = guard && ctx.actor.kind !== 'system' ? needSecond(ctx, values, stored) : []
  if (!stored || changed.length || values['status'] !== stored['status']) problems.push(...(await checkOthers(kernel, ctx, values, stored)))
  return problems
}
/** It comes into force by the hand of an officer who neither gave it nor gets it. */
function needSecond(ctx: Context, values: Values, stored: Values | null): FieldProblem[] {
  if (!inForce.includes(values['status']) || inForce.includes(stored?.['status'])) return []
  const me = personOf(ctx.actor)
  const isSecond = stored !== null && me !== null && values['confirmedBy'] === me && me !== stored['createdBy'] && me !== values['person']
  return isSecond ? [] : [{ field: 'role', message: '该角色须由另一位管理员同意后生效，请逐个新增' }]
}
async function checkOthers(kernel: Kernel, ctx: Context, values: Values, stored: Values | null): Promise<FieldProblem[]> {
  const { role, person, unit = null, post = null } = values as Partial<AssignmentRow>
  const guard = guardOf(kernel.defs, role)
  if (guard === 'officer' && (!person || unit || post)) return [{ field: 'person', message: '三员只能授予到人，不能按科室或职务授予' }]
  const others = await ctx.db.query<Pick<AssignmentRow, 'role' | 'unit' | 'post'>>(
    `SELECT role, unit, post FROM directory.role_assignment WHERE person IS NOT DISTINCT FROM $1::uuid AND id IS DISTINCT FROM $2::uuid AND status = ANY ($3) AND deleted_at IS NULL AND state = 'approved'`,
    [person ?? null, stored?.['id'] ?? null, live],
  )
  if (others.some((one) => one.role === role && one.unit === unit && one.post === post))
    return [{ field: 'role', message: '已有相同的角色分配' }]
  const [clash] = person ? others.filter((one) => guard === 'officer' || guardOf(kernel.defs, one.role) === 'officer') : []
  const label = clash && (kernel.defs.roles.get(clash.role)?.label ?? clash.role)
  return clash ? [{ field: 'person', message: `已担任“${label}”：系统管理员、安全管理员、安全审计员由不同的人担任，不兼任其他角色` }] : []
}

async function tellWhenGiven(kernel: Kernel, { topic, record }: OutboxEvent): Promise<void> {
  if (topic !== 'record.created' || !record) return
  const row = await assignment(kernel.db, record)
  if (row?.status !== 'waiting') return
  const ctx = await kernel.context({ kind: 'system', reason: '角色授予' }, 'system')
  await tellOfWaiting(kernel, ctx, officersToAsk(kernel, ctx, row), row)
}

export const roleService = service({
  name: 'kernel.roles',
  along: {
    // Rows of an import are judged before this and refused: what two look at is given one by one.
    [resource]: ({ defs }, { actor }, { role }, stored) =>
      !stored && guardOf(defs, role) && actor.kind !== 'system' ? { status: 'waiting' } : {},
  },
  checks: { [resource]: checkAssignment },
  on: { [resource]: tellWhenGiven },
})
