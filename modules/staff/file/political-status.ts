import { choice, date, text } from '#model'
import { inOrder, section } from './section.ts'

export const politicalStatus = section('staff.politicalStatus', '政治面貌', {
  title: 'status',
  chapter: 'personal',
  office: 'party',
  fields: {
    status: choice('政治面貌', { member: '中共党员', probationary: '中共预备党员', league: '共青团员', democratic: '民主党派', masses: '群众' }, { required: true }),
    party: text('党派名称', { max: 40, visibleWhen: 'status == "democratic"', requiredWhen: 'status == "democratic"' }),
    branch: text('所在支部', { max: 60 }),
    from: date('开始日期', { required: true, max: 'today' }),
    to: date('结束日期', { help: '空 = 至今' }),
  },
  list: ['status', 'party', 'branch', 'from', 'to'],
  filters: ['status'],
  by: 'from',
  rules: [inOrder],
}) // prettier-ignore
