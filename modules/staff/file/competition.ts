import { choice, date, text } from '#model'
import { inOrder, section } from './section.ts'
import { ranks } from './society-post.ts'

export const competition = section('staff.competition', '技术比赛', {
  title: 'name',
  chapter: 'conduct',
  office: 'medical',
  fields: {
    name: text('比赛名称', { required: true, max: 200, search: true }),
    rank: choice('比赛规模', ranks, { required: true }),
    award: text('所获奖项', { max: 60, suggest: ['一等奖', '二等奖', '三等奖', '优胜奖', '未获奖'] }),
    organiser: text('主办单位', { max: 100 }),
    from: date('开始时间', { required: true }),
    to: date('结束时间'),
  },
  list: ['name', 'rank', 'award', 'organiser', 'from', 'to'],
  filters: ['rank'],
  by: 'from',
  rules: [inOrder],
}) // prettier-ignore
