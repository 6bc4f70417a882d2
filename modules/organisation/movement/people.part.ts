import { group, groups, identifiers, ledger, may, memberships, page, people, roleAssignments, units, type ModulePart } from '#model'
import { absence } from '../absence/absence.ts'
import { merger } from '../merger/merger.ts'
import { split } from '../split/split.ts'
import { movement } from './movement.ts'

/** Who belongs where, and what moves him; units, how they merge and split; the address of both outside. */
export const peoplePart: ModulePart = {
  resources: [movement, absence, merger, split],
  rights: { 'organisation.chart': '查看组织架构与人数', 'organisation.fhir': '按 FHIR R4 读取人员与机构' },
  roles: {
    staffMember: [
      may.use('organisation.chart'),
      may.read(units),
      may.readOwn(people),
      may.readOwn(memberships),
      may.readOwn(movement),
      may.readOwn(absence),
      may.read(groups),
    ],
    departmentHead: [
      may.read(people, 'myUnits'),
      may.read(memberships, 'myUnits'),
      may.read(movement, 'myUnits'),
      may.read(absence, 'myUnits'),
    ],
    departmentSecretary: [may.read(people, 'myUnits'), may.read(absence, 'myUnits')],
    medicalOffice: [
      may.read(people, 'hospital', { show: ['mobile'], open: ['identityNumber'] }),
      may.read(memberships),
      may.read(identifiers),
      may.all(groups),
      may.read(movement),
      may.create(movement, 'hospital'),
      may.export(movement),
      may.read(absence),
      may.export(absence),
      may.read(merger),
      may.create(merger, 'hospital'),
      may.export(merger),
      may.read(split),
      may.create(split, 'hospital'),
      may.export(split),
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
  menu: [
    group('组织与人员', [
      page('/organisation/chart', '组织架构', 'organisation.chart', { icon: 'cluster', phone: true }),
      ledger(units, { icon: 'apartment' }),
      ledger(people, { icon: 'team' }),
      ledger(movement, { icon: 'swap' }),
      ledger(absence, { icon: 'calendar' }),
      ledger(merger, { icon: 'partition' }),
      ledger(split, { icon: 'apartment' }),
      ledger(memberships, { icon: 'idcard' }),
      ledger(groups, { icon: 'usergroup' }),
      ledger(identifiers, { icon: 'link' }),
      ledger(roleAssignments, { icon: 'safety' }),
    ]),
  ],
}
