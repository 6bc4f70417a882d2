import type { Readable } from 'node:stream'
import { accounts, choiceLabel, dayOf, formatInstant, people, today, type FieldTreatment, type RightsMatrix } from '#model'
import { markOf } from '../../marks/export-mark.ts'
import type { Context } from '../../context.ts'
import type { AssignmentFact, PersonFact } from '../../directory/snapshot.ts'
import { exportMark } from '../../exchange/pass.ts'
import { blocksOf, type Line } from '../../exchange/table-writer.ts'
import { writeTakenAway } from '../../exchange/taken-away.ts'
import type { Kernel } from '../../kernel.ts'
import { currentSettings, fillLabel } from '../../settings.ts'
import { asActor } from './holders.ts'
import { matrixOf } from './matrix.ts'
import { idleWhy, sourceWords } from './person.ts'

const title = '用户权限明细表'
const portion = 500
interface AccountFact {
  person: string | null
  name: string
  status: string
}

/** 用户权限明细表: whose account has which role since when, and what each role may do. Read a portion of people at a time as it is written; audited. */
export async function rightsReport(kernel: Kernel, ctx: Context): Promise<{ stream: Readable; fileName: string }> {
  const settings = await currentSettings(kernel, kernel.db)
  const say = (text: string) => fillLabel(text, settings)
  const matrix = await matrixOf(kernel)
  const mark = markOf(kernel, ctx, '人员角色')
  const { at, by } = mark
  const counted = { count: 0 }
  const detail = () => ({ count: counted.count, format: 'xlsx', report: title })
  const stream = await writeTakenAway(
    ctx,
    { resource: 'directory.roleAssignment', detail },
    {
      format: 'xlsx',
      mark,
      blocks: blocksOf(
        peopleLines(
          kernel,
          ctx,
          say,
          counted,
          `${exportMark}${by}于 ${formatInstant(at)} 从杏林导出“${title}”，编号 ${mark.number}，仅供工作使用`,
        ),
      ),
      widths: [12, 12, 20, 16, 10, 14, 30, 12],
      sheets: [{ title: '角色权限', blocks: blocksOf(roleLines(matrix, say)), widths: [14, 16, 30, 10, 30, 60] }],
    },
  )
  return { stream, fileName: `${title}-${dayOf(at)}.xlsx` }
}

/** One line for each role of each person who works here or has an account, and one for each account that is nobody's. */
async function* peopleLines(kernel: Kernel, ctx: Context, say: (text: string) => string, counted: { count: number }, end: string): AsyncGenerator<Line> {
  yield ['姓名', '工号', '科室', '账号', '账号状态', '角色', '来源', '自']
  const since = new Map((await ctx.db.query<{ id: string; at: string }>(`SELECT id, coalesce(confirmed_at, created_at) AS at FROM directory.role_assignment`)).map(({ id, at }) => [id, dayOf(new Date(at))])) // prettier-ignore
  const everybody = [...ctx.directory.people.values()]
  for (let from = 0; from < everybody.length; from += portion) {
    const some = everybody.slice(from, from + portion)
    const own = Map.groupBy(await accountsWith(ctx, `person = ANY($1::uuid[])`, [some.map(({ id }) => id)]), ({ person }) => person)
    for (const person of some) {
      const account = own.get(person.id)?.[0]
      if (!account && !ctx.directory.isActive(person.id)) continue
      for (const line of linesOfPerson(kernel, ctx, person, account, since)) {
        counted.count++
        yield line.map((cell) => (typeof cell === 'string' ? say(cell) : cell))
      }
    }
  }
  for (const account of await accountsWith(ctx, 'person IS NULL', [])) {
    counted.count++
    yield ['', '', '', account.name, statusOf(account), '', '账号未关联人员，没有权限', '']
  }
  yield [end]
} // prettier-ignore
const accountsWith = ({ db }: Context, which: string, values: unknown[]): Promise<AccountFact[]> =>
  db.query<AccountFact & object>(`SELECT person, name, status FROM security.account WHERE ${which} AND deleted_at IS NULL ORDER BY name`, values) // prettier-ignore
const statusOf = ({ status }: AccountFact): string => choiceLabel(accounts.fields.status.options.choices, status)

function linesOfPerson(kernel: Kernel, { directory }: Context, person: PersonFact, account: AccountFact | undefined, since: ReadonlyMap<string, string>): Line[] {
  const day = today(kernel.clock)
  const status = directory.isActive(person.id) ? '' : `（${choiceLabel(people.fields.status.options.choices, person.status)}）`
  const who = [person.name + status, person.staffNumber ?? '', directory.unitName(person.unit), account?.name ?? '', account ? statusOf(account) : '无账号']
  const label = (role: string) => kernel.defs.roles.get(role)?.label ?? role
  const assigned = new Set(directory.rolesOf(person.id, day))
  const words = (a: AssignmentFact) => `${sourceWords(kernel.defs, directory, a)}${assigned.has(a.role) ? '' : `（${idleWhy}）`}`
  const given = directory.assignmentsOf(person.id, day).map((a) => [...who, label(a.role), words(a), a.from ?? since.get(a.id) ?? ''])
  const byAll = kernel.access.rolesOf(asActor(directory, person.id, day)).filter((role) => !assigned.has(role))
  return [...byAll.map((role) => [...who, label(role), '所有职工都有', '']), ...given]
} // prettier-ignore

function* roleLines(matrix: RightsMatrix, say: (text: string) => string): Generator<Line> {
  yield ['角色', '模块', '记录类型或功能', '操作', '范围', '字段']
  for (const role of matrix.roles)
    for (const group of matrix.groups)
      for (const line of group.lines)
        for (const { label, scope } of line.cells[role.name]?.acts ?? [])
          yield [role.label, group.label, line.label, label, scope, fieldWords(line.cells[role.name]!.fields)].map(say)
}
const fieldWords = ({ hidden, masked, openable, plain, readOnly }: FieldTreatment): string =>
  [['隐藏', hidden] as const, ['打码', masked] as const, ['逐个查看', openable] as const, ['敏感项明文', plain] as const, ['只读', readOnly] as const]
    .flatMap(([word, fields]) => (fields.length ? [`${word}：${fields.join('、')}`] : []))
    .join('；') // prettier-ignore
