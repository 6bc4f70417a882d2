import { isDeepStrictEqual } from 'node:util'
import type { FieldProblem } from '#model'
import { repeatEvery } from '../jobs/outbox.ts'
import { service, type RecordCheck } from '../service.ts'
import { campaign } from './managed.ts'
import { followRecord, followRequest } from './following.ts'
import { closeDue } from './running.ts'
import { followPeople } from './todos.ts'

/** What may be changed of a campaign that has begun. */
const changing = new Set(['words', 'closesAtDue', 'due', 'status', 'startedAt', 'closedAt', 'file', 'fileFields', 'unit', 'author'])
/** A form that people fill in, a day to come; of what has begun, what those asked saw stays. */
const check: RecordCheck = (kernel, ctx, values, stored) => {
  const problems: FieldProblem[] = []
  const isOther = (key: string) => !isDeepStrictEqual(values[key] ?? null, stored?.[key] ?? null)
  const form = kernel.defs.resources.get(String(values['form']))
  if (isOther('form') && form && (form.writtenBy === 'module' || form.name.startsWith('campaigns.') || !form.owner.person || form.form))
    problems.push({ field: 'form', message: '这种记录不是由人员填写的表单' })
  const isUnits = values['asked'] === 'units'
  const isUnit = (one: unknown) => typeof one === 'string' && one.startsWith('unit:')
  if (isUnits && !((values['to'] as unknown[] | null) ?? []).every(isUnit)) problems.push({ field: 'to', message: '按科室填报时，范围只能选科室' })
  if (!stored || stored['status'] === 'draft') {
    if (values['status'] === 'draft' && isOther('due') && new Date(String(values['due'])) <= ctx.clock.now()) problems.push({ field: 'due', message: '截止时间须晚于现在' })
  } else {
    const fixed = Object.keys(values).filter((key) => !changing.has(key) && isOther(key))
    for (const field of fixed) problems.push({ field, message: '已经开始，不能再改这一项' })
    if (isOther('due') && !(new Date(String(values['due'])) > new Date(String(stored['due'])))) problems.push({ field: 'due', message: '只能延长，不能提前' })
    if (stored['status'] === 'closed' && isOther('due')) problems.push({ field: 'due', message: '已经截止' })
  }
  return Promise.resolve(problems)
} // prettier-ignore

export const campaignService = service({
  name: 'campaigns.campaign',
  checks: { [campaign]: check },
  keeps: { [campaign]: ({ status }) => (status === 'draft' ? null : '已经开始的填报任务不能删除') },
  on: {
    'directory.person': followPeople,
    'directory.membership': followPeople,
    'record.deleted': followRecord,
    'record.restored': followRecord,
    'record.state': followRecord,
    'request.ended': followRequest,
  },
  start: (kernel) => Promise.resolve(repeatEvery(15_000, async () => void (await closeDue(kernel)))),
})
