import {
  type Filter, choice, date, files, integer, is, longText, may, module, person, resource, text, unit, where, phone,
} from '#model' // prettier-ignore
import {
  approve,
  fill,
  flow,
  group,
  headOf,
  naturalDays,
  notify,
  remind,
  escalate,
  role,
  seal,
  service as step,
  upper,
  when,
  workingHours,
} from '#kernel/model/flow/index.ts'
import { service } from '../service.ts'

/** 进修申请: a register with everything that approvals can do, for tests of the server's side. */
export const study = resource('study.application', {
  label: '进修申请',
  title: 'topic',
  owner: { person: 'applicant', department: 'department' },
  approval: 'study.ordinary',
  changes: { money: { label: '经费', fields: ['budget'], flow: 'study.money' } },
  fields: {
    applicant: person('申请人', { required: true }),
    department: unit('科室', { required: true, from: 'applicant.unit' }),
    topic: text('进修内容', { required: true, max: 100 }),
    place: text('进修单位', { required: true, max: 100 }),
    kind: choice('类别', { domestic: '国内', abroad: '国外' }, { required: true, default: 'domestic' }),
    days: integer('天数', { required: true, min: 1, max: 720 }),
    budget: integer('经费', { min: 0 }),
    contact: phone('联系电话'),
    begins: date('开始日期'),
    opinion: longText('科室意见'),
    papers: files('材料'),
  },
  unique: [['applicant', 'topic', 'begins']],
  list: { columns: ['applicant', 'topic', 'kind', 'days'], filters: ['kind'] },
})

export const ordinary = flow('study.ordinary', {
  label: '进修审批',
  title: '{applicant}的{kind}进修申请：{topic}',
  summary: ['{place}', '{days} 天', '{begins} 起'],
  steps: [
    approve('head', '科主任审核', { by: headOf('department'), mayEdit: ['opinion', 'days'], acts: ['approve', 'reject', 'return', 'transfer', 'addApprover', 'removeApprover', 'delegateTask', 'takeBack', 'copyTo', 'consult', 'bulkDecide'], limit: workingHours(8), onTimeout: [remind(workingHours(-2)), escalate(upper(1))] }),
    when(where('days', 'gt', 90), [approve('office', '医务处审核', { by: role('medicalOffice'), mode: 'allOf' })]),
    notify('applicant'),
  ],
}) // prettier-ignore
export const abroad = flow<Filter>('study.abroad', {
  label: '国外进修审批',
  steps: [
    approve('head', '科主任审核', { by: headOf('department') }),
    fill('money', '财务填经费', { by: group('finance'), claim: true, mayEdit: ['budget'], require: ['budget'] }),
    seal('stamp', '盖院章', { by: role('medicalOffice'), seal: '院章' }),
    step('visa', 'study.visa', { label: '外事登记', attempts: 3 }),
  ],
})
export const money = flow<Filter>('study.money', {
  label: '经费变更审批',
  steps: [approve('finance', '财务审核', { by: group('finance'), limit: naturalDays(1), hide: ['contact'] })],
})
export const studyModule = module('study', {
  label: '进修',
  resources: [study],
  flows: [ordinary, abroad, money],
  roles: {
    staffMember: [may.readOwn(study), may.create(study), may.update(study), may.delete(study)],
    departmentHead: [may.read(study, 'myUnits')],
  },
})
/** Calls that a test lets fail. */
export const visa = { calls: [] as string[], problem: null as string | null }
export const visaService = service({
  name: 'study.application',
  calls: {
    'study.visa': (_kernel, { key }) => {
      visa.calls.push(key)
      return visa.problem ? Promise.reject(new Error(visa.problem)) : Promise.resolve()
    },
  },
})
export const abroadOnly = is('kind', 'abroad')
