import { choice, date, decimal, longText, text } from '#model'
import { inOrder, section } from './section.ts'
import { ranks } from './society-post.ts'

export const medicalActivity = section('staff.medicalActivity', '重大医疗活动', {
  title: 'name',
  chapter: 'work',
  office: 'medical',
  fields: {
    name: text('活动名称', { required: true, max: 200, search: true }),
    kind: choice('活动类别', { rural: '下乡支农', freeClinic: '义诊', aid: '对口支援', rescue: '应急救治', safeguard: '医疗保障', other: '其他' }, { required: true }),
    scale: choice('活动规模', ranks, { required: true }),
    form: text('活动形式', { max: 60 }),
    part: text('担任角色', { max: 40, suggest: ['领队', '医疗队员', '专家', '志愿者'] }),
    organiser: text('主办单位', { max: 100 }),
    place: text('地点', { max: 100 }),
    from: date('开始时间', { required: true }),
    to: date('结束时间'),
    credits: decimal('学分', 1, { min: '0', max: '100' }),
    content: longText('活动情况', { max: 2000 }),
  },
  list: ['name', 'kind', 'scale', 'part', 'from', 'to', 'credits'],
  filters: ['kind', 'scale'],
  by: 'from',
  rules: [inOrder],
}) // prettier-ignore
