import { all, choiceLabel, is, people, where, type ApiRecord, type FieldProblem } from '#model'
import type { Context } from '#kernel/server/context.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { listRecords } from '#kernel/server/records/read.ts'
import { service } from '#kernel/server/service.ts'
import { poolsOf, toldByNumber, type TemporaryKind } from './temporary.rules.ts'

const name = 'organisation.temporary'
type Values = Readonly<Record<string, unknown>>

/** What the identity number tells is filled in; whoever is new is a person from outside. */
function along(_kernel: Kernel, _ctx: Context, values: Values, stored: ApiRecord | null): Values {
  const [number, kind] = [values['identityNumber'], values['temporaryKind']]
  const told = typeof number === 'string' ? toldByNumber(number) : null
  return {
    ...(told && !values['birthDate'] ? { birthDate: told.birthDate } : {}),
    ...(told && !values['sex'] ? { sex: told.sex } : {}),
    ...(kind && !(values['temporaryPools'] as string[] | null)?.length ? { temporaryPools: poolsOf(kind as TemporaryKind) } : {}),
    ...(stored ? {} : { status: 'external', joinedOn: values['temporaryFrom'] ?? null }),
  }
}

async function check(kernel: Kernel, ctx: Context, values: Values, stored: ApiRecord | null): Promise<FieldProblem[]> {
  const wrong = await sameNumber(kernel, ctx, values, stored)
  return [...moved(values, stored), ...disagreeing(values), ...wrong, ...(wrong.length ? [] : await sameName(kernel, ctx, values, stored))]
}
const moved = ({ status }: Values, stored: ApiRecord | null): FieldProblem[] =>
  stored && status !== stored['status'] ? [{ field: 'status', message: '在职状态请通过转正或人员异动办理' }] : []
function disagreeing({ identityNumber, birthDate, sex }: Values): FieldProblem[] {
  const told = typeof identityNumber === 'string' ? toldByNumber(identityNumber) : null
  if (!told) return []
  return [
    ...(birthDate !== told.birthDate ? [{ field: 'birthDate', message: `与证件号码中的出生日期 ${told.birthDate} 不一致` }] : []),
    ...(sex !== told.sex ? [{ field: 'sex', message: `与证件号码不一致，证件号码为${told.sex === 'male' ? '男' : '女'}` }] : []),
  ]
}
async function sameNumber(kernel: Kernel, ctx: Context, { identityNumber }: Values, stored: ApiRecord | null): Promise<FieldProblem[]> {
  if (typeof identityNumber !== 'string' || identityNumber === stored?.['identityNumber']) return []
  const found = await othersWho(kernel, ctx, is('identityNumber', identityNumber), stored)
  return found ? [{ field: 'identityNumber', message: `该证件号码已登记：${found.words}，不能重复登记${found.hint}` }] : []
}
/** Two people of one name and birthday are possible, and rare: whoever enters the second has looked. */
async function sameName(kernel: Kernel, ctx: Context, values: Values, stored: ApiRecord | null): Promise<FieldProblem[]> {
  const { name: who, birthDate, isOtherPerson } = values
  if (!birthDate || isOtherPerson || (who === stored?.['name'] && birthDate === stored?.['birthDate'])) return []
  const found = await othersWho(kernel, ctx, all(is('name', who as string), is('birthDate', birthDate as string)), stored)
  return found ? [{ field: 'isOtherPerson', message: `已有姓名和出生日期都相同的人员：${found.words}。请先核对${found.hint}；确实不是同一人的，打开此项再保存` }] : []
} // prettier-ignore
async function othersWho(kernel: Kernel, ctx: Context, same: Parameters<typeof all>[0], stored: ApiRecord | null) {
  const filter = stored ? all(same, where('id', 'ne', stored.id)) : same
  const asking = { ...ctx, actor: { kind: 'system', reason: '人员查重' } as const }
  const [found] = (await listRecords(kernel, asking, 'directory.person', { filter, limit: 1 })).rows
  if (!found) return null
  const label = choiceLabel(people.fields.status.options.choices, found['status'] as string)
  const unit = found['unit'] ? ctx.directory.unitName(found['unit'] as string) : null
  const words = [String(found['name']), [unit, found['staffNumber'], label].filter(Boolean).join('，')]
  return { words: `${words[0]}（${words[1]}）`, hint: found['status'] === 'left' ? '，曾离职的请在人员异动中办理复职' : '' }
}

export default service({
  name,
  along: { [name]: along },
  checks: { [name]: check },
  keeps: {
    [name]: ({ status }) => (status === 'external' ? null : status === 'left' ? '已离开的人员保留档案，不能删除' : '已转正的人员不能作为临时人员删除'),
  },
}) // prettier-ignore
