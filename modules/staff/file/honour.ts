import { choice, date, text } from '#model'
import { section } from './section.ts'
import { ranks } from './society-post.ts'

export const honour = section('staff.honour', '荣誉奖励', {
  title: 'name',
  chapter: 'conduct',
  office: 'personnel',
  fields: {
    name: text('荣誉名称', { required: true, max: 200, search: true }),
    kind: choice('获奖类别', { honour: '荣誉称号', science: '科技奖励', service: '医德医风', teaching: '教学奖励', other: '其他' }, { required: true }),
    rank: choice('荣誉级别', ranks, { required: true }),
    result: text('获奖结果', { max: 60, suggest: ['一等奖', '二等奖', '三等奖', '优秀', '先进个人'] }),
    issuer: text('授予部门', { required: true, max: 100 }),
    receivedOn: date('获得时间', { required: true, max: 'today' }),
  },
  list: ['name', 'kind', 'rank', 'result', 'issuer', 'receivedOn'],
  filters: ['kind', 'rank'],
  by: 'receivedOn',
  evidence: { label: '获奖证书' },
}) // prettier-ignore
