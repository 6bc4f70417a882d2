import { all, choice, choices, date, integer, is, longText, person, resource, text, toggle, where, type Row } from '#model'
import { pools, temporaryKinds } from './temporary.rules.ts'

/** Whose right reaches temporary people reaches those who have a kind: all others of the directory stay out of sight here. */
export const temporaries = where('temporaryKind', 'notEmpty')
const here = (kind: string) => ({ filter: all(is('temporaryKind', kind), is('status', 'external')) })

/** 临时人员: one human is one person of the directory, whether he works here for a time or for good; this is what is known of him while it is for a time. */
export const temporary = resource('organisation.temporary', {
  label: '临时人员',
  title: 'name',
  extends: 'directory.person',
  fields: {
    temporaryKind: choice('人员类型', temporaryKinds, { required: true }),
    temporaryPools: choices('人员池', pools, { help: '哪些业务可以调用；空 = 按人员类型' }),
    sourceInstitution: text('来源单位', { max: 100, search: true, help: '学校、派出医院、劳务公司' }),
    temporaryFrom: date('开始日期', { required: true, default: 'today' }),
    temporaryTo: date('结束日期', { help: '空 = 未定' }),
    height: integer('身高', { min: 50, max: 250, unit: '厘米' }),
    mentor: person('带教老师'),
    temporaryNote: longText('备注', { max: 1000 }),
    isOtherPerson: toggle('确认不是同一人', { help: '姓名和出生日期与已有人员都相同、核对后确实不是同一人时打开' }),
    permanentOn: date('转正日期', { readOnly: true }),
  },
  groups: [
    { label: '基本信息', fields: ['name', 'temporaryKind', 'identityNumber', 'sex', 'birthDate', 'mobile', 'email', 'height'] },
    { label: '在院安排', fields: ['unit', 'mentor', 'sourceInstitution', 'temporaryFrom', 'temporaryTo', 'temporaryPools'] },
    { label: '其他', fields: ['temporaryNote', 'isOtherPerson', 'staffNumber', 'status', 'joinedOn', 'permanentOn'] },
  ],
  indexes: [['temporaryKind', 'status']],
  rules: [{ at: 'temporaryTo', holds: 'temporaryTo == null || temporaryFrom == null || temporaryTo >= temporaryFrom', message: '不能早于开始日期' }],
  list: {
    columns: ['name', 'temporaryKind', 'unit', 'sourceInstitution', 'temporaryFrom', 'temporaryTo', 'mentor', 'status'],
    filters: ['temporaryKind', 'temporaryPools', 'unit', 'status', 'temporaryTo'],
    sort: ['-temporaryFrom', 'name'],
    views: [
      { name: 'here', label: '在院', filter: is('status', 'external') },
      ...Object.entries(temporaryKinds).map(([kind, label]) => ({ name: kind, label, ...here(kind) })),
      { name: 'permanent', label: '已转正', filter: all(where('permanentOn', 'notEmpty'), where('status', 'ne', 'external')), columns: ['name', 'temporaryKind', 'staffNumber', 'unit', 'permanentOn'] },
      { name: 'gone', label: '已离开', filter: is('status', 'left') },
    ],
  },
  buttons: [{ name: 'makePermanent', label: '转正', when: 'status == "external"', many: true, does: { open: '/staff/permanent?ids={ids}' } }],
}) // prettier-ignore
export type Temporary = Row<typeof temporary>
