import { choice, date, files, reference, resource, text } from '#model'
import { titleLevels } from '../practitioner/practitioner.ts'

/** Obtaining a title is not being appointed to it (评聘分开): two dates, and an appointment below the title is normal. */
export const title = resource('staff.title', {
  label: '职称',
  title: 'name',
  owner: { person: 'practitioner' },
  chapter: '资质',
  fields: {
    practitioner: reference('医务人员', 'staff.practitioner', { required: true }),
    name: text('职称', { required: true, max: 40 }),
    level: choice('级别', titleLevels, { required: true }),
    obtainedOn: date('取得日期', { required: true, max: 'today' }),
    appointedOn: date('聘任日期', { help: '空 = 尚未聘任' }),
    evidence: files('证明材料', { accept: ['image/*', 'application/pdf'] }),
  },
  rules: [
    {
      at: 'appointedOn',
      holds: 'appointedOn == null || obtainedOn == null || appointedOn >= obtainedOn',
      message: '聘任日期不能早于取得日期',
    },
  ],
  unique: [['practitioner', 'name']],
  list: { columns: ['practitioner', 'practitioner.unit', 'name', 'level', 'obtainedOn', 'appointedOn'], filters: ['level', 'appointedOn'] },
})
