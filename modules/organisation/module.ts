import { before, group, groups, identifiers, ledger, may, memberships, module, page, people, roleAssignments, units } from '#model'

import { bed, room } from './beds/bed.ts'
import { merger } from './merger/merger.ts'
import { movement } from './movement/movement.ts'
import { secondment } from './secondment/secondment.ts'
import { supportFlow } from './support/support.flow.ts'
import { support } from './support/support.ts'

/** The ward's people say how a bed stands; which beds there are is the medical office's affair. */
const asItStands = { readOnly: ['ward', 'speciality', 'room', 'number', 'kind', 'opening', 'from', 'to'] }

export default module('organisation', {
  label: '组织与人员',
  resources: [movement, merger, support, secondment, room, bed],
  flows: [supportFlow],
  rights: {
    'organisation.chart': '查看组织架构与人数',
    'organisation.fhir': '按 FHIR R4 读取人员与机构',
    'organisation.beds': '床位视图',
    'organisation.bedNews': '床位状态接口',
  },
  roles: {
    staffMember: [
      may.use('organisation.chart'),
      may.read(units),
      may.readOwn(people),
      may.readOwn(memberships),
      may.readOwn(movement),
      may.readOwn(secondment),
      may.readOwn(support),
      may.read(groups),
      may.use('organisation.beds'),
      may.read(room, 'myUnits'),
      may.read(bed, 'myUnits'),
    ],
    departmentHead: [
      may.read(people, 'myUnits'),
      may.read(memberships, 'myUnits'),
      may.read(movement, 'myUnits'),
      may.read(secondment, 'myUnits'),
      may.export(secondment, 'myUnits'),
      may.read(support, 'myUnits'),
      may.create(support, 'myUnits'),
      may.update(bed, 'myUnits', asItStands),
    ],
    departmentSecretary: [
      may.read(people, 'myUnits'),
      may.read(secondment, 'myUnits'),
      may.read(support, 'myUnits'),
      may.create(support, 'myUnits'),
      may.update(bed, 'myUnits', asItStands),
    ],
    hospitalLeader: [may.read(room), may.read(bed)],
    medicalOffice: [
      may.read(people, 'hospital', { show: ['mobile'], open: ['identityNumber'] }),
      may.read(memberships),
      may.read(identifiers),
      may.all(groups),
      may.read(movement),
      may.create(movement, 'hospital'),
      may.export(movement),
      may.read(merger),
      may.create(merger, 'hospital'),
      may.export(merger),
      may.read(support),
      may.create(support, 'hospital'),
      may.export(support),
      may.read(secondment),
      may.create(secondment, 'hospital'),
      may.export(secondment),
      may.all(room),
      may.all(bed),
    ],
    systemOfficer: [
      may.use('organisation.fhir'),
      may.all(units),
      may.all(people),
      may.all(memberships),
      may.all(identifiers),
      may.all(groups),
      may.read(roleAssignments),
      may.export(roleAssignments),
    ],
    // Who gives passwords gives no roles.
    securityOfficer: [may.read(units), may.read(people), may.keep(roleAssignments)],
    auditOfficer: [may.read(units), may.read(people), may.read(roleAssignments), may.export(roleAssignments)],
  },
  remind: [
    before(secondment, 'to', {
      days: [7],
      whom: ['owner', 'medicalOffice'],
      text: '{person}的支援（{number}）将于{to}结束，还有{days}天',
    }),
  ],
  menu: [
    group('组织与人员', [
      page('/organisation/chart', '组织架构', 'organisation.chart', { icon: 'cluster', phone: true }),
      page('/organisation/beds', '床位视图', 'organisation.beds', { icon: 'appstore', phone: true }),
      ledger(units, { icon: 'apartment' }),
      ledger(people, { icon: 'team' }),
      ledger(movement, { icon: 'swap' }),
      ledger(merger, { icon: 'partition' }),
      ledger(support, { icon: 'usergroup-add' }),
      ledger(secondment, { icon: 'deployment-unit' }),
      ledger(bed, { icon: 'table' }),
      ledger(room, { icon: 'home' }),
      ledger(memberships, { icon: 'idcard' }),
      ledger(groups, { icon: 'usergroup' }),
      ledger(identifiers, { icon: 'link' }),
      ledger(roleAssignments, { icon: 'safety' }),
    ]),
  ],
})
