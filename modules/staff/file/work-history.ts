import { boolean, choice, date, longText, text } from '#model'
import { inOrder, section } from './section.ts'

/** Where somebody worked: here in words of his own, elsewhere altogether. What the house itself knows of his way stands under 任职与异动. */
export const workHistory = section('staff.workHistory', '工作经历', {
  title: 'employer',
  chapter: 'work',
  office: 'personnel',
  fields: {
    employer: text('工作单位', { required: true, max: 100, search: true }),
    place: choice('单位性质', { own: '本院', hospital: '其他医疗机构', school: '院校', other: '其他' }, { required: true, default: 'hospital' }),
    department: text('病区/科室', { max: 60 }),
    position: text('职务', { max: 60 }),
    title: text('职称', { max: 40 }),
    from: date('开始日期', { required: true, max: 'today' }),
    to: date('结束日期', { help: '空 = 至今' }),
    isPartTime: boolean('兼职', { help: '兼职经历可以与其他经历的时间重叠' }),
    duties: longText('工作内容', { max: 1000 }),
  },
  list: ['employer', 'place', 'department', 'position', 'from', 'to'],
  filters: ['place'],
  by: 'from',
  rules: [inOrder],
}) // prettier-ignore
