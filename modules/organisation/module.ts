import {
  before,
  group,
  groups,
  identifiers,
  ledger,
  may,
  memberships,
  module,
  page,
  people,
  roleAssignments,
  units,
  type Resource,
} from '#model'

import { merger } from './merger/merger.ts'
import { movement } from './movement/movement.ts'
import { rotationPlan } from './rotation/rotation.ts'
import { rotationLoad } from './stay/load.ts'
import { rotationAbsence, rotationFeedback, rotationStay, rotationTask } from './stay/stay.ts'
import { temporaries, temporary } from './temporary/temporary.ts'

/** What a unit writes of its own. */
const keptHere = (type: Resource) => [
  may.read(type, 'myUnits'),
  may.create(type, 'myUnits'),
  may.update(type, 'myUnits'),
  may.delete(type, 'myUnits'),
]

export default module('organisation', {
  label: '组织与人员',
  resources: [movement, merger, temporary, rotationPlan, rotationStay, rotationAbsence, rotationTask, rotationFeedback],
  pages: [rotationLoad],
  rights: { 'organisation.chart': '查看组织架构与人数', 'organisation.rotation': '编排和发布轮转' },
  roles: {
    staffMember: [
      may.use('organisation.chart'),
      may.read(units),
      may.readOwn(people),
      may.readOwn(memberships),
      may.readOwn(movement),
      may.readOwn(rotationStay),
      may.readOwn(rotationAbsence),
      may.readOwn(rotationTask),
      may.readOwn(rotationFeedback),
      may.create(rotationFeedback, 'own'),
      may.update(rotationFeedback, 'own'),
      may.read(groups),
    ],
    departmentHead: [
      may.read(people, 'myUnits'),
      may.read(memberships, 'myUnits'),
      may.read(movement, 'myUnits'),
      may.read(rotationStay, 'myUnits'),
      may.update(rotationStay, 'myUnits'),
      may.read(rotationAbsence, 'myUnits'),
      ...keptHere(rotationTask),
    ],
    departmentSecretary: [
      may.read(people, 'myUnits'),
      may.read(rotationStay, 'myUnits'),
      ...keptHere(rotationAbsence),
      ...keptHere(rotationTask),
    ],
    medicalOffice: [
      may.read(people, 'hospital', { show: ['mobile'], open: ['identityNumber'] }),
      may.read(memberships),
      may.read(identifiers),
      may.all(groups),
      may.read(movement),
      may.create(movement, 'hospital'),
      may.export(movement),
      may.all(temporary, temporaries, { show: ['mobile'], open: ['identityNumber'], readOnly: ['staffNumber', 'joinedOn'] }),
      may.use('organisation.rotation'),
      may.all(rotationPlan),
      may.read(rotationStay),
      may.update(rotationStay, 'hospital'),
      may.export(rotationStay),
      may.all(rotationAbsence),
      may.all(rotationTask),
      may.read(rotationFeedback),
      may.export(rotationFeedback),
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
      ledger(rotationPlan, { icon: 'table' }),
      ledger(rotationStay, { icon: 'schedule' }),
      ledger(rotationAbsence, { icon: 'carry-out' }),
      ledger(rotationTask, { icon: 'check-square' }),
      ledger(rotationFeedback, { icon: 'star' }),
      ledger(merger, { icon: 'partition' }),
      ledger(memberships, { icon: 'idcard' }),
      ledger(groups, { icon: 'usergroup' }),
      ledger(identifiers, { icon: 'link' }),
      ledger(roleAssignments, { icon: 'safety' }),
    ]),
  ],
  remind: [
    before(rotationStay, 'from', {
      days: [7, 1],
      whom: ['owner', 'headOfUnit', 'departmentSecretary'],
      label: '轮转入科提醒',
      title: '轮转入科',
      text: '{person}将于{from}到{unit}轮转，还有{days}天',
    }),
    before(rotationStay, 'to', {
      days: [3],
      whom: ['owner', 'headOfUnit', 'departmentSecretary'],
      label: '轮转出科交接提醒',
      title: '轮转出科，请评价并交接',
      text: '{person}在{unit}的轮转于{to}结束，还有{days}天，请完成评价和交接说明',
    }),
  ],
})
