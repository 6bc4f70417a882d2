import { formatTime } from '../clock/calendar.ts'
import { filterWords } from '../filter/words.ts'
import type { Filter } from '../filter/filter.ts'
import type { Field, Fields } from '../fields/field.ts'
import { kindOf } from '../fields/kinds.ts'
import { fillWords } from '../placeholders.ts'
import { receiverWords, rhythmWords } from '../reminders/sentence.ts'
import { hasRecord, writtenType, type Automation, type AutomationAct, type AutomationValue, type AutomationWhen } from './definition.ts'

/** What has to be known of names; definitions do, and the page out of what it was told. */
export interface AutomationNames {
  readonly resources: { get(name: string): { readonly label: string; readonly fields: Fields; readonly approval?: string } | undefined }
  readonly roles: { get(name: string): { readonly label: string } | undefined }
  path(resource: string, path: string): { readonly field?: Field } | null
}
type Names = AutomationNames
/** Names of people, where they are known. */
export type PersonName = (id: string) => string
const unknown: PersonName = () => '指定人员'
const labelOf = (defs: Names, resource: string, key: string): string =>
  key === 'id' ? '这条记录' : (defs.resources.get(resource)?.fields[key]?.label ?? `${key}（不可用）`)

/** When it begins, as people say it: 外出登记审批通过时 */
export const sayWhen = (defs: Names, automation: Pick<Automation, 'resource' | 'when' | 'onImport'>): string =>
  `${sayMoment(defs, automation)}${automation.onImport ? '（含导入）' : ''}`
function sayMoment(defs: Names, { resource, when }: { resource: string; when: AutomationWhen }): string {
  const type = defs.resources.get(resource)?.label ?? '（未选择记录）'
  if (when.kind === 'created') return `${type}新建时`
  if (when.kind === 'approved') return `${type}审批通过时`
  if (when.kind === 'deleted') return `${type}删除时`
  if (when.kind === 'webhook') return '其他系统通知时'
  if (when.kind === 'changed')
    return when.fields.length ? `${type}的${when.fields.map((key) => labelOf(defs, resource, key)).join('、')}修改时` : `${type}修改时`
  if (when.kind === 'schedule') return `${rhythmWords(when.rhythm)} ${formatTime(when.at)}${when.each ? `，对每条${type}` : ''}`
  const days = when.days === 0 ? '当天' : when.days > 0 ? `前 ${when.days} 天` : `后 ${-when.days} 天`
  return `${type}的${when.date ? labelOf(defs, resource, when.date) : '（未选择日期）'}${days} ${formatTime(when.at)}`
}
/** Conditions in words. */
export function sayCondition(defs: Names, resource: string, filter: Filter): string {
  const find = (path: string) => {
    const field = defs.path(resource, path)?.field
    return field ? { field, label: field.label } : null
  }
  return filterWords(filter, find, () => '…')
}
/** What is done, in words: 新建报销待办 */
export function sayAct(defs: Names, automation: Automation, act: AutomationAct, nameOf: PersonName = unknown): string {
  const { resource } = automation
  if (act.kind === 'message') {
    const names = { field: (key: string) => labelOf(defs, resource, key), role: (name: string) => defs.roles.get(name)?.label ?? name, person: nameOf }
    return `发消息给${act.whom.map((one) => receiverWords(one, names)).join('、') || '（未选择）'}：${titled(defs, resource, act.title)}`
  }
  if (act.kind === 'webhook') return `通知其他系统 ${URL.canParse(act.url) ? new URL(act.url).host : '（未填写地址）'}`
  const name = writtenType(defs, automation, act)
  const target = name === null ? undefined : defs.resources.get(name)
  const sets = act.values.map(({ field, value }) => `${labelOf(defs, name ?? '', field)}填${sayValue(defs, automation, target?.fields[field], value)}`)
  const what = act.kind === 'create' ? `${target?.approval ? '提交' : '新建'}${target?.label ?? '（未选择）'}` : act.at === null ? '修改这条记录' : `修改${labelOf(defs, resource, act.at)}所指的${target?.label ?? '记录'}`
  return sets.length ? `${what}（${sets.join('，')}）` : what
} // prettier-ignore
function sayValue(defs: Names, { resource }: Automation, field: Parameters<typeof kindOf>[0] | undefined, value: AutomationValue): string {
  if (value.from === 'field') return value.field === 'id' ? '这条记录' : `它的${labelOf(defs, resource, value.field)}`
  if (value.from === 'expression') return `公式 ${spelled(defs, resource, value.text)}`
  if (value.from === 'hook') return `通知里的 ${value.key}`
  if (value.from === 'today') return '当天'
  if (value.from === 'runner') return '运行身份本人'
  if (!field || value.value === null || value.value === '') return '空'
  return `“${kindOf(field).format(value.value, field, () => '所选记录')}”`
}
/** A text with the names of its fields as people call them. */
const titled = (defs: Names, resource: string, text: string): string =>
  text ? fillWords(text, (key) => `〔${key === 'type' ? '记录类型' : labelOf(defs, resource, key)}〕`) : '（未填写）'
/** A formula with its fields as people call them. */
const spelled = (defs: Names, resource: string, text: string): string =>
  text.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[A-Za-z_]\w*/g, (piece) => {
    const field = defs.resources.get(resource)?.fields[piece]
    return field ? `〔${field.label}〕` : piece
  })
/** The whole as one sentence. */
export function sayAutomation(defs: Names, automation: Automation, nameOf?: PersonName): string {
  const { resource, where, was, acts } = automation
  const conditions = [
    ...(was ? [`修改前${sayCondition(defs, resource, was)}`] : []),
    ...(where && hasRecord(automation) ? [sayCondition(defs, resource, where)] : []),
  ]
  const then = acts.map((act) => sayAct(defs, automation, act, nameOf)).join('；然后') || '（没有要做的事）'
  return `${sayWhen(defs, automation)}${conditions.length ? `，如果${conditions.join('，且')}` : ''}，${then}。`
}

/** How a later content differs from an earlier one, a line each. */
export function automationWords(defs: Names, before: Automation | null, after: Automation | null): string[] {
  if (!after) return before ? [`停用自动化“${before.label}”`] : []
  if (!before) return [`新建自动化“${after.label}”：${sayAutomation(defs, after)}`]
  const changed = (what: string, was: string, is: string) => (was === is ? [] : [`${what}：${was} → ${is}`])
  const condition = (one: Automation) => [one.was ? `修改前${sayCondition(defs, one.resource, one.was)}` : '', one.where ? sayCondition(defs, one.resource, one.where) : ''].filter(Boolean).join('，且') || '无' // prettier-ignore
  const acts = (one: Automation) => one.acts.map((act) => sayAct(defs, one, act)).join('；') || '无'
  const lines = [
    ...changed('名称', before.label, after.label),
    ...changed('时机', sayWhen(defs, before), sayWhen(defs, after)),
    ...changed('条件', condition(before), condition(after)),
    ...changed('要做的事', acts(before), acts(after)),
    ...(before.runsAs === after.runsAs ? [] : ['更换运行身份']),
  ]
  return lines.length || JSON.stringify(before) === JSON.stringify(after) ? lines : ['修改条件或内容']
}
