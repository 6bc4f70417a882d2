import { emergencyCauses, emergencyEnds } from '../security/emergency.ts'
import { sessionEnds, signInMethods, signInOutcomes } from '../security/account.ts'
import { refusals } from '../refusals.ts'
import { settingLabels } from '../settings.ts'
import { auditActLabel } from './acts.ts'
import { auditViews } from './views.ts'
import { formatInstant } from '../clock/day.ts'

/** One line of what an entry tells beside who, what and when. */
export interface AuditWord {
  label: string
  value: string
}
/** Names for what a detail only points at; undefined: not known. */
export interface DetailNames {
  record(id: string): string | undefined
  resource(name: string): string | undefined
  field(resource: string | null, key: string): string | undefined
  flow(name: string): string | undefined
}
const otherLabel = '说明'

const labels: Readonly<Record<string, string>> = {
  reason: '原因', method: '方式', end: '退出方式', minutes: '在线分钟', times: '次数', code: '拒绝原因', count: '条数', rows: '条数', format: '格式', columns: '列', filter: '条件', search: '搜索', report: '报表', name: '名称', virus: '病毒', person: '人员', for: '为谁', applicant: '申请人',
  onBehalfOf: '代谁', from: '从', to: '到', until: '至', others: '被合并', take: '取自', changes: '变更', before: '变更前', after: '变更后', version: '版本', program: '程序', own: '本院规定', networks: '网段', occasion: '时机', kind: '类别', flow: '流程', flows: '流程', index: '索引', keys: '字段',
  provider: '身份来源', subject: '外部身份', what: '内容', sight: '可见方式', field: '字段', findings: '发现问题', entries: '核对条数', stoppedAt: '停止时间', tooMany: '过于频繁', cause: '事由', type: '记录类型', records: '记录数', fields: '字段', days: '天数', maxUses: '次数上限', audience: '对象', password: '设口令',
  level: '权限', through: '封至', asOf: '截至', tables: '表数', pieces: '定义数', ended: '结束会话', locked: '锁定账号数', addresses: '来源地址', action: '动作', number: '编号', mark: '导出编号', filledBy: '代填人', key: '密钥', card: '规则', roles: '角色', mentions: '提到', pictures: '图片数', start: '开始', note: '说明', streams: '日志', stream: '日志',
  counts: '条数', seals: '封存数', month: '月份', folder: '文件夹', view: '报表', act: '操作', outcome: '结果', resource: '记录类型', record: '记录', address: '地址', actor: '操作人', problem: '问题', process: '进程', host: '主机', verdict: '结论', finding: '异常', at: '时间', size: '大小', scope: '范围', patterns: '范围', statement: '说明',
  order: '排序', role: '角色', unit: '科室', status: '状态', procedure: '手术操作', practitioner: '人员', result: '结果', answer: '结论', device: '设备', place: '地点', source: '来源', words: '内容', text: '内容', label: '名称', value: '值', values: '查找的值个数', title: '标题',
  ...settingLabels,
  differences: '改动', opened: '看到的敏感字段', asked: '查询条件', timeline: '时间线', modules: '模块', definition: '定义', batchSize: '批量', file: '文件名', importing: '导入', created: '新增', updated: '修改', skipped: '跳过', failed: '失败', undone: '撤销', mode: '方式', weekdays: '星期', id: '编号', levels: '层级', rest: '其余',
} // prettier-ignore
// Numbers of our own that mean nothing to people.
const hidden = new Set([
  'row',
  'job',
  'instance',
  'access',
  'prepared',
  'batch',
  'share',
  'act_id',
  'actId',
  'token',
  'view.share',
  'report.share',
])

