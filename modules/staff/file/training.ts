import { choice, date, decimal, text } from '#model'
import { inOrder, section } from './section.ts'

export const training = section('staff.training', '培训情况', {
  title: 'name',
  chapter: 'learning',
  office: 'science',
  fields: {
    name: text('活动名称', { required: true, max: 200, search: true }),
    kind: choice('培训性质', { continuing: '继续教育', induction: '岗前培训', resident: '住院医师规范化培训', generalPractice: '全科医学培训', emergency: '急救技能', infection: '院感防控', other: '其他' }, { required: true }),
    generalKind: choice('全科培训类型', { resident: '全科医师规范化培训', post: '全科医生岗位培训', transfer: '全科医生转岗培训' }, { visibleWhen: 'kind == "generalPractice"', requiredWhen: 'kind == "generalPractice"' }),
    part: choice('参与方式', { attend: '参加', lecture: '授课', organise: '组织' }, { required: true, default: 'attend' }),
    mode: choice('学习方式', { face: '面授', online: '远程', mixed: '混合' }, { default: 'face' }),
    from: date('开始日期', { required: true }),
    to: date('结束日期'),
    organiser: text('主办单位', { max: 100 }),
    place: text('培训地点', { max: 100 }),
    result: choice('培训结果', { passed: '合格', failed: '不合格', attended: '已参加' }, { default: 'attended' }),
    credits: decimal('学分', 1, { min: '0', max: '100' }),
  },
  list: ['name', 'kind', 'part', 'from', 'to', 'organiser', 'result', 'credits'],
  filters: ['kind', 'part', 'result'],
  by: 'from',
  rules: [inOrder],
  evidence: { label: '合格证明、学分证', requiredWhen: 'kind == "generalPractice"' },
}) // prettier-ignore
