import { choice, date, longText, reference, resource, text } from '#model'

export const committeeLevels = {
  national: '国家级',
  provincial: '省级',
  municipal: '市级',
  district: '区县级',
  hospital: '院级',
  department: '科级',
} as const

/** 委员会: of the hospital or of a society outside. */
export const committee = resource('organisation.committee', {
  label: '委员会',
  title: 'name',
  fields: {
    name: text('委员会名称', { required: true, max: 80, search: true }),
    level: choice('级别', committeeLevels, { required: true, default: 'hospital' }),
    issuer: text('发证单位', { required: true, max: 100, placeholder: '如：本院、中华医学会' }),
    group: reference('审批用的专家组', 'directory.group', {
      onDelete: 'clear',
      help: '选定后，任职中的委员随任期自动成为该组成员，审批流程按该组找人',
    }),
    foundedOn: date('成立日期'),
    endedOn: date('撤销日期'),
    duties: longText('职责', { max: 2000 }),
  },
  unique: [['name']],
  rules: [{ at: 'endedOn', holds: 'endedOn == null || foundedOn == null || endedOn >= foundedOn', message: '不能早于成立日期' }],
  list: { columns: ['name', 'level', 'issuer', 'group', 'foundedOn', 'endedOn'], filters: ['level', 'endedOn'], sort: ['name'] },
})