const processRoles = { web: '网页服务', worker: '后台任务', scheduler: '定时任务' }
const choices: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  reason: mapped(signInOutcomes),
  method: signInMethods,
  end: { ...sessionEnds, ...emergencyEnds },
  code: Object.fromEntries(Object.entries(refusals).map(([code, [, message]]) => [code, message as string])),
  cause: emergencyCauses,
  what: { password: '密码', secondFactor: '动态口令', assignments: '角色分配的变更' },
  format: { xlsx: 'Excel', csv: 'CSV', pdf: 'PDF', json: 'JSON' },
  occasion: { create: '新增', change: '修改', delete: '删除' },
  action: { create: '新增', update: '修改', delete: '删除', read: '查看', export: '导出', import: '导入', purge: '彻底删除' },
  level: { read: '可查看', write: '可修改', edit: '可修改', change: '可修改' },
  audience: { inside: '院内', outside: '公开', public: '公开' },
  sight: { any: '可见', masked: '打码可见', plain: '明文可见', hidden: '不可见' },
  outcome: { done: '完成', refused: '被拒绝', failed: '失败' },
  stream: { audit: '审计', history: '历史' },
  process: processRoles,
  timeline: { person: '人员', record: '记录' },
  view: Object.fromEntries(Object.entries(auditViews).map(([name, { label }]) => [name, label])),
  verdict: { explained: '已说明，正常', escalated: '移交处理' },
} // prettier-ignore
function mapped(table: Readonly<Record<string, { label: string }>>): Record<string, string> {
  return Object.fromEntries(Object.entries(table).map(([key, { label }]) => [key, label]))
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d/
const most = 20

const isNothing = (value: unknown): boolean => value === 0 || (Array.isArray(value) && value.length === 0)

/** What an entry's detail says, line by line, in words: no numbers of our own, no codes, no JSON. */
export function detailWords(detail: Readonly<Record<string, unknown>>, resource: string | null, names: DetailNames): AuditWord[] {
  const lines: AuditWord[] = []
  for (const [key, value] of Object.entries(detail)) {
    if (hidden.has(key) || value === null || value === undefined || value === false || isNothing(value)) continue
    const text = wordsOf(key, value, resource, names)
    if (text) lines.push({ label: labelOf(key, resource, names), value: text })
  }
  return lines.toSorted((a, b) => rank(a.label) - rank(b.label))
}
// As the table of labels has them: the database sorts keys by their length.
const ranks = new Map(Object.values(labels).map((label, at) => [label, at]))
const rank = (label: string): number => ranks.get(label) ?? ranks.size
const labelOf = (key: string, resource: string | null, names: DetailNames): string =>
  labels[key] ?? names.field(resource, key) ?? otherLabel

function wordsOf(key: string, value: unknown, resource: string | null, names: DetailNames): string {
  if (value === null || value === undefined) return '空'
  if (typeof value === 'boolean') return value ? '是' : '否'
  if (typeof value === 'number') return value.toLocaleString('zh-CN')
  if (typeof value === 'string') return textOf(key, value, resource, names)
  if (key === 'filter') return filterWords(value, resource, names)
  if (Array.isArray(value)) return listWords(key, value as unknown[], resource, names)
  return objectWords(value as Record<string, unknown>, resource, names)
}

function textOf(key: string, value: string, resource: string | null, names: DetailNames): string {
  const chosen = choices[key]?.[value]
  if (chosen) return chosen
  if (key === 'act') return auditActLabel(value)
  if (uuid.test(value)) return names.record(value) ?? ''
  if (instant.test(value) && !Number.isNaN(Date.parse(value))) return formatInstant(value)
  if (key === 'flow' || key === 'flows') return names.flow(value) ?? value
  if (key === 'type' || key === 'resource') return names.resource(value) ?? value
  if (['field', 'fields', 'columns', 'keys', 'after', 'order', 'opened'].includes(key))
    return names.field(resource, value.replace(/^-/, '')) ?? value
  return value
}

function listWords(key: string, list: readonly unknown[], resource: string | null, names: DetailNames): string {
  const words = list.slice(0, most).map((one) => wordsOf(key, one, resource, names)).filter(Boolean) // prettier-ignore
  // Records without a name are only counted.
  if (words.length === 0) return list.length ? `${list.length} 项` : '无'
  return `${words.join('、')}${list.length > most ? `等 ${list.length} 项` : ''}`
}

/** A change as before → after, what has words of its own by them, everything else as label and value. */
function objectWords(value: Readonly<Record<string, unknown>>, resource: string | null, names: DetailNames): string {
  if (typeof value['words'] === 'string') return value['words']
  return Object.entries(value)
    .filter(([key, one]) => !hidden.has(key) && one !== null && one !== undefined)
    .map(([key, one]) => {
      const say = (part: unknown) => wordsOf(key, part, resource, names) || '空'
      const text = isChange(one) ? `${say(one[0])} → ${say(one[1])}` : say(one)
      return `${labelOf(key, resource, names)}：${text}`
    })
    .join('；')
}
const isChange = (value: unknown): value is [unknown, unknown] =>
  Array.isArray(value) && value.length === 2 && JSON.stringify(value[0]) !== JSON.stringify(value[1])

/** A filter by the fields that it asks about: what it asks for may itself be protected. */
function filterWords(filter: unknown, resource: string | null, names: DetailNames): string {
  const found = new Set<string>()
  const walk = (node: unknown) => {
    if (Array.isArray(node)) for (const one of node as unknown[]) walk(one)
    else if (typeof node === 'object' && node !== null) {
      const { field } = node as { field?: unknown }
      if (typeof field === 'string') found.add(names.field(resource, field.split('.')[0]!) ?? '关联内容')
      for (const [key, one] of Object.entries(node)) if (key !== 'value' && key !== 'field') walk(one)
    }
  }
  walk(filter)
  return found.size ? `按${[...found].join('、')}` : '有'
}
