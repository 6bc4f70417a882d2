import type { Definitions, ResolvedResource } from '../definitions.ts'
import { expressionProblem } from '../designs/expressions.ts'
import { readsOf } from '../expression/expression.ts'
import { isProtected } from '../fields/classes.ts'
import type { Field } from '../fields/field.ts'
import { kindOf } from '../fields/kinds.ts'
import { pathsOf } from '../filter/filter.ts'
import { wordsProblem } from '../placeholders.ts'
import type { FieldProblem } from '../refusals.ts'
import { proveFilter, proveReceivers } from '../reminders/prove.ts'
import { sayable } from '../reminders/words.ts'
import { validateRecord } from '../validate.ts'
import {
  hasRecord,
  mayComeByFile,
  writtenType,
  type Automation,
  type AutomationAct,
  type AutomationValue,
  type SetValue,
} from './definition.ts'

/** Types that automations may be about or write: not logs, nor the program's own accounts, keys and rights. */
export const isAutomated = ({ name, log }: Pick<ResolvedResource, 'name' | 'log'>): boolean =>
  !log && !name.startsWith('security.') && name !== 'directory.roleAssignment'
export const mayBeWritten = (r: ResolvedResource): boolean => isAutomated(r) && r.writtenBy !== 'module'
/** A field of the product that the hospital has stopped is written no more. */
const isStopped = ({ visibleWhen }: Field): boolean => visibleWhen === 'false'
/** Fields that an automation may fill in: what people fill in, one value each. */
export function isSettable(field: Field): boolean {
  const kind = kindOf(field)
  return !isStopped(field) && !field.readOnly && !field.derived && !kind.isComputed && !kind.isWriteOnly && !kind.holdsFiles && !['rows', 'formula'].includes(field.kind) // prettier-ignore
}
/** Fields of which an automation may take the value over: nothing that lies sealed. */
export const isTakeable = (field: Field): boolean => !isProtected(field) && !kindOf(field).isWriteOnly && !kindOf(field).holdsFiles && field.kind !== 'rows' // prettier-ignore

interface Tables {
  readonly resources: { get(name: string): { readonly table: string } | undefined }
}
const tableOf = (defs: Tables, { kind, options }: Field): string | null => {
  if (kind === 'person') return 'directory.person'
  if (kind === 'unit') return 'directory.unit'
  const { target } = options as { target?: string }
  return target === undefined ? null : (defs.resources.get(target)?.table ?? null)
}
const isMany = ({ kind }: Field): boolean => kind === 'references' || kind === 'choices'
const alike: readonly (readonly string[])[] = [
  ['text', 'longText'],
  ['integer', 'decimal'],
  ['date', 'dateTime'],
]
/** May the value of the one field stand in the other? `source` null: the record itself. */
export function mayTakeOver(defs: Tables, r: Pick<ResolvedResource, 'table'>, source: Field | null, target: Field): boolean {
  const to = tableOf(defs, target)
  if (source === null) return to === r.table
  const from = tableOf(defs, source)
  if (from !== null || to !== null) return from === to && (isMany(target) || !isMany(source))
  if (source.kind !== target.kind) return alike.some((kinds) => kinds.includes(source.kind) && kinds.includes(target.kind) && source.kind !== 'dateTime')
  const keys = (field: Field) => Object.keys((field.options as { choices?: object }).choices ?? {})
  return keys(source).every((key) => keys(target).includes(key))
} // prettier-ignore

