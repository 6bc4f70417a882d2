import { choice, date, longText, text } from '#model'
import { inOrder, section } from './section.ts'
import { ranks } from './society-post.ts'

export const academicActivity = section('staff.academicActivity', '重要学术活动', {
  title: 'name',
  chapter: 'science',
  office: 'science',
  fields: {
    name: text('学术活动名称', { required: true, max: 200, search: true }),
    rank: choice('活动规模', ranks, { required: true }),
    part: choice('担任角色', { chair: '主持', speaker: '讲者', poster: '壁报交流', attend: '参会', organise: '承办' }, { required: true }),
    topic: text('交流题目', { max: 200, visibleWhen: 'part == "speaker" || part == "poster"' }),
    organiser: text('主办单位', { max: 100 }),
    place: text('地点', { max: 100 }),
    from: date('开始时间', { required: true }),
    to: date('结束时间'),
    content: longText('内容', { max: 2000 }),
  },
  list: ['name', 'rank', 'part', 'organiser', 'place', 'from', 'to'],
  filters: ['rank', 'part'],
  by: 'from',
  rules: [inOrder],
}) // prettier-ignore
