import { choice, date, longText, text } from '#model'
import { inOrder, section } from './section.ts'

export const furtherStudy = section('staff.furtherStudy', '进修与外出学习', {
  title: 'host',
  chapter: 'learning',
  office: 'science',
  fields: {
    host: text('进修单位', { required: true, max: 100, search: true }),
    kind: choice('类别', { study: '进修', visit: '访学', course: '短期学习班', abroad: '出国（境）研修' }, { required: true, default: 'study' }),
    specialty: text('进修专业', { max: 60 }),
    from: date('开始日期', { required: true }),
    to: date('结束日期'),
    mode: choice('学习方式', { fullTime: '脱产', partTime: '半脱产', online: '线上' }, { default: 'fullTime' }),
    place: text('学习地点', { max: 100 }),
    content: longText('主要内容', { max: 2000 }),
    result: text('结业情况', { max: 200 }),
  },
  list: ['host', 'kind', 'specialty', 'from', 'to', 'mode', 'result'],
  filters: ['kind', 'mode'],
  by: 'from',
  rules: [inOrder],
  evidence: { label: '结业证书、批件' },
}) // prettier-ignore