type Report = (field: string, message: string) => void
/** What keeps an automation from being published, each at its place. Empty when all is well. */
export function automationProblems(defs: Definitions, automation: Automation): FieldProblem[] {
  const problems: FieldProblem[] = []
  const report: Report = (field, message) => void problems.push({ field, message })
  const { label, resource, when, where, was, acts, onImport } = automation
  if (!label) report('label', '请填写名称')
  const r = defs.resources.get(resource)
  if (hasRecord(automation)) {
    if (!resource) report('resource', '请选择哪种记录')
    else if (!r) report('resource', '这种记录已经不存在')
    else if (!isAutomated(r)) report('resource', '这种记录不能用于自动化')
    if (!r || !isAutomated(r)) return problems
    proveFilter(defs, r, 'where', where, report, '自动化')
  } else if (where) report('where', '这种时机没有记录，不能设条件')
  if (r) proveWhen(defs, r, automation, report)
  if (when.kind === 'schedule' && 'on' in when.rhythm && when.rhythm.on.length === 0)
    report('when.rhythm', when.rhythm.every === 'week' ? '请选择星期几' : '请选择每月几日')
  if (was && when.kind !== 'changed') report('was', '只有“修改时”才有修改前的内容')
  if (onImport && !mayComeByFile(when)) report('onImport', '这种时机与导入无关')
  if (acts.length === 0) report('acts', '请添加要做的事')
  acts.forEach((act, n) => proveAct(defs, hasRecord(automation) ? r! : null, automation, act, n, report))
  return problems
}
function proveWhen(defs: Definitions, r: ResolvedResource, { when, was, where }: Automation, report: Report): void {
  if (when.kind === 'approved' && !r.approval) report('when.kind', `“${r.label}”不需要审批，没有“审批通过时”`)
  if (when.kind === 'changed') {
    const gone = when.fields.find((key) => !r.fields[key])
    if (gone !== undefined) report('when.fields', `“${gone}”这个字段已经不存在`)
    proveFilter(defs, r, 'was', was, report, '自动化')
    if (was && pathsOf(was).some((path) => path.includes('.'))) report('was', '修改前的条件只能用这条记录自己的字段')
  }
  if (when.kind === 'date') {
    const field = r.fields[when.date]
    if (!when.date) report('when.date', '请选择日期')
    else if (!field || (field.kind !== 'date' && field.kind !== 'dateTime')) report('when.date', '请选择这条记录自己的日期字段')
    else if (isProtected(field)) report('when.date', `“${field.label}”受保护，不能据此执行`)
  }
  if (when.kind === 'schedule' && when.each && !where) report('where', '请说明对哪些记录执行：点“条件”添加')
}

