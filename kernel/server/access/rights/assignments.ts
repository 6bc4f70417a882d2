import { choiceLabel, postsOf, type AssignmentChange } from '#model'
import { audit } from '../../audit/audit.ts'
import type { Context } from '../../context.ts'
import type { Kernel } from '../../kernel.ts'
import { describeChanges } from '../../records/describe.ts'
import type { Changes } from '../../store/write.ts'

const resource = 'directory.roleAssignment'
const perPage = 50
interface Row {
  seq: string
  at: string
  actor: string | null
  act: string
  record: string
  changes: Changes
  role: string | null
  person: string | null
  unit: string | null
  post: string | null
}

/** Who gave or took which role when: the history of assignments, newest first; of one person where one is named, which is audited. */
export async function assignmentChanges(
  kernel: Kernel,
  ctx: Context,
  asked: { person: string | null; before: string | null },
): Promise<{ rows: AssignmentChange[]; next: string | null }> {
  const rows = await ctx.db.query<Row & object>(
    `SELECT h.seq::text AS seq, h.at, h.actor, h.act, h.record, h.changes, a.role, a.person, a.unit, a.post
     FROM kernel.history h LEFT JOIN directory.role_assignment a ON a.id = h.record
     WHERE h.resource = '${resource}' AND ($1::uuid IS NULL OR a.person = $1::uuid OR h.changes->'person' @> to_jsonb($1::text))
       AND ($2::bigint IS NULL OR (h.at, h.seq) < (SELECT b.at, b.seq FROM kernel.history b WHERE b.seq = $2::bigint AND b.resource = '${resource}'))
     ORDER BY h.at DESC, h.seq DESC LIMIT ${perPage + 1}`,
    [asked.person, asked.before],
  )
  const page = rows.slice(0, perPage)
  if (asked.person) await audit(ctx, { act: 'rights.person', outcome: 'done', resource: 'directory.person', record: asked.person, detail: { what: 'assignments' } }) // prettier-ignore
  const answer: AssignmentChange[] = []
  // One after the other: within a transaction there is one connection.
  for (const row of page) answer.push(await inWords(kernel, ctx, row))
  return { rows: answer, next: rows.length > perPage ? page.at(-1)!.seq : null }
}

async function inWords(kernel: Kernel, ctx: Context, row: Row): Promise<AssignmentChange> {
  const { directory } = ctx
  const c = kernel.resource(resource)
  const whole = kernel.access.need({ kind: 'system', reason: '权限变更记录' }, 'read', resource)
  const role = (name: string) => kernel.defs.roles.get(name)?.label ?? name
  const changes = await describeChanges(kernel, ctx, c, whole, { record: row.record, changes: row.changes })
  const actor = row.actor ? directory.people.get(row.actor) : undefined
  const to = [
    directory.nameOf(row.person),
    directory.unitName(row.unit),
    row.post ? `职务“${choiceLabel(postsOf(kernel.defs), row.post)}”` : '',
  ]
  return {
    seq: row.seq,
    at: row.at,
    act: row.act,
    record: row.record,
    actorName: row.actor ? (actor?.name ?? '已离开的人员') : '系统',
    actorNumber: actor?.staffNumber ?? null,
    role: row.role === null ? '' : role(row.role),
    to: to.filter(Boolean).join(' · '),
    changes: changes.map(({ label, before, after }) => ({ label, before, after })),
  }
}
