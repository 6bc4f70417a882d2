import { group, ledger, may, page, type ModulePart } from '#model'
import { committee } from '../committee/committee.ts'
import { committees } from '../committee/committees.ts'
import { seatFlow } from '../committee/seat.flow.ts'
import { seat } from '../committee/seat.ts'
import { activityFlow } from './activity.flow.ts'
import { teamActivity } from './activity.ts'
import { teamMember } from './member.ts'
import { teamSnapshot } from './snapshot.ts'
import { team } from './team.ts'

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

/** Professional teams with their members, snapshots and activities; committees and who sits in them. */
export const teamsPart: ModulePart = {
  resources: [team, teamMember, teamSnapshot, teamActivity, committee, seat],
  flows: [activityFlow, seatFlow],
  pages: [committees],
  rights: { 'organisation.teams': '查看专业小组' },
  roles: {
    staffMember: [
      may.use('organisation.teams'),
      may.read(team),
      may.read(teamMember),
      may.read(teamActivity, 'myUnits'),
      may.read(committee),
      may.readOwn(seat),
      may.create(seat),
    ],
    departmentHead: [...ownTeams, may.read(seat, 'myUnits'), may.export(seat, 'myUnits')],
    departmentSecretary: ownTeams,
    committeeMember: [may.read(seat)],
    hospitalLeader: [may.read(seat), may.read(teamActivity), may.read(teamSnapshot)],
    medicalOffice: [
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
    ],
  },
  menu: [
    group('专业小组与委员会', [
      page('/organisation/teams', '专业小组', 'organisation.teams', { icon: 'deployment-unit', phone: true }),
      ledger(team, { label: '小组台账', icon: 'unordered-list' }),
      ledger(teamMember, { icon: 'user' }),
      ledger(teamActivity, { icon: 'schedule' }),
      ledger(teamSnapshot, { icon: 'history' }),
      ledger(committee, { icon: 'bank' }),
      ledger(seat, { icon: 'trophy' }),
    ]),
  ],
}
