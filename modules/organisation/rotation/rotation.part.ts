import { before, group, ledger, may, type ModulePart, type Resource } from '#model'
import { rotationLoad } from '../stay/load.ts'
import { rotationAbsence, rotationFeedback, rotationStay, rotationTask } from '../stay/stay.ts'
import { temporaries, temporary } from '../temporary/temporary.ts'
import { rotationPlan } from './rotation.ts'

/** What a unit writes of its own. */
const keptHere = (type: Resource) => [
  may.read(type, 'myUnits'),
  may.create(type, 'myUnits'),
  may.update(type, 'myUnits'),
  may.delete(type, 'myUnits'),
]

/** People for a time, and where they go one after another. */
export const rotationPart: ModulePart = {
  resources: [temporary, rotationPlan, rotationStay, rotationAbsence, rotationTask, rotationFeedback],
  pages: [rotationLoad],
  rights: { 'organisation.rotation': '编排和发布轮转' },
  roles: {
    staffMember: [
      may.readOwn(rotationStay),
      may.readOwn(rotationAbsence),
      may.readOwn(rotationTask),
      may.readOwn(rotationFeedback),
      may.create(rotationFeedback, 'own'),
      may.update(rotationFeedback, 'own'),
    ],
    departmentHead: [
      may.read(rotationStay, 'myUnits'),
      may.update(rotationStay, 'myUnits'),
      may.read(rotationAbsence, 'myUnits'),
      ...keptHere(rotationTask),
    ],
    departmentSecretary: [may.read(rotationStay, 'myUnits'), ...keptHere(rotationAbsence), ...keptHere(rotationTask)],
    medicalOffice: [
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
    ],
  },
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
  menu: [
    group('临时人员与轮转', [
      ledger(temporary, { icon: 'usergroup-add' }),
      ledger(rotationPlan, { icon: 'table' }),
      ledger(rotationStay, { icon: 'schedule' }),
      ledger(rotationAbsence, { icon: 'carry-out' }),
      ledger(rotationTask, { icon: 'check-square' }),
      ledger(rotationFeedback, { icon: 'star' }),
    ]),
  ],
}
