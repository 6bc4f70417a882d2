import { all, among, choices, date, integer, lookup, person, reference, resource, where } from '#model'
import { items } from './completeness.rules.ts'

export const present = among('practitioner.status', ['active', 'away'])
export const unfinished = where('count', 'gt', 0)

/** 档案完整情况: one line a person, worked out from his file each time that it changes, and every night. */
export const completeness = resource('staff.completeness', {
  label: '档案完整情况',
  title: 'name',
  owner: { person: 'practitioner' },
  chapter: '资质',
  fields: {
    practitioner: reference('医务人员', 'staff.practitioner', { required: true, readOnly: true }),
    name: lookup('姓名', 'practitioner.name'),
    missing: choices('缺项', items, { readOnly: true }),
    count: integer('缺项数', { readOnly: true }),
    chasedOn: date('最近催办日期', { readOnly: true }),
    chasedBy: person('催办人', { readOnly: true }),
    toldOn: date('最近通知日期', { readOnly: true }),
  },
  unique: [['practitioner']],
  indexes: [['count']],
  list: {
    columns: ['practitioner', 'practitioner.staffNumber', 'practitioner.unit', 'practitioner.category', 'count', 'missing', 'chasedOn', 'chasedBy'],
    filters: ['practitioner.unit', 'practitioner.category', 'missing', 'count', 'chasedOn'],
    sort: ['-count'],
    views: [
      { name: 'unfinished', label: '未完成', filter: all(present, unfinished) },
      { name: 'chased', label: '已催办未完成', filter: all(present, unfinished, where('chasedOn', 'notEmpty')) },
      { name: 'finished', label: '已完成', filter: all(present, where('count', 'eq', 0)) },
    ],
  },
  buttons: [
    { name: 'chase', label: '催办', when: 'count > 0', many: true, confirm: '本人会收到消息，写明还缺哪些内容；同一天只通知一次。', does: { set: { chasedOn: { word: 'today' }, chasedBy: { word: 'me' } } } },
  ],
}) // prettier-ignore
