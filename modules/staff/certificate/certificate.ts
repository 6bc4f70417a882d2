import { choice, date, files, reference, resource, text } from '#model'

export const certificate = resource('staff.certificate', {
  label: '资质证书',
  title: 'name',
  owner: { person: 'practitioner' },
  chapter: '资质',
  fields: {
    practitioner: reference('医务人员', 'staff.practitioner', { required: true }),
    name: text('证书名称', { required: true, max: 100, search: true }),
    kind: choice(
      '类型',
      {
        qualification: '资格证书',
        radiation: '放射工作人员证',
        maternal: '母婴保健技术考核合格证',
        technique: '技术培训合格证',
        other: '其他',
      },
      { required: true },
    ),
    number: text('编号', { max: 60 }),
    issuer: text('发证机关', { max: 100 }),
    from: date('发证日期'),
    to: date('有效期止', { help: '空 = 长期' }),
    scans: files('扫描件', { accept: ['image/*', 'application/pdf'] }),
  },
  rules: [{ at: 'to', holds: 'to == null || from == null || to >= from', message: '有效期止不能早于发证日期' }],
  indexes: [['number']],
  list: { columns: ['practitioner', 'practitioner.unit', 'name', 'kind', 'number', 'to'], filters: ['kind', 'to'] },
})
