import { group, ledger, may, module, page } from '#model'
import { calendars, holidayYears } from '#kernel/model/clock/index.ts'
import { ruleCards, ruleSignatures } from '#kernel/model/rules/index.ts'
import { coreRules } from './rule/national-core.ts'
import { peopleRules } from './rule/national-people.ts'

const look = [
  may.read(calendars),
  may.read(holidayYears),
  may.read(ruleCards),
  may.read(ruleSignatures),
  may.use('policies.calendar'),
  may.use('policies.rules'),
]
export default module('policies', {
  label: '制度与时限',
  dependsOn: ['organisation'],
  rules: [...coreRules, ...peopleRules],
  rights: {
    'policies.calendar': '查看工作日历',
    'policies.rules': '查看规则卡',
    'policies.sign': '签署规则卡',
  },
  roles: {
    departmentHead: [...look, may.create(ruleCards, 'myUnits'), may.update(ruleCards, 'myUnits'), may.delete(ruleCards, 'myUnits')],
    departmentSecretary: look,
    committeeMember: look,
    hospitalLeader: [...look, may.use('policies.sign')],
    medicalOffice: [
      ...look,
      may.all(calendars),
      may.all(holidayYears),
      may.create(ruleCards, 'hospital'),
      may.update(ruleCards, 'hospital'),
      may.delete(ruleCards, 'hospital'),
      may.export(ruleCards),
      may.use('policies.sign'),
    ],
    systemOfficer: look,
  },
  menu: [
    group('制度与时限', [
      page('/policies/rule', '规则卡', 'policies.rules', { icon: 'safety-certificate', phone: true }),
      page('/policies/calendar', '工作日历', 'policies.calendar', { icon: 'calendar', phone: true }),
      ledger(calendars, { label: '作息与特殊日期', icon: 'clock-circle' }),
      ledger(holidayYears, { icon: 'schedule' }),
    ]),
  ],
})
