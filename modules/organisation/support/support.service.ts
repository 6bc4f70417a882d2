import { invalid, Refusal, today, type ApiRecord, type FieldProblem } from '#model'
import type { Context } from '#kernel/server/context.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { createRecord } from '#kernel/server/records/write.ts'
import { service } from '#kernel/server/service.ts'

const name = 'organisation.support'
type Values = Readonly<Record<string, unknown>>
const peopleOf = (values: Values): string[] => ((values['people'] ?? []) as { person: string }[]).map(({ person }) => person)

async function check(_: Kernel, ctx: Context, values: Values): Promise<FieldProblem[]> {
  const named = peopleOf(values)
  if (values['agreed'] === 'named' && named.length === 0) return [{ field: 'people', message: '请填写协商好的支援人员' }]
  if (new Set(named).size < named.length) return [{ field: 'people', message: '同一个人填了两次' }]
  const here = named.filter((person) => ctx.directory.people.get(person)?.unit === values['toUnit'])
  if (here.length) return [{ field: 'people', message: `${here.map((one) => ctx.directory.nameOf(one)).join('、')}就在申请科室` }]
  const elsewhere = values['agreed'] === 'named' ? named.filter((person) => ctx.directory.people.get(person)?.unit !== values['fromUnit']) : []
  return elsewhere.length
    ? [{ field: 'people', message: `${elsewhere.map((one) => ctx.directory.nameOf(one)).join('、')}不在支援科室` }]
    : []
} // prettier-ignore

/** Each of the people is lent for the time; whoever cannot be is named, and the decision waits. */
async function carryOut(kernel: Kernel, ctx: Context, request: ApiRecord): Promise<void> {
  const { toUnit, from, to, reason } = request
  for (const person of peopleOf(request)) {
    const draft = { person, direction: 'inside', kind: 'support', toUnit, from, to, reason, request: request.id }
    try {
      await createRecord(kernel, ctx, 'organisation.secondment', draft, { byModule: true, system: true, act: 'support' })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      throw invalid([{ field: 'people', message: `${ctx.directory.nameOf(person)}不能支援：${error.message}` }])
    }
  }
}

export default service({
  name,
  checks: { [name]: check },
  along: { [name]: (_, ctx, values, stored) => (stored ? {} : { backfilled: String(values['from']) < today(ctx.clock) }) },
  begins: { [name]: carryOut },
})
