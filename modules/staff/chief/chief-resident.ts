import { all, any, choice, date, files, is, longText, lookup, person, phone, resource, unit, where } from '#model'

const approved = is('state', 'approved')
const begun = where('from', 'lte', { today: 0 })

/** 总住院医师: asked for by himself or appointed by {medicalOffice}; in office from a day to a day. */
export const chiefResident = resource('staff.chiefResident', {
  label: '总住院医师',
  title: 'name',
  owner: { person: 'person', department: 'unit' },
  chapter: '任职与异动',
  approval: 'staff.chiefResident',
  fields: {
    person: person('医师', { required: true, default: 'me' }),
    name: lookup('姓名', 'person.name'),
    unit: unit('科室', { from: 'person.unit', readOnly: true }),
    kind: choice('总住院类别', { department: '科室总住院', medicine: '内科总住院', surgery: '外科总住院', emergency: '急诊总住院' }, { required: true, default: 'department' }),
    from: date('任职起', { required: true, default: 'today' }),
    to: date('任职止', { required: true }),
    leftOn: date('提前退出日期', { readOnly: true }),
    phone: phone('值班电话', { required: true, class: 'internal', help: '全院可见，供联系' }),
    reason: longText('申请理由', { max: 1000 }),
    evidence: files('证明材料', { accept: ['image/*', 'application/pdf'] }),
    appraisal: files('任职考评表', { accept: ['image/*', 'application/pdf'], help: '任期结束后上传' }),
    appraised: choice('考评结果', { excellent: '优秀', passed: '合格', failed: '不合格' }),
  },
  rules: [{ at: 'to', holds: 'to == null || from == null || to > from', message: '任职止须晚于任职起' }, { at: 'leftOn', holds: 'leftOn == null || to == null || leftOn <= to', message: '任职已经期满，不必申请退出' }],
  indexes: [['person', 'from'], ['to']],
  list: {
    columns: ['person', 'unit', 'kind', 'phone', 'from', 'to', 'leftOn', 'appraised', 'state'],
    filters: ['unit', 'kind', 'from', 'to', 'state'],
    sort: ['unit', '-from'],
    views: [
      { name: 'serving', label: '现任', filter: all(approved, begun, where('to', 'gte', { today: 0 }), any(where('leftOn', 'empty'), where('leftOn', 'gte', { today: 0 }))), columns: ['person', 'unit', 'kind', 'phone', 'from', 'to'] },
      { name: 'asked', label: '申请中', filter: any(is('state', 'pending'), is('state', 'returned')) },
      { name: 'over', label: '已期满', filter: all(approved, any(where('to', 'lt', { today: 0 }), where('leftOn', 'lt', { today: 0 }))) },
    ],
  },
  buttons: [{ name: 'leave', label: '申请退出', when: 'leftOn == null', confirm: '批准后任职到今天为止。', does: { set: { leftOn: { word: 'today' } } } }],
}) // prettier-ignore
