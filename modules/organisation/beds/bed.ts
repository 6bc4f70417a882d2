import { all, choice, date, dateTime, is, reference, resource, text, unit, where, whereOwn, type Row } from '#model'
import { openNow } from './beds.rules.ts'

/** 病房. A ward's rooms; its beds stand in them, or in none. */
export const roomKinds = { suite: '套间', single: '单人间', double: '双人间', triple: '三人间', many: '多人间', day: '日间' } as const
export const room = resource('organisation.room', {
  label: '病房',
  title: 'number',
  owner: { department: 'ward' },
  fields: {
    ward: unit('病区', { required: true, unitKinds: ['ward'] }),
    number: text('房号', { required: true, max: 20, search: true }),
    kind: choice('房间类型', roomKinds, { required: true }),
    note: text('备注', { max: 200 }),
  },
  unique: [['ward', 'number']],
  list: { columns: ['ward', 'number', 'kind', 'note'], filters: ['ward', 'kind'], sort: ['ward', 'number'] },
})
export type Room = Row<typeof room>

export const bedKinds = { ordinary: '普通床', monitored: '监护床', care: '保健床', child: '儿童床', transplant: '移植仓', negative: '负压病房', other: '其他' } as const // prettier-ignore
export const openings = { rated: '额定床位', added: '房内加床', day: '日间床位', temporary: '临时加床' } as const
export const bedStates = {
  empty: { label: '空床', tone: 'good' },
  occupied: { label: '在院', tone: 'info' },
  leaving: { label: '预出院', tone: 'warn' },
  reserved: { label: '预留', tone: 'neutral' },
  cleaning: { label: '消毒中', tone: 'neutral' },
} as const
export const conditions = {
  normal: { label: '正常', tone: 'good' },
  isolated: { label: '隔离', tone: 'warn' },
  resistant: { label: '多耐', tone: 'warn' },
  damaged: { label: '损坏', tone: 'bad' },
  unusable: { label: '不可用', tone: 'bad' },
} as const

const inStatus = (status: keyof typeof bedStates) => ({
  name: status,
  label: `${bedStates[status].label}`,
  filter: all(is('status', status), openNow),
})

/** 床位. Which beds there are is kept by the medical office; how each stands is told by the HIS, and by the ward. Nothing of any patient. */
export const bed = resource('organisation.bed', {
  label: '床位',
  title: 'number',
  owner: { department: 'ward' },
  fields: {
    ward: unit('病区', { required: true, unitKinds: ['ward'] }),
    speciality: unit('专科', { from: 'ward.parent', help: '不填则为病区所属的科室' }),
    room: reference('房间', 'organisation.room', { among: whereOwn('ward', 'eq', 'ward') }),
    number: text('床号', { required: true, max: 20, search: true }),
    kind: choice('床位类型', bedKinds, { required: true, default: 'ordinary' }),
    opening: choice('开放性质', openings, { required: true, default: 'rated' }),
    status: choice('状态', bedStates, { required: true, default: 'empty' }),
    condition: choice('情况', conditions, { required: true, default: 'normal' }),
    note: text('备注', { max: 200 }),
    from: date('启用日期', { default: 'today' }),
    to: date('停用日期'),
    statusAt: dateTime('状态时间', { readOnly: true }),
    conditionAt: dateTime('情况时间', { readOnly: true }),
  },
  unique: [['ward', 'number']],
  rules: [{ at: 'to', holds: 'from == null || to == null || to >= from', message: '不能早于启用日期' }],
  list: {
    columns: ['ward', 'room', 'number', 'kind', 'opening', 'status', 'condition', 'speciality', 'statusAt'],
    filters: ['ward', 'status', 'condition', 'kind', 'opening', 'speciality'],
    sort: ['ward', 'number'],
    views: [
      inStatus('empty'),
      inStatus('leaving'),
      inStatus('reserved'),
      inStatus('occupied'),
      { name: 'troubled', label: '特殊情况', filter: all(where('condition', 'ne', 'normal'), openNow) },
    ],
  },
})
export type Bed = Row<typeof bed>
