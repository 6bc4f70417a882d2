import { choice, date, decimal, longText, money, text, toggle } from '#model'
import { inOrder, section } from './section.ts'

export const partTimePost = section('staff.partTimePost', '社会兼职', {
  title: 'employer',
  chapter: 'work',
  office: 'medical',
  fields: {
    kind: choice('上报类型', { practice: '多机构执业', teaching: '教学兼职', company: '企业兼职', other: '其他' }, { required: true }),
    branch: text('所在党支部', { max: 60 }),
    employer: text('兼职单位名称', { required: true, max: 100, search: true }),
    post: text('兼职单位职务', { required: true, max: 60 }),
    duties: longText('兼职内容', { required: true, max: 1000 }),
    address: text('兼职单位地址', { max: 200 }),
    from: date('兼职开始时间', { required: true }),
    to: date('兼职结束时间', { help: '空 = 至今' }),
    clinic: text('坐诊时间', { max: 100 }),
    hoursAWeek: decimal('每周兼职时长', 1, { min: '0', max: '80', unit: '小时' }),
    isPaid: toggle('获取薪酬'),
    pay: money('取酬金额（万元/年）', { visibleWhen: 'isPaid == true', requiredWhen: 'isPaid == true', min: '0' }),
    isInvited: toggle('有正式邀请函'),
    hasContract: toggle('有合同（协议、意向书）'),
    reportedTo: text('已报备部门', { max: 60 }),
  },
  list: ['employer', 'kind', 'post', 'from', 'to', 'hoursAWeek', 'isPaid'],
  filters: ['kind', 'isPaid'],
  by: 'from',
  rules: [inOrder],
  evidence: { label: '邀请函、合同' },
}) // prettier-ignore
