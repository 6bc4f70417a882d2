import { choice, longText, may, module, person, resource, text, unit } from '#model'
import { approve, fill, flow, people, role } from '#kernel/model/flow/index.ts'

/** Who is named in a definition itself. */
export const namedInFlow = '018f0000-0000-7000-8000-0000000000f1'
const request = resource('fuzz.request', {
  label: '经费申请',
  title: 'topic',
  owner: { person: 'applicant', department: 'department' },
  approval: 'fuzz.money',
  fields: {
    applicant: person('申请人', { required: true }),
    department: unit('科室', { required: true, from: 'applicant.unit' }),
    topic: text('事由', { required: true, max: 100 }),
    remark: longText('备注'),
  },
})
const errand = resource('fuzz.errand', {
  label: '外出登记',
  title: 'topic',
  owner: { person: 'applicant' },
  approval: 'fuzz.errand',
  fields: { applicant: person('申请人', { required: true }), topic: text('事由', { required: true, max: 100 }) },
})
const wish = resource('fuzz.wish', {
  label: '意见',
  title: 'topic',
  owner: { department: 'unit' },
  publicForm: { fields: ['topic', 'level'] },
  fields: { topic: text('内容', { required: true, max: 40 }), unit: unit('科室', { required: true }), level: choice('急缓', { now: '急', later: '缓' }) },
}) // prettier-ignore

/** What the product's own types have no short example of: an approval that anybody may ask for, one that names a person, and a form for strangers. */
export const fuzzModule = module('fuzz', {
  label: '试用',
  resources: [request, errand, wish],
  flows: [
    flow('fuzz.money', { label: '经费审批', steps: [approve('leader', '院领导', { by: role('hospitalLeader') })] }),
    flow('fuzz.errand', {
      label: '外出审批',
      steps: [fill('desk', '登记', { by: people(namedInFlow), mayEdit: ['topic'], require: ['topic'] })],
    }),
  ],
  roles: {
    staffMember: [may.readOwn(request), may.create(request), may.readOwn(errand), may.create(errand)],
    medicalOffice: [may.all(request), may.writeDirectly(request), may.all(wish)],
  },
})
