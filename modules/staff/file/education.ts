import { boolean, choice, date, text } from '#model'
import { inOrder, section } from './section.ts'

export const education = section('staff.education', '学习经历', {
  title: 'school',
  chapter: 'learning',
  office: 'personnel',
  fields: {
    school: text('就读院校', { required: true, max: 100, search: true }),
    level: choice('学历', { doctor: '博士研究生', master: '硕士研究生', bachelor: '本科', college: '大专', secondary: '中专', other: '其他' }, { required: true }),
    mode: choice('学习形式', { fullTime: '全日制', partTime: '在职' }, { required: true, default: 'fullTime' }),
    kind: choice('专业类型', { academic: '学术型', professional: '专业型', none: '不区分' }),
    major: text('专业', { required: true, max: 60, search: true }),
    degree: choice('学位', { doctor: '博士', master: '硕士', bachelor: '学士', none: '无学位' }, { required: true }),
    from: date('入学日期', { required: true, max: 'today' }),
    to: date('毕业日期', { help: '空 = 在读' }),
    isFirst: boolean('第一学历'),
    isHighest: boolean('最高学历'),
    certificateNumber: text('毕业证书编号', { max: 40 }),
  },
  list: ['school', 'level', 'degree', 'major', 'mode', 'from', 'to'],
  filters: ['level', 'degree', 'mode'],
  by: 'from',
  rules: [inOrder],
  evidence: { label: '毕业证、学位证', requiredWhen: 'to != null' },
}) // prettier-ignore
