import { group, groups, identifiers, ledger, may, memberships, module, page, people, roleAssignments, units } from '#model'

import { bed, room } from './beds/bed.ts'
import { merger } from './merger/merger.ts'
import { movement } from './movement/movement.ts'

/** The ward's people say how a bed stands; which beds there are is the medical office's affair. */
const asItStands = { readOnly: ['ward', 'speciality', 'room', 'number', 'kind', 'opening', 'from', 'to'] }

export default module('organisation', {
  label: '组织与人员',
  resources: [movement, merger, room, bed],
  rights: {
    'organisation.chart': '查看组织架构与人数',
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
      may.read(groups),
      may.use('organisation.beds'),
      may.read(room, 'myUnits'),
      may.read(bed, 'myUnits'),
    ],
    departmentHead: [
      may.read(people, 'myUnits'),
      may.read(memberships, 'myUnits'),
      may.read(movement, 'myUnits'),
      may.update(bed, 'myUnits', asItStands),
    ],
    departmentSecretary: [may.read(people, 'myUnits'), may.update(bed, 'myUnits', asItStands)],
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
      may.all(room),
      may.all(bed),
    ],
    systemOfficer: [
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
  menu: [
    group('组织与人员', [
      page('/organisation/chart', '组织架构', 'organisation.chart', { icon: 'cluster', phone: true }),
      page('/organisation/beds', '床位视图', 'organisation.beds', { icon: 'appstore', phone: true }),
      ledger(units, { icon: 'apartment' }),
      ledger(people, { icon: 'team' }),
      ledger(movement, { icon: 'swap' }),
      ledger(merger, { icon: 'partition' }),
      ledger(bed, { icon: 'table' }),
      ledger(room, { icon: 'home' }),
      ledger(memberships, { icon: 'idcard' }),
      ledger(groups, { icon: 'usergroup' }),
      ledger(identifiers, { icon: 'link' }),
      ledger(roleAssignments, { icon: 'safety' }),
    ]),
  ],
})
