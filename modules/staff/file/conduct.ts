import { choice, date, longText, money, text } from '#model'
import { section } from './section.ts'

/** What came of dealings with patients and suppliers: thanks, presents handed in, warnings. */
export const conduct = section('staff.conduct', '医德医风', {
  title: 'name',
  chapter: 'conduct',
  office: 'discipline',
  fields: {
    name: text('事项', { required: true, max: 100, search: true }),
    kind: choice('类型', { pledge: '医德医风承诺书', letter: '感谢信', banner: '锦旗', cash: '上交红包', present: '上交礼品', card: '上交购物卡', criticism: '批评教育', sanction: '处分', other: '其他' }, { required: true }),
    happenedOn: date('日期', { required: true, max: 'today' }),
    source: text('来源', { max: 100, help: '患者、家属、单位或部门' }),
    value: money('金额或价值（元）', { min: '0', visibleWhen: 'kind in ["cash", "present", "card"]' }),
    content: longText('情况说明', { max: 2000 }),
  },
  list: ['name', 'kind', 'happenedOn', 'source', 'value'],
  filters: ['kind'],
  by: 'happenedOn',
  evidence: { label: '照片、凭证' },
}) // prettier-ignore
