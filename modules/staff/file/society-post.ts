import { choice, date, text } from '#model'
import { inOrder, section } from './section.ts'

export const ranks = { international: '国际', national: '国家级', provincial: '省级', city: '市级', hospital: '院级' } as const

export const societyPost = section('staff.societyPost', '社会团体任职', {
  title: 'society',
  chapter: 'work',
  office: 'medical',
  fields: {
    society: text('社会团体名称', { required: true, max: 100, search: true }),
    branch: text('分会/专业组', { max: 100 }),
    rank: choice('级别', ranks, { required: true }),
    post: text('授予职务', { required: true, max: 40, suggest: ['主任委员', '副主任委员', '常务委员', '委员', '青年委员', '秘书', '会员'] }),
    from: date('任职日期', { required: true }),
    to: date('届满日期', { help: '空 = 没有约定届满' }),
  },
  list: ['society', 'branch', 'rank', 'post', 'from', 'to'],
  filters: ['rank'],
  by: 'from',
  rules: [inOrder],
  evidence: { label: '聘书' },
}) // prettier-ignore
