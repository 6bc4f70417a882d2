import { boolean, choice, date, decimal, integer, text } from '#model'
import { section } from './section.ts'

export const paper = section('staff.paper', '论文论著', {
  title: 'name',
  chapter: 'science',
  office: 'science',
  fields: {
    name: text('题名', { required: true, max: 300, search: true }),
    kind: choice('类型', { paper: '期刊论文', supplement: '增刊论文', case: '个案报道', review: '综述', book: '著作', meeting: '会议论文' }, { required: true, default: 'paper' }),
    author: choice('作者属性', { first: '第一作者', coFirst: '共同第一作者', corresponding: '通讯作者', other: '其他作者', editor: '主编', coEditor: '参编' }, { required: true }),
    rank: integer('作者排序', { min: 1, max: 200 }),
    journal: text('刊物或出版社', { required: true, max: 150, search: true }),
    level: choice('期刊级别', { sci: 'SCI', ei: 'EI', core: '中文核心', statistics: '统计源期刊', national: '国家级', provincial: '省级', other: '其他' }, { visibleWhen: 'kind != "book"' }),
    impact: decimal('影响因子', 3, { min: '0', max: '1000', visibleWhen: 'level == "sci"' }),
    number: text('刊号（ISSN/CN/ISBN）', { max: 40 }),
    issue: text('年卷期页', { max: 60 }),
    publishedOn: date('发表时间', { required: true, max: 'today' }),
    isRepresentative: boolean('代表作'),
    credits: decimal('学分', 1, { min: '0', max: '100' }),
  },
  list: ['name', 'kind', 'author', 'journal', 'level', 'publishedOn', 'credits'],
  filters: ['kind', 'author', 'level', 'isRepresentative'],
  by: 'publishedOn',
  evidence: { label: '封面、目录、正文扫描件' },
}) // prettier-ignore
