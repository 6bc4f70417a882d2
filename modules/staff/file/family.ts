import { boolean, choice, date, phone, text } from '#model'
import { section } from './section.ts'

/** Family, and whom to call. */
export const family = section('staff.family', '家庭与紧急联系人', {
  title: 'name',
  chapter: 'personal',
  office: 'personnel',
  fields: {
    name: text('姓名', { required: true, max: 60 }),
    relation: choice('关系', { spouse: '配偶', parent: '父母', child: '子女', sibling: '兄弟姐妹', other: '其他' }, { required: true }),
    birthDate: date('出生日期', { max: 'today' }),
    employer: text('工作单位', { max: 100 }),
    isEmergency: boolean('紧急联系人'),
    phone: phone('联系电话', { requiredWhen: 'isEmergency == true' }),
  },
  list: ['name', 'relation', 'phone', 'isEmergency', 'employer'],
  filters: ['relation', 'isEmergency'],
  by: 'relation',
}) // prettier-ignore
