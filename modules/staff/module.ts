import { before, emergencyRight, group, ledger, may, module, page, together } from '#model'
import { certificate } from './certificate/certificate.ts'
import { completeness } from './completeness/completeness.ts'
import { fileRequirement } from './completeness/requirement.ts'
import { unfinishedFiles } from './completeness/unfinished.ts'
import { chiefPart } from './chief/chief.part.ts'
import { filePart } from './file/file.part.ts'
import { practitioner } from './practitioner/practitioner.ts'
import { registration } from './registration/registration.ts'
import { status } from './status/status.ts'
import { structure } from './structure/structure.ts'
import { title } from './title/title.ts'

/** Whoever looks after his people's files sees what they lack, and chases. */
const looksAfterFiles = [may.read(completeness, 'myUnits'), may.update(completeness, 'myUnits'), may.export(completeness, 'myUnits')]

export default module('staff', {
  label: '专业技术人员档案',
  dependsOn: ['organisation'],
  ...together(
    {
      resources: [practitioner, registration, certificate, title, completeness, fileRequirement],
      rights: { 'staff.dynamics': '查看医师动态', 'staff.dynamics.export': '导出医师动态', 'staff.permanent': '临时人员转正' },
      roles: {
        staffMember: [
          may.readOwn(practitioner),
          may.readOwn(registration),
          may.readOwn(certificate),
          may.readOwn(title),
          may.readOwn(completeness),
        ],
        departmentHead: [...looksAfterFiles, may.read(practitioner, 'myUnits'), may.use('staff.dynamics'), may.use(emergencyRight)],
        departmentSecretary: [...looksAfterFiles, may.read(practitioner, 'myUnits'), may.use('staff.dynamics')],
        committeeMember: [may.read(practitioner)],
        hospitalLeader: [may.use(emergencyRight)],
        personnelOffice: [may.read(completeness), may.update(completeness, 'hospital'), may.export(completeness)],
        medicalOffice: [
          may.use('staff.dynamics'),
          may.use('staff.dynamics.export'),
          may.use('staff.permanent'),
          may.all(practitioner, 'hospital', { show: ['mobile'], open: ['identityNumber'] }),
          may.all(registration),
          may.all(certificate),
          may.all(title),
          may.read(completeness),
          may.update(completeness, 'hospital'),
          may.export(completeness),
          may.all(fileRequirement),
          may.purge(registration),
          may.purge(certificate),
          may.purge(title),
          may.use(emergencyRight),
        ],
      },
      menu: [
        group('人员技术档案', [
          page('/staff/dynamics', '医师动态', 'staff.dynamics', { icon: 'fund', phone: true }),
          ledger(practitioner, { icon: 'profile' }),
          ledger(registration, { icon: 'solution' }),
          ledger(certificate, { icon: 'audit' }),
          ledger(title, { icon: 'rise' }),
          ledger(completeness, { icon: 'file-done', ofOthers: true }),
          ledger(fileRequirement, { icon: 'setting' }),
        ]),
      ],
      pages: [structure, status, unfinishedFiles],
      remind: [
        before(practitioner, 'retiresOn', {
          days: [365, 180, 90],
          whom: ['owner', 'medicalOffice'],
          text: '{name}将于{retiresOn}到达退休日期，还有{days}天',
        }),
        before(registration, 'to', {
          days: [90, 60, 30],
          whom: ['owner', 'medicalOffice'],
          text: '{practitioner}的执业注册（{certificateNumber}）将于{to}到期，还有{days}天',
        }),
        before(certificate, 'to', { days: [90, 30], whom: ['owner'], text: '您的{name}将于{to}到期，还有{days}天' }),
      ],
    },
    filePart,
    chiefPart,
  ),
})
