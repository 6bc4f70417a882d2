// People and where they belong.
import type { RecordAnswer } from '#model'
import { as, office, type FuzzWorld, type Makers } from './fuzz-world.ts'

const moved = async (w: FuzzWorld): Promise<string> => {
  const draft = { person: (await w.newcomer()).person, kind: 'transfer', toUnit: await w.h.unit('调入科室') }
  return (await w.need<RecordAnswer>(as(office, 'POST', '/api/records/organisation.movement', draft))).record.id
}
const temporary = async (w: FuzzWorld): Promise<string> => {
  const draft = { name: `临时${w.next()}`, temporaryKind: 'intern', unit: w.unit, temporaryFrom: '2026-01-01' }
  return (await w.need<RecordAnswer>(as(office, 'POST', '/api/records/organisation.temporary', draft))).record.id
}
export const organisationMakers: Makers = {
  'GET /api/records/:resource/:id/timeline': async (w) => as(office, 'GET', `/api/records/directory.person/${(await w.newcomer()).person}/timeline`),
  'GET /api/organisation/chart': async () => as(office, 'GET', '/api/organisation/chart?asOf=2026-01-01'),
  'POST /api/organisation/movements/:id/revoke': async (w) => as(office, 'POST', `/api/organisation/movements/${await moved(w)}/revoke`, { version: 2, reason: '登记有误' }),
  'POST /api/staff/permanent': async (w) => as(office, 'POST', '/api/staff/permanent', { lines: [{ person: await temporary(w), number: `Z${w.next()}`, unit: w.unit, from: '2026-06-16', category: 'doctor' }] }),
} // prettier-ignore
