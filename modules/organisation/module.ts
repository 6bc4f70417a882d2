import { group, groups, identifiers, ledger, may, memberships, module, page, people, roleAssignments, units } from '#model'

import { committee } from './committee/committee.ts'
import { committees } from './committee/committees.ts'
import { seatFlow } from './committee/seat.flow.ts'
import { seat } from './committee/seat.ts'
import { merger } from './merger/merger.ts'
import { movement } from './movement/movement.ts'
import { activityFlow } from './team/activity.flow.ts'
import { teamActivity } from './team/activity.ts'
import { teamMember } from './team/member.ts'
import { teamSnapshot } from './team/snapshot.ts'
import { team } from './team/team.ts'

/** Whoever looks after the teams of his department. */
const ownTeams = [
  may.create(team, 'myUnits'),
  may.update(team, 'myUnits'),
  may.export(team, 'myUnits'),
  may.create(teamMember, 'myUnits'),
  may.update(teamMember, 'myUnits'),
  may.export(teamMember, 'myUnits'),
  may.read(teamSnapshot, 'myUnits'),
  may.export(teamSnapshot, 'myUnits'),
  may.create(teamActivity, 'myUnits'),
  may.export(teamActivity, 'myUnits'),
]

export default module('organisation', {
  label: '组织与人员',
  resources: [movement, merger, team, teamMember, teamSnapshot, teamActivity, committee, seat],
  flows: [activityFlow, seatFlow],
  pages: [committees],
  rights: { 'organisation.chart': '查看组织架构与人数', 'organisation.teams': '查看专业小组', 'organisation.seats': '登记委员任职' },
  roles: {
    staffMember: [
      may.use('organisation.chart'),
      may.read(units),
      may.readOwn(people),
      may.readOwn(memberships),
      may.readOwn(movement),
      may.read(groups),
      may.use('organisation.teams'),
      may.read(team),
      may.read(teamMember),
      may.read(teamActivity, 'myUnits'),
      may.read(committee),
      may.readOwn(seat),
      may.create(seat),
    ],
    departmentHead: [
      may.read(people, 'myUnits'),
      may.read(memberships, 'myUnits'),
      may.read(movement, 'myUnits'),
      ...ownTeams,
      may.read(seat, 'myUnits'),
      may.export(seat, 'myUnits'),
    ],
    departmentSecretary: [may.read(people, 'myUnits'), ...ownTeams],
    committeeMember: [may.read(seat)],
    hospitalLeader: [may.read(seat), may.read(teamActivity), may.read(teamSnapshot)],
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
      may.all(team),
      may.all(teamMember),
      may.read(teamSnapshot),
      may.export(teamSnapshot),
      may.read(teamActivity),
      may.create(teamActivity, 'hospital'),
      may.export(teamActivity),
      may.all(committee),
      may.all(seat),
      may.writeDirectly(seat),
      may.use('organisation.seats'),
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
      ledger(movement, { icon: 'swap' }),
      ledger(merger, { icon: 'partition' }),
      ledger(memberships, { icon: 'idcard' }),
      ledger(groups, { icon: 'usergroup' }),
      ledger(identifiers, { icon: 'link' }),
      ledger(roleAssignments, { icon: 'safety' }),
    ]),
    group('专业小组与委员会', [
      page('/organisation/teams', '专业小组', 'organisation.teams', { icon: 'deployment-unit', phone: true }),
      ledger(team, { label: '小组台账', icon: 'unordered-list' }),
      ledger(teamMember, { icon: 'user' }),
      ledger(teamActivity, { icon: 'schedule' }),
      ledger(teamSnapshot, { icon: 'history' }),
      ledger(committee, { icon: 'bank' }),
      ledger(seat, { icon: 'trophy' }),
      page('/organisation/committee/enter', '登记委员任职', 'organisation.seats', { icon: 'plus-circle' }),
    ]),
  ],
})