function proveAct(defs: Definitions, r: ResolvedResource | null, automation: Automation, act: AutomationAct, n: number, report: Report): void {
  const at = `acts.${n}`
  if (act.kind === 'message') return proveMessage(defs, r, act, at, report)
  if (act.kind === 'webhook') return proveCall(r, act, at, report)
  if (act.kind === 'update' && (!r || automation.when.kind === 'deleted')) return report(at, '这种时机没有可以修改的记录')
  const name = writtenType(defs, automation, act)
  const target = name === null ? undefined : defs.resources.get(name)
  if (act.kind === 'create' && !act.resource) return report(`${at}.resource`, '请选择新建哪种记录')
  if (!target) return report(act.kind === 'create' ? `${at}.resource` : `${at}.at`, act.kind === 'create' ? '这种记录已经不存在' : '请选择指向一条记录的字段')
  if (!mayBeWritten(target)) return report(act.kind === 'create' ? `${at}.resource` : `${at}.at`, `“${target.label}”不能由自动化写入`)
  if (act.values.length === 0) report(`${at}.values`, '请添加要填写的内容')
  act.values.forEach((set, k) => proveSet(defs, r, automation, target, set, `${at}.values.${k}`, report))
  const given = act.values.map(({ field }) => field)
  const twice = given.find((key, k) => given.indexOf(key) !== k)
  if (twice !== undefined) report(`${at}.values.${given.lastIndexOf(twice)}`, '这个字段填了两次')
  if (act.kind === 'create') {
    const missing = Object.entries(target.fields).filter(([key, field]) => field.required && isSettable(field) && field.default === undefined && !field.from && !given.includes(key)).map(([, field]) => `“${field.label}”`)
    if (missing.length > 0) report(`${at}.values`, `还要填写${missing.join('、')}`)
    if (automation.when.kind === 'created' && target.table === r?.table && !automation.where) report(`${at}.resource`, '新建时又新建同一种记录，会不断触发自己：请加上条件，或换一种记录')
  }
} // prettier-ignore
function proveSet(defs: Definitions, r: ResolvedResource | null, { when }: Automation, target: ResolvedResource, { field: key, value }: SetValue, at: string, report: Report): void {
  const field = target.fields[key]
  if (!key) return report(at, '请选择填写哪个字段')
  if (!field) return report(at, `“${key}”这个字段已经不存在`)
  if (!isSettable(field)) return report(at, isStopped(field) ? `“${field.label}”已停用` : `“${field.label}”不能由自动化填写`)
  const problem = valueProblem(defs, r, when.kind === 'webhook', { key, field }, value)
  if (problem) report(at, `${field.label}：${problem}`)
} // prettier-ignore
function valueProblem(defs: Definitions, r: ResolvedResource | null, isHook: boolean, { key, field }: { key: string; field: Field }, value: AutomationValue): string | null {
  if (value.from === 'today') return field.kind === 'date' ? null : '当天日期只能填到日期字段'
  if (value.from === 'runner') return tableOf(defs, field) === 'directory.person' ? null : '运行身份本人只能填到人员字段'
  if (value.from === 'hook') return !isHook ? '只有“其他系统通知时”才有通知里的内容' : value.key ? null : '请填写取通知里的哪一项'
  if (value.from === 'constant') {
    if (value.value === null || value.value === '') return field.required ? '必填，请填写内容' : null
    return validateRecord({ [key]: { ...field, required: false } }, { [key]: value.value }, { today: '2000-01-01' }).problems.find(({ message }) => message)?.message ?? null
  }
  if (!r) return '这种时机没有触发的记录'
  if (value.from === 'expression') return value.text ? expressionProblem(value.text, r.fields) ?? sealedIn(value.text, r) : '请填写公式'
  const source = value.field === 'id' ? null : r.fields[value.field]
  if (source === undefined) return value.field ? `“${value.field}”这个字段已经不存在` : '请选择取哪个字段'
  if (source && !isTakeable(source)) return `“${source.label}”受保护，不能带到别的记录里`
  return mayTakeOver(defs, r, source, field) ? null : `不能填入“${source?.label ?? r.label}”`
} // prettier-ignore
function sealedIn(text: string, r: ResolvedResource): string | null {
  const key = readsOf(text, r.fields).find((one) => !isTakeable(r.fields[one]!))
  return key === undefined ? null : `“${r.fields[key]!.label}”受保护，不能用于公式`
}

function proveMessage(defs: Definitions, r: ResolvedResource | null, act: Extract<AutomationAct, { kind: 'message' }>, at: string, report: Report): void {
  if (act.whom.length === 0) report(`${at}.whom`, '请选择告诉谁')
  if (r) proveReceivers(defs, r, `${at}.whom`, act.whom, report)
  act.whom.forEach((one, n) => {
    if (one.who === 'people' && one.people.length === 0) report(`${at}.whom.${n}`, '请选择人员')
    else if (!r && one.who !== 'people' && (one.who !== 'role' || one.of !== 'hospital')) report(`${at}.whom.${n}`, '没有触发的记录时，只能告诉指定的人或全院的角色')
    else if (!r && one.who === 'role' && !defs.roles.has(one.role)) report(`${at}.whom.${n}`, '这个角色已经不存在')
  })
  const known = ['type', ...(r ? sayable(defs, r).map(([key]) => key) : [])]
  for (const [field, text, most] of [['title', act.title, 100], ['text', act.text || ' ', 500]] as const) {
    const problem = field === 'text' && !text.trim() ? null : wordsProblem(text, most, known)
    if (problem) report(`${at}.${field}`, problem)
  }
} // prettier-ignore
function proveCall(
  r: ResolvedResource | null,
  { url, fields }: Extract<AutomationAct, { kind: 'webhook' }>,
  at: string,
  report: Report,
): void {
  if (!URL.canParse(url) || !/^https?:/.test(url)) report(`${at}.url`, '请填写地址，例如 https://主机/路径')
  const wrong = fields.find((key) => !r?.fields[key] || !isTakeable(r.fields[key]))
  if (wrong !== undefined) report(`${at}.fields`, `“${r?.fields[wrong]?.label ?? wrong}”不能带给其他系统`)
}
