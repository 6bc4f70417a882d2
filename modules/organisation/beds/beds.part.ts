import { group, ledger, may, page, type ModulePart } from '#model'
import { bed, room } from './bed.ts'

/** The ward's people say how a bed stands; which beds there are is the medical office's affair. */
const asItStands = { readOnly: ['ward', 'speciality', 'room', 'number', 'kind', 'opening', 'from', 'to'] }

/** Rooms and beds of the wards, and how they stand. */
export const bedsPart: ModulePart = {
  resources: [room, bed],
  rights: { 'organisation.beds': '床位视图', 'organisation.bedNews': '床位状态接口' },
  roles: {
    staffMember: [may.use('organisation.beds'), may.read(room, 'myUnits'), may.read(bed, 'myUnits')],
    departmentHead: [may.update(bed, 'myUnits', asItStands)],
    departmentSecretary: [may.update(bed, 'myUnits', asItStands)],
    hospitalLeader: [may.read(room), may.read(bed)],
    medicalOffice: [may.all(room), may.all(bed)],
  },
  menu: [
    group('床位', [
      page('/organisation/beds', '床位视图', 'organisation.beds', { icon: 'appstore', phone: true }),
      ledger(bed, { icon: 'table' }),
      ledger(room, { icon: 'home' }),
    ]),
  ],
}
