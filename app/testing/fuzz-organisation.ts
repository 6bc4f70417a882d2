// People and where they belong.
import type { RecordAnswer } from '#model'
import { as, office, type FuzzWorld, type Makers } from './fuzz-world.ts'

const moved = async (w: FuzzWorld): Promise<string> => {
  const draft = { person: (await w.newcomer()).person, kind: 'transfer', toUnit: await w.h.unit('调入科室') }
  return (await w.need<RecordAnswer>(as(office, 'POST', '/api/records/organisation.movement', draft))).record.id
}
const team = async (w: FuzzWorld): Promise<string> => {
  const draft = { kind: 'quality', name: `质控${w.next()}组`, unit: await w.h.unit('骨科') }
  return (await w.need<RecordAnswer>(as(office, 'POST', '/api/records/organisation.team', draft))).record.id
}
export const organisationMakers: Makers = {
  'GET /api/records/:resource/:id/timeline': async (w) => as(office, 'GET', `/api/records/directory.person/${(await w.newcomer()).person}/timeline`),
  'GET /api/organisation/chart': async () => as(office, 'GET', '/api/organisation/chart?asOf=2026-01-01'),
  'POST /api/organisation/movements/:id/revoke': async (w) => as(office, 'POST', `/api/organisation/movements/${await moved(w)}/revoke`, { version: 2, reason: '登记有误' }),
  'GET /api/organisation/teams': async (w) => as(office, 'GET', `/api/organisation/teams?asOf=2026-06-01&team=${await team(w)}`),
  'POST /api/organisation/teams/:id/snapshot': async (w) => as(office, 'POST', `/api/organisation/teams/${await team(w)}/snapshot`),
} // prettier-ignore
