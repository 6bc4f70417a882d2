import { autoNumber, date, person, reference, references, resource, text, type Row } from '#model'

/** 授权书: what was printed for whom and when. Its code stands in the QR; whoever scans it sees what holds today. */
export const letter = resource('privileges.letter', {
  label: '手术授权书',
  title: 'number',
  owner: { person: 'practitioner' },
  chapter: '授权',
  writtenBy: 'module',
  fields: {
    number: autoNumber('授权书编号', 'SQS'),
    practitioner: reference('医务人员', 'staff.practitioner', { required: true }),
    issuedOn: date('签发日期', { required: true }),
    issuedBy: person('签发人'),
    grants: references('授权', 'privileges.grant', { required: true }),
    code: text('验证码', { required: true, max: 40 }),
  },
  unique: [['code']],
  list: { columns: ['number', 'practitioner', 'practitioner.unit', 'issuedOn', 'issuedBy'], filters: ['issuedOn'] },
})
export type Letter = Row<typeof letter>
