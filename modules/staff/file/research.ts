import { choice, date, decimal, integer, money, text } from '#model'
import { inOrder, section } from './section.ts'
import { ranks } from './society-post.ts'

export const research = section('staff.research', '科研项目', {
  title: 'name',
  chapter: 'science',
  office: 'science',
  fields: {
    name: text('项目名称', { required: true, max: 300, search: true }),
    number: text('项目编号', { max: 60 }),
    source: text('项目来源', { required: true, max: 100, suggest: ['国家自然科学基金', '省自然科学基金', '市科技计划', '院内课题', '横向课题'] }),
    rank: choice('科研级别', ranks, { required: true }),
    part: choice('承担角色', { leader: '主持', main: '主要参与', other: '参与' }, { required: true }),
    place: integer('排名', { min: 1, max: 100 }),
    from: date('立项时间', { required: true }),
    to: date('结题时间'),
    progress: choice('完成状况', { running: '在研', finished: '已结题', stopped: '终止' }, { required: true, default: 'running' }),
    appraisal: choice('鉴定水平', { international: '国际先进', national: '国内领先', provincial: '省内领先', none: '未鉴定' }),
    funds: money('科研经费（万元）', { min: '0' }),
    credits: decimal('学分', 1, { min: '0', max: '100' }),
  },
  list: ['name', 'source', 'rank', 'part', 'from', 'progress', 'funds'],
  filters: ['rank', 'part', 'progress'],
  by: 'from',
  rules: [inOrder, { at: 'to', holds: 'progress != "finished" || to != null', message: '已结题的项目请填写结题时间' }],
  evidence: { label: '立项、结题证明' },
}) // prettier-ignore
