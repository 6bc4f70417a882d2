import { all, boolean, choice, date, is, person, phone, resource, text, unit, where } from '#model'

/** 总值班表: who is on duty on which day, table by table; seen by all once it is published. */
export const duty = resource('staff.duty', {
  label: '总值班表',
  title: 'day',
  owner: { department: 'unit' },
  fields: {
    table: choice('值班表', { medicine: '内科', surgery: '外科', emergency: '急诊', department: '各科室', office: '行政总值班' }, { required: true }),
    day: date('日期', { required: true }),
    unit: unit('科室'),
    first: person('一值', { required: true }),
    second: person('二值'),
    third: person('三值'),
    phone: phone('值班电话', { class: 'internal' }),
    note: text('备注', { max: 200 }),
    isPublished: boolean('已发布', { default: false }),
  },
  unique: [['table', 'day', 'unit']],
  indexes: [['day']],
  list: {
    columns: ['day', 'table', 'unit', 'first', 'second', 'third', 'phone', 'note', 'isPublished'],
    filters: ['table', 'day', 'unit', 'isPublished'],
    sort: ['day', 'table'],
    views: [
      { name: 'today', label: '今天', filter: is('day', { today: 0 }) },
      { name: 'week', label: '未来七天', filter: all(where('day', 'gte', { today: 0 }), where('day', 'lte', { today: 6 })) },
      { name: 'draft', label: '未发布', filter: is('isPublished', false) },
    ],
  },
  buttons: [
    { name: 'publish', label: '发布', many: true, when: 'isPublished != true', does: { set: { isPublished: { value: true } } } },
    { name: 'withdraw', label: '撤下', many: true, when: 'isPublished == true', does: { set: { isPublished: { value: false } } } },
  ],
}) // prettier-ignore
