import { before, group, ledger, may, type ModulePart } from '#model'
import { supportFlow } from '../support/support.flow.ts'
import { support } from '../support/support.ts'
import { secondment } from './secondment.ts'

/** Units that ask for help, and who works elsewhere for a time. */
export const lendingPart: ModulePart = {
  resources: [support, secondment],
  flows: [supportFlow],
  roles: {
    staffMember: [may.readOwn(secondment), may.readOwn(support)],
    departmentHead: [
      may.read(secondment, 'myUnits'),
      may.export(secondment, 'myUnits'),
      may.read(support, 'myUnits'),
      may.create(support, 'myUnits'),
    ],
    departmentSecretary: [may.read(secondment, 'myUnits'), may.read(support, 'myUnits'), may.create(support, 'myUnits')],
    medicalOffice: [
      may.read(support),
      may.create(support, 'hospital'),
      may.export(support),
      may.read(secondment),
      may.create(secondment, 'hospital'),
      may.export(secondment),
    ],
  },
  remind: [
    before(secondment, 'to', {
      days: [7],
      whom: ['owner', 'medicalOffice'],
      text: '{person}的支援（{number}）将于{to}结束，还有{days}天',
    }),
  ],
  menu: [group('组织与人员', [ledger(support, { icon: 'usergroup-add' }), ledger(secondment, { icon: 'deployment-unit' })])],
}
