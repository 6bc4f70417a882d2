import {
  all,
  among,
  autoNumber,
  awayKinds,
  choice,
  date,
  dateTime,
  email,
  identityNumber,
  integer,
  is,
  longText,
  person,
  phone,
  reference,
  references,
  resource,
  text,
  toggle,
  unit,
  unitKinds,
  type Row,
} from '#model'
import { abouts, outcomes } from './feed.rules.ts'

export const runStates = {
  applied: { label: '已执行', tone: 'good' },
  stopped: { label: '变动过多，待确认', tone: 'bad' },
  dropped: { label: '已放弃', tone: 'neutral' },
  failed: { label: '没有读到', tone: 'bad' },
} as const
const ofAbsence = 'about == "absences"'
const ofUnit = 'about == "units"'
const ofPerson = 'about != "absences" && about != "units"'

/** 对接批次: one time that a source told of what it knows, and what came of it. */
export const feedRun = resource('organisation.feedRun', {
  label: '对接批次',
  title: 'number',
  writtenBy: 'module',
  fields: {
    number: autoNumber('批次', 'DJ'),
    source: reference('来源', 'organisation.feedSource', { required: true }),
    about: choice('内容', abouts, { default: 'people' }),
    at: dateTime('时间', { required: true }),
    isFull: toggle('全量', { help: '全量中没有的人员待确认离职，没有的科室待核对' }),
    status: choice('状态', runStates, { required: true }),
    total: integer('条数', { min: 0 }),
    same: integer('没有变动', { min: 0 }),
    changed: integer('更新', { min: 0 }),
    added: integer('新增', { min: 0 }),
    missing: integer('来源里没有', { min: 0 }),
    doubtful: integer('待认领', { min: 0 }),
    refused: integer('不能读入', { min: 0 }),
    message: text('说明', { max: 300 }),
    decidedBy: person('确认人'),
    decidedReason: text('确认原因', { max: 200 }),
  },
  indexes: [['source', 'at']],
  list: {
    columns: ['number', 'source', 'about', 'at', 'isFull', 'status', 'total', 'same', 'changed', 'added', 'missing', 'doubtful', 'refused'],
    filters: ['source', 'about', 'status', 'at'],
    sort: ['-at'],
    views: [{ name: 'stopped', label: '待确认', filter: is('status', 'stopped') }, { name: 'failed', label: '没有读到', filter: is('status', 'failed') }],
  },
}) // prettier-ignore
export type FeedRun = Row<typeof feedRun>

const waits = is('status', 'open')
/** 对接明细: what a run says of one person, absence or unit, unless all is as it was; what is doubtful waits for somebody who knows. */
export const feedLine = resource('organisation.feedLine', {
  label: '对接明细',
  title: 'name',
  writtenBy: 'module',
  owner: { person: 'person', department: 'unit' },
  chapter: '账号与标识',
  fields: {
    run: reference('批次', 'organisation.feedRun', { required: true }),
    source: reference('来源', 'organisation.feedSource', { required: true }),
    about: choice('内容', abouts, { default: 'people' }),
    number: text('来源编号', { required: true, max: 80, search: true, help: '人员的工号，或科室的编码' }),
    name: text('名称', { max: 80, search: true }),
    outcome: choice('结果', outcomes, { required: true }),
    status: choice('处理', { done: { label: '已处理', tone: 'good' }, open: { label: '待处理', tone: 'warn' }, ignored: { label: '已忽略', tone: 'neutral' } }, { required: true }),
    message: text('说明', { max: 300 }),
    person: person('人员'),
    unit: unit('科室'),
    unitCode: text('来源科室', { max: 80 }),
    key: text('来源单号', { max: 80, visibleWhen: ofAbsence }),
    absence: choice('离岗类型', awayKinds, { visibleWhen: ofAbsence }),
    from: date('起', { visibleWhen: `${ofAbsence} || ${ofUnit}` }),
    until: date('止', { visibleWhen: ofAbsence }),
    reason: text('事由', { max: 200, visibleWhen: ofAbsence }),
    isCancelled: toggle('已取消', { visibleWhen: ofAbsence }),
    unitKind: choice('科室类型', unitKinds, { visibleWhen: ofUnit }),
    parentCode: text('来源上级', { max: 80, visibleWhen: ofUnit }),
    staffNumber: text('院内工号', { max: 30, visibleWhen: ofPerson }),
    sex: choice('性别', { male: '男', female: '女', unknown: '未说明' }),
    birthDate: date('出生日期'),
    identityNumber: identityNumber('证件号码'),
    mobile: phone('手机', { mobileOnly: true }),
    email: email('邮箱'),
    joinedOn: date('来院日期'),
    changes: longText('变动', { max: 1000 }),
    candidates: references('可能是', 'directory.person', { visibleWhen: 'about != "units"' }),
    likeUnits: references('可能是的科室', 'directory.unit', { visibleWhen: ofUnit }),
    handledBy: person('处理人'),
    handledOn: date('处理日期'),
    note: text('处理说明', { max: 200 }),
  },
  indexes: [['run', 'outcome'], ['status', 'outcome'], ['source', 'number'], ['source', 'key']],
  list: {
    columns: ['name', 'number', 'about', 'outcome', 'status', 'person', 'unitCode', 'message', 'changes', 'source'],
    filters: ['source', 'about', 'outcome', 'status', 'run'],
    sort: ['-createdAt', 'number'],
    views: [
      { name: 'doubtful', label: '待认领', filter: all(waits, is('outcome', 'doubtful')) },
      { name: 'missing', label: '来源里没有', filter: all(waits, is('outcome', 'missing')) },
      { name: 'refused', label: '不能读入', filter: all(waits, is('outcome', 'refused')) },
      { name: 'made', label: '新增与更新', filter: among('outcome', ['added', 'changed']) },
    ],
  },
}) // prettier-ignore
export type FeedLine = Row<typeof feedLine>
