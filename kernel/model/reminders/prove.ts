import type { Definitions, ResolvedResource } from '../definitions.ts'
import { asksProtected, isProtected } from '../fields/classes.ts'
import { isCondition, pathsOf, type Filter } from '../filter/filter.ts'
import type { FieldProblem } from '../refusals.ts'
import type { Field } from '../fields/field.ts'
import type { Receiver, Reminder } from './definition.ts'
import { wordsProblem } from '../placeholders.ts'
import { sayable, summaryFields, wordFields } from './words.ts'

/** Who stands in it is known as a person; a record that is a person has the person's id. */
export const namesPeople = (defs: Pick<Definitions, 'resources'>, field: Field): boolean =>
  field.kind === 'person' || ('target' in field.options && defs.resources.get(String(field.options.target))?.table === 'directory.person')

type Report = (field: string, message: string) => void
/** What does not fit this program: names that nobody knows, protected fields, unknown words; each at its place. Empty when all is well. */
export function reminderProblems(defs: Definitions, reminder: Reminder): FieldProblem[] {
  const problems: FieldProblem[] = []
  const report: Report = (field, message) => problems.push({ field, message })
  const r = defs.resources.get(reminder.resource)
  if (!r) return [{ field: 'resource', message: '这种记录已经不存在' }]
  if (reminder.when.kind === 'date') proveDate(defs, r, reminder.when.date, report)
  proveFilter(defs, r, 'where', reminder.where, report)
  proveFilter(defs, r, 'done', reminder.done, report)
  if (reminder.when.kind === 'rhythm' && !reminder.where) report('where', '请说明提醒哪些记录：点“条件”添加')
  proveReceivers(defs, r, 'whom', reminder.whom, report)
  reminder.escalate.forEach(({ whom }, n) => proveReceivers(defs, r, `escalate.${n}.whom`, whom, report))
  const known = [...Object.keys(wordFields), ...sayable(defs, r).map(([key]) => key)]
  for (const [field, text, most, names] of [
    ['title', reminder.title, 100, known],
    ['text', reminder.text, 500, known],
    ['summary', reminder.summary, 100, Object.keys(summaryFields)],
  ] as const) {
    const problem = wordsProblem(text, most, names)
    if (problem) report(field, problem)
  }
  return problems
}
function proveDate(defs: Definitions, r: ResolvedResource, path: string, report: Report): void {
  const found = defs.path(r.name, path)
  if (!found) report('when.date', `“${path}”这个字段已经不存在`)
  else if (found.kind !== 'date' && found.kind !== 'dateTime') report('when.date', '请选择日期字段')
  else if (found.field && isProtected(found.field)) report('when.date', `“${found.field.label}”受保护，不能据此提醒`)
}
const conditions = (filter: Filter): Filter[] =>
  'and' in filter ? filter.and.flatMap(conditions) : 'or' in filter ? filter.or.flatMap(conditions) : 'not' in filter ? conditions(filter.not) : 'some' in filter ? conditions(filter.where) : [filter] // prettier-ignore
/** Conditions that are judged while nobody is there: of fields that exist and lie in the clear, and about nobody in particular. `use`: what they are for. */
export function proveFilter(defs: Definitions, r: ResolvedResource, at: string, filter: Filter | null, report: Report, use = '提醒'): void {
  // prettier-ignore
  if (!filter) return
  const rows = (path: string): boolean => r.fields[path.split('.')[0]!]?.kind === 'rows'
  const gone = pathsOf(filter).find((path) => !rows(path) && !defs.path(r.name, path))
  if (gone !== undefined) report(at, `“${gone}”这个字段已经不存在`)
  else if (asksProtected(filter, r.fields, (path) => defs.path(r.name, path)?.field))
    report(at, `条件里有受保护的字段，不能用于${use}：请移除这个条件`)
  if (conditions(filter).some((one) => isCondition(one) && typeof one.value === 'object' && 'my' in one.value))
    report(at, use === '提醒' ? '提醒的条件里不能有“我”或“我的科室”：提醒到谁由接收人决定' : `${use}的条件里不能有“我”或“我的科室”`)
}
/** Receivers that this type of record has. */
export function proveReceivers(defs: Definitions, r: ResolvedResource, at: string, whom: readonly Receiver[], report: Report): void {
  whom.forEach((one, n) => {
    const wrong = (message: string) => report(`${at}.${n}`, message)
    if (one.who === 'owner' && !r.owner.person) wrong('这种记录没有本人')
    if (one.who === 'headOfUnit' && !r.owner.department && !r.owner.person) wrong('这种记录不属于哪个科室')
    if (one.who === 'role' && !defs.roles.has(one.role)) wrong('这个角色已经不存在')
    if (one.who === 'role' && one.of !== 'hospital' && !r.owner.department && !r.owner.person) wrong('这种记录不属于哪个科室或院区')
    if (one.who === 'field' && (!Object.hasOwn(r.fields, one.field) || !namesPeople(defs, r.fields[one.field]!)))
      wrong('这个人员字段已经不存在')
  })
}
