import { choice, date, longText, text } from '#model'
import { section } from './section.ts'
import { ranks } from './society-post.ts'

export const newTechnology = section('staff.newTechnology', '新技术新项目', {
  title: 'name',
  chapter: 'science',
  office: 'medical',
  fields: {
    name: text('技术项目名称', { required: true, max: 200, search: true }),
    rank: choice('级别', ranks, { required: true, default: 'hospital' }),
    part: choice('担任角色', { leader: '项目负责人', main: '主要完成人', other: '参与' }, { required: true }),
    startedOn: date('开展时间', { required: true }),
    progress: choice('状态', { running: '开展中', routine: '转为常规', stopped: '已停止' }, { required: true, default: 'running' }),
    award: text('获奖情况', { max: 100 }),
    content: longText('项目简介', { max: 2000 }),
  },
  list: ['name', 'rank', 'part', 'startedOn', 'progress', 'award'],
  filters: ['rank', 'part', 'progress'],
  by: 'startedOn',
}) // prettier-ignore
