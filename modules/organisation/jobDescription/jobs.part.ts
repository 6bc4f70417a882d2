import { group, ledger, may, page, type ModulePart } from '#model'
import { jobDescription, jobReading } from './job-description.ts'

const ownUnits = [may.create(jobDescription, 'myUnits'), may.update(jobDescription, 'myUnits'), may.read(jobReading, 'myUnits')]

/** What posts are there for, and who has read it. */
export const jobsPart: ModulePart = {
  resources: [jobDescription, jobReading],
  rights: { 'organisation.jobs': '查看、确认岗位说明书' },
  roles: {
    staffMember: [may.use('organisation.jobs'), may.read(jobDescription), may.readOwn(jobReading)],
    departmentHead: ownUnits,
    departmentSecretary: ownUnits,
    medicalOffice: [may.all(jobDescription), may.read(jobReading), may.export(jobReading)],
  },
  menu: [
    group('组织与人员', [
      page('/organisation/jobDescription/mine', '我的岗位', 'organisation.jobs', { icon: 'idcard', phone: true }),
      ledger(jobDescription, { icon: 'read' }),
      ledger(jobReading, { icon: 'check-square' }),
    ]),
  ],
}
