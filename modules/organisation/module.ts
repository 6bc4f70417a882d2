import { all, group, groups, identifiers, is, ledger, may, memberships, module, page, people, roleAssignments, units, where } from '#model'

import { merger } from './merger/merger.ts'
import { movement } from './movement/movement.ts'
import { temporaries, temporary } from './temporary/temporary.ts'

const temporariesHere = all(temporaries, where('unit', 'under', { my: 'units' }))

export default module('organisation', {
  label: '组织与人员',
  resources: [movement, merger, temporary],
  rights: { 'organisation.chart': '查看组织架构与人数' },
  roles: {
    staffMember: [
      may.use('organisation.chart'),
      may.read(units),
      may.readOwn(people),
      may.readOwn(memberships),
      may.readOwn(movement),
      may.read(temporary, all(temporaries, is('id', { my: 'person' }))),
      may.read(groups),
    ],
    departmentHead: [
      may.read(people, 'myUnits'),
      may.read(memberships, 'myUnits'),
      may.read(movement, 'myUnits'),
      may.read(temporary, temporariesHere),
    ],
    departmentSecretary: [may.read(people, 'myUnits'), may.read(temporary, temporariesHere)],
    medicalOffice: [
      may.read(people, 'hospital', { show: ['mobile'], open: ['identityNumber'] }),
      may.read(memberships),
      may.read(identifiers),
      may.all(groups),
      may.read(movement),
      may.create(movement, 'hospital'),
      may.export(movement),
      may.all(temporary, temporaries, { show: ['mobile'], open: ['identityNumber'], readOnly: ['status', 'staffNumber', 'joinedOn'] }),
      may.read(merger),
      may.create(merger, 'hospital'),
      may.export(merger),
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
      ledger(units, { icon: 'apartment' }),
      ledger(people, { icon: 'team' }),
      ledger(temporary, { icon: 'usergroup-add' }),
      ledger(movement, { icon: 'swap' }),
      ledger(merger, { icon: 'partition' }),
      ledger(memberships, { icon: 'idcard' }),
      ledger(groups, { icon: 'usergroup' }),
      ledger(identifiers, { icon: 'link' }),
      ledger(roleAssignments, { icon: 'safety' }),
    ]),
  ],
})
