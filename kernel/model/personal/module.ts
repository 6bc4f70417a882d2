import { approve, flow, notify, remind, role, when, workingDays, type StepAct } from '../flow/definition.ts'
import { is, type Filter } from '../filter/filter.ts'
import { before } from '../reminders/definition.ts'
import { group, ledger, may, module } from '../module.ts'
import { consents } from './consent.ts'
import { holds } from './hold.ts'
import { privacyPolicies } from './policy.ts'
import { activities, assessments } from './register.ts'
import { personalRequests } from './request.ts'

/** The officer writes it, who leads the hospital passes it: nobody publishes alone. */
const policyFlow = flow<Filter>('personal.policy', {
  label: '隐私政策发布',
  title: '发布隐私政策 {edition}，自 {from} 起',
  summary: ['{changes}'],
  steps: [approve('release', '院领导审定', { by: role('hospitalLeader'), mode: 'anyOf', limit: workingDays(5), onTimeout: [remind()] }), notify('applicant')],
}) // prettier-ignore

/** Days within which the hospital has promised an answer. */
const answerDays = 15
/** A request is never just sent away: to deny it is a decision too, with its basis. */
const acts: readonly StepAct[] = ['approve', 'return', 'transfer', 'consult', 'copyTo', 'takeBack']
const deciding = {
  acts,
  mayEdit: ['outcome', 'basis', 'answer'],
  require: ['outcome', 'answer'],
  limit: workingDays(answerDays),
  onTimeout: [remind()],
}
const requestFlow = flow<Filter>('personal.request', {
  label: '个人信息请求办理',
  title: '{person}请求{kind}：{what}',
  summary: ['{register}', '{reason}'],
  steps: [
    approve('office', '{medicalOffice}办理', { by: role('medicalOffice'), mode: 'anyOf', ...deciding }),
    when(is('kind', 'delete'), [
      approve('review', '安全管理员复核', { by: role('securityOfficer'), mode: 'anyOf', acts, mayEdit: ['outcome', 'basis', 'answer'], require: ['outcome', 'answer'], limit: workingDays(5), onTimeout: [remind()] }),
    ]),
    notify('applicant'),
  ],
  effect: 'personal.carryOut',
}) // prettier-ignore

/** 个人信息保护: what is told, agreed to, asked for, and what the hospital does. */
export const personalModule = module('personal', {
  label: '个人信息保护',
  resources: [privacyPolicies, consents, personalRequests, holds, activities, assessments],
  flows: [policyFlow, requestFlow],
  rights: { 'personal.carryOut': '个人信息请求：登记执行' },
  roles: {
    staffMember: [
      may.readOwn(consents, { hide: ['said', 'address', 'device'] }),
      may.create(personalRequests),
      may.readOwn(personalRequests),
      may.read(privacyPolicies, is('state', 'approved')),
    ],
    securityOfficer: [
      may.keep(privacyPolicies),
      may.read(consents),
      may.export(consents),
      may.read(personalRequests),
      may.export(personalRequests),
      may.keep(holds),
      may.keep(activities),
      may.keep(assessments),
      may.use('personal.carryOut'),
    ],
    auditOfficer: [may.read(privacyPolicies), may.read(consents), may.export(consents), may.read(personalRequests), may.read(holds), may.export(holds), may.read(activities), may.read(assessments)],
    medicalOffice: [may.read(personalRequests), may.export(personalRequests), may.read(holds), may.all(activities), may.all(assessments)],
    hospitalLeader: [may.read(privacyPolicies), may.read(activities), may.read(assessments)],
  },
  menu: [
    group('个人信息保护', [
      ledger(personalRequests, { icon: 'solution' }),
      ledger(holds, { icon: 'lock' }),
      ledger(activities, { icon: 'partition' }),
      ledger(assessments, { icon: 'insurance' }),
      ledger(privacyPolicies, { icon: 'read' }),
      ledger(consents, { icon: 'check-circle' }),
    ]),
  ],
  remind: [before(assessments, 'nextOn', { days: [30], whom: ['securityOfficer'], text: '“{name}”的个人信息保护影响评估应于{nextOn}重做，还有{days}天' })],
}) // prettier-ignore
