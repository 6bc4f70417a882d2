import { boolean, choice, dateTime, integer, longText, person, reference, references, rows, text, unit } from '../fields/factories.ts'
import { members, toggle } from '../fields/factories-more.ts'
import type { Field } from '../fields/field.ts'
import { kindOf } from '../fields/kinds.ts'
import { is } from '../filter/filter.ts'
import { group, ledger, may, module, page } from '../module.ts'
import { namesOf } from '../names-of.ts'
import { resource, type Owner } from '../resource.ts'

export const campaignStates = {
  draft: { label: '草稿', tone: 'neutral' },
  running: { label: '进行中', tone: 'good' },
  closed: { label: '已截止', tone: 'neutral' },
} as const
export type CampaignState = keyof typeof campaignStates
export const lineStates = {
  open: { label: '未报', tone: 'warn' },
  has: { label: '有', tone: 'good' },
  none: { label: '无', tone: 'neutral' },
} as const
export type LineState = keyof typeof lineStates
export const writeBackStates = {
  written: { label: '已写入', tone: 'good' },
  asked: { label: '已申请变更', tone: 'info' },
  refused: { label: '变更未批准', tone: 'bad' },
  same: { label: '无变化', tone: 'neutral' },
  failed: { label: '未回写', tone: 'warn' },
} as const
export type WriteBackState = keyof typeof writeBackStates

/** 填报任务: a form that everybody of a list answers until a day, with something or with nothing to report. */
export const campaigns = resource('campaigns.campaign', {
  label: '填报任务',
  title: 'title',
  owner: { person: 'author', department: 'unit' },
  chapter: '通知与任务',
  groups: [
    { label: '内容', fields: ['title', 'words', 'form', 'several', 'mayNone'] },
    { label: '填报对象', fields: ['asked', 'answerer', 'to', 'groups', 'role'] },
    { label: '期限', fields: ['due', 'closesAtDue', 'unit'] },
    { label: '进展', fields: ['author', 'status', 'startedAt', 'closedAt', 'file', 'fileFields'] },
  ],
  fields: {
    title: text('标题', { required: true, max: 60, search: true }),
    words: longText('填报说明', { max: 2000 }),
    form: namesOf('resource', '填报的表单', { required: true, help: '填报对象须有新增这种记录的权限' }),
    several: toggle('可填多份', { default: false, help: '如兼职有几项填几份' }),
    mayNone: toggle('可报“无”', { default: true, help: '没有要填的内容时，一点即报' }),
    asked: choice('填报对象', { people: '人员', units: '科室' }, { required: true, default: 'people' }),
    answerer: choice('由谁代科室填报', { head: '科主任', secretary: '科室秘书' }, {
      default: 'head',
      visibleWhen: "asked == 'units'",
      help: '没有科室秘书的科室由科主任填报，没有主任的由上级填报',
    }),
    to: members('范围', { help: '科室（含下级）、职务、人员；全不填为全院在岗人员，按科室填报时为全部科室' }),
    groups: references('小组与委员会', 'directory.group', { visibleWhen: "asked == 'people'", help: '其成员也在范围内' }),
    role: namesOf('role', '角色', { visibleWhen: "asked == 'people'", help: '担任此角色的人员也在范围内' }),
    due: dateTime('截止时间', { required: true }),
    closesAtDue: toggle('到时自动截止', { default: true, help: '关闭时，过了截止时间仍可补报，记为逾期，直到手动截止' }),
    unit: unit('发起科室', { required: true, from: 'author.unit' }),
    author: person('发起人', { required: true, readOnly: true, default: 'me' }),
    status: choice('状态', campaignStates, { required: true, readOnly: true, default: 'draft' }),
    startedAt: dateTime('开始时间', { readOnly: true }),
    closedAt: dateTime('实际截止', { readOnly: true }),
    file: namesOf('resource', '回写到', { readOnly: true }),
    fileFields: rows('回写的项', { from: text('表单的项', { required: true, max: 60 }), to: text('档案的项', { required: true, max: 60 }) }, { readOnly: true }),
  },
  list: {
    columns: ['title', 'form', 'status', 'asked', 'due', 'startedAt', 'closedAt', 'unit', 'author'],
    filters: ['status', 'form', 'due', 'author'],
    sort: ['-createdAt'],
    views: [
      { name: 'running', label: '进行中', filter: is('status', 'running') },
      { name: 'draft', label: '草稿', filter: is('status', 'draft') },
      { name: 'closed', label: '已截止', filter: is('status', 'closed') },
    ],
  },
}) // prettier-ignore

