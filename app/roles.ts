import { role } from '#model'

/** Every role of the product, named once; modules contribute rights to them. */
export const roles = [
  role('staffMember', '职工', { everyone: true }),
  role('departmentHead', '科主任'),
  role('departmentSecretary', '科室秘书'),
  role('medicalOffice', '{medicalOffice}'),
  role('personnelOffice', '人事处'),
  role('scienceOffice', '科教处'),
  role('partyOffice', '党办'),
  role('disciplineOffice', '纪检监察室'),
  role('committeeMember', '委员会成员'),
  role('hospitalLeader', '院领导'),
  role('implementer', '实施人员'),
  role('systemOfficer', '系统管理员', { officer: 'system' }),
  role('securityOfficer', '安全管理员', { officer: 'security' }),
  role('auditOfficer', '安全审计员', { officer: 'audit' }),
]
