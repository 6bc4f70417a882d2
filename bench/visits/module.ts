import { may, module, person, resource, text, unit } from '#model'

/** Records that stand open before whose they are, while an office changes them. */
export const visit = resource('visits.visit', {
  label: '外出会诊',
  title: 'topic',
  owner: { person: 'doctor', department: 'department' },
  fields: {
    doctor: person('医师', { required: true }),
    department: unit('科室', { required: true }),
    topic: text('病情', { required: true, max: 200 }),
    note: text('备注', { max: 500 }),
  },
})
export default module('visits', {
  label: '会诊',
  resources: [visit],
  roles: { staffMember: [may.readOwn(visit)], medicalOffice: [may.read(visit), may.update(visit, 'hospital')] },
})
