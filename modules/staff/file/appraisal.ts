import { choice, date, decimal, text, year } from '#model'
import { section } from './section.ts'

export const appraisal = section('staff.appraisal', '考核情况', {
  title: 'name',
  chapter: 'conduct',
  office: 'personnel',
  fields: {
    name: text('考核名称', { required: true, max: 100, search: true }),
    kind: choice('考核类别', { basics: '三基考核', periodic: '医师定期考核', annual: '年度考核', other: '其他' }, { required: true }),
    year: year('年度', { required: true }),
    examinedOn: date('考核日期', { required: true, max: 'today' }),
    score: decimal('成绩', 1, { min: '0', max: '1000' }),
    result: choice('结果', { excellent: '优秀', passed: '合格', basic: '基本合格', failed: '不合格' }, { required: true }),
    examiner: text('考核机构', { max: 100 }),
  },
  list: ['name', 'kind', 'year', 'examinedOn', 'score', 'result'],
  filters: ['kind', 'year', 'result'],
  by: 'examinedOn',
}) // prettier-ignore
