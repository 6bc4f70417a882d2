import { choice, date, files, is, reference, references, resource, text, whereOwn, type Row } from '#model'

/** A practising registration is for an institution, not a campus; a doctor's has no end date (空 = 长期), a nurse's runs five years. */
export const registration = resource('staff.registration', {
  label: '执业注册',
  title: 'certificateNumber',
  owner: { person: 'practitioner' },
  chapter: '资质',
  fields: {
    practitioner: reference('医务人员', 'staff.practitioner', { required: true }),
    kind: choice('证书类型', { doctor: '医师执业证书', nurse: '护士执业证书' }, { required: true, default: 'doctor' }),
    certificateNumber: text('执业证书编号', { required: true, max: 40, search: true }),
    practiceCategory: choice('执业类别', { clinical: '临床', chineseMedicine: '中医', dental: '口腔', publicHealth: '公共卫生' }),
    scope: text('执业范围', { max: 200, suggest: ['内科专业', '外科专业', '妇产科专业', '儿科专业', '眼耳鼻咽喉科专业', '麻醉专业'] }),
    institution: reference('主要执业机构', 'directory.unit', { required: true }),
    filedInstitutions: references('多机构备案机构', 'directory.unit', {
      help: '主要执业机构之外另行备案的医疗机构',
      among: { and: [is('kind', 'institution'), whereOwn('id', 'ne', 'institution')] },
    }),
    status: choice(
      '状态',
      {
        active: { label: '有效', tone: 'good' },
        suspended: { label: '暂停执业', tone: 'bad' },
        cancelled: { label: '已注销', tone: 'neutral' },
      },
      { required: true, default: 'active' },
    ),
    from: date('注册日期', { required: true }),
    to: date('有效期止', { help: '空 = 长期' }),
    suspendedFrom: date('暂停自', { visibleWhen: 'status == "suspended"', requiredWhen: 'status == "suspended"' }),
    suspendedTo: date('暂停至', { visibleWhen: 'status == "suspended"', help: '空 = 至撤销暂停' }),
    cancelledOn: date('注销日期', { visibleWhen: 'status == "cancelled"', requiredWhen: 'status == "cancelled"' }),
    scans: files('扫描件', { accept: ['image/*', 'application/pdf'] }),
  },
  rules: [{ at: 'to', holds: 'to == null || from == null || to >= from', message: '有效期止不能早于注册日期' }],
  unique: [['practitioner', 'kind', 'certificateNumber']],
  indexes: [['certificateNumber']],
  list: {
    columns: ['practitioner', 'practitioner.unit', 'kind', 'certificateNumber', 'scope', 'institution', 'status', 'to'],
    filters: ['kind', 'status', 'to', 'institution'],
  },
})
export type Registration = Row<typeof registration>