/** One of those asked, person or unit, and what came of it. Who began the campaign sees it; whoever is asked sees his own on a page. */
export const campaignLines = resource('campaigns.line', {
  label: '填报名单',
  title: 'name',
  owner: { person: 'person', department: 'office' },
  chapter: '通知与任务',
  writtenBy: 'module',
  fields: {
    name: text('填报对象', { required: true, max: 80, search: true }),
    campaign: reference('填报任务', 'campaigns.campaign', { required: true }),
    unit: unit('科室'),
    status: choice('填报', lineStates, { required: true, default: 'open' }),
    late: boolean('逾期', { default: false }),
    records: integer('份数', { default: 0 }),
    answeredAt: dateTime('填报时间'),
    answeredBy: person('填报人'),
    reminded: integer('催报次数', { default: 0 }),
    remindedAt: dateTime('最近催报'),
    writeBack: choice('回写', writeBackStates),
    writeBackSaid: text('回写结果', { max: 300 }),
    person: person('人员'),
    office: unit('发起科室', { required: true }),
  },
  indexes: [['campaign', 'status'], ['person'], ['unit']],
  list: {
    columns: ['name', 'campaign', 'unit', 'status', 'late', 'records', 'answeredAt', 'answeredBy', 'reminded', 'remindedAt', 'writeBack', 'writeBackSaid'],
    filters: ['campaign', 'unit', 'status', 'late', 'writeBack'],
    views: [
      { name: 'open', label: '未报', filter: is('status', 'open') },
      { name: 'has', label: '有', filter: is('status', 'has') },
      { name: 'none', label: '无', filter: is('status', 'none') },
    ],
  },
}) // prettier-ignore

/** May a value of this field be written back, or into this one? What is kept elsewhere or found out by the system may not. */
export function mayWriteBack(field: Field): boolean {
  const unfit = ['rows', 'files', 'image', 'video', 'audio', 'signature', 'password', 'autoNumber', 'formula']
  return !unfit.includes(field.kind) && !kindOf(field).isComputed && field.derived === undefined
}
/** Which field of a file says whose it is, of a person or of a unit; undefined: it is no file of either. */
export function fileKey({ owner }: { owner: Owner }, isUnits: boolean): string | undefined {
  if (!isUnits) return owner.person
  return owner.person ? undefined : owner.department
}
/** Why a value of one field does not fit into the other; null: it does. */
export function misfit(from: Field | undefined, to: Field | undefined): string | null {
  if (!from || !mayWriteBack(from)) return '表单没有这一项，或不能回写'
  if (!to || !mayWriteBack(to) || to.readOnly) return '档案没有这一项，或不能写入'
  const targetOf = (field: Field) => (field.options as { target?: string }).target
  return from.kind === to.kind && targetOf(from) === targetOf(to) ? null : '两项的类型不同'
}

const actions = ['read', 'create', 'update', 'delete', 'export'] as const
export const campaignsModule = module('campaigns', {
  label: '填报任务',
  resources: [campaigns, campaignLines],
  rights: {
    'campaigns.answer': '填报发给自己的任务',
    'campaigns.progress': '查看填报的进展和内容',
    'campaigns.manage': '发起填报任务，催报、截止、回写',
  },
  roles: {
    staffMember: [may.use('campaigns.answer')],
    medicalOffice: [
      { on: campaigns.name, actions, scope: 'myUnits' },
      may.read(campaignLines, 'myUnits'),
      may.export(campaignLines, 'myUnits'),
      may.use('campaigns.progress'),
      may.use('campaigns.manage'),
    ],
    // Of all offices, to look at.
    hospitalLeader: [may.read(campaigns), may.read(campaignLines), may.use('campaigns.progress')],
  },
  menu: [
    group('填报', [
      page('/campaigns', '我的填报', 'campaigns.answer', { icon: 'form', phone: true }),
      ledger(campaigns, { label: '填报任务', icon: 'schedule' }),
      ledger(campaignLines, { icon: 'table' }),
    ]),
  ],
})
