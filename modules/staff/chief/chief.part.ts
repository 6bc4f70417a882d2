import { group, is, ledger, may, type ModulePart } from '#model'
import { chiefFlow, chiefLeaveFlow } from './chief.flow.ts'
import { chiefLeave } from './chief-leave.ts'
import { chiefResident } from './chief-resident.ts'
import { duty } from './duty.ts'

/** Chief residents, their leave, and who is on duty. */
export const chiefPart: ModulePart = {
  resources: [chiefResident, chiefLeave, duty],
  flows: [chiefFlow, chiefLeaveFlow],
  roles: {
    staffMember: [
      // Whoever needs the chief resident finds him, wherever he works.
      may.read(chiefResident, is('state', 'approved'), { hide: ['reason', 'evidence', 'appraisal', 'appraised'] }),
      may.readOwn(chiefResident),
      may.create(chiefResident),
      may.update(chiefResident),
      may.readOwn(chiefLeave),
      may.create(chiefLeave),
      may.read(duty, is('isPublished', true)),
    ],
    departmentHead: [may.read(chiefResident, 'myUnits'), may.export(chiefResident, 'myUnits'), may.read(chiefLeave, 'myUnits')],
    departmentSecretary: [may.all(duty, 'myUnits')],
    medicalOffice: [may.all(chiefResident), may.writeDirectly(chiefResident), may.read(chiefLeave), may.export(chiefLeave), may.all(duty)],
  },
  menu: [
    group('总住院与值班', [
      ledger(chiefResident, { label: '总住院医师一览', icon: 'contacts' }),
      ledger(chiefLeave, { icon: 'calendar', ofOthers: true }),
      ledger(duty, { icon: 'schedule' }),
    ]),
  ],
}
