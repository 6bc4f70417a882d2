// People and where they belong.
import type { RecordAnswer } from '#model'
import { as, office, type FuzzWorld, type Makers } from './fuzz-world.ts'

const moved = async (w: FuzzWorld): Promise<string> => {
  const draft = { person: (await w.newcomer()).person, kind: 'transfer', toUnit: await w.h.unit('调入科室') }
  return (await w.need<RecordAnswer>(as(office, 'POST', '/api/records/organisation.movement', draft))).record.id
}
const bedNews = async (w: FuzzWorld) => {
  const [ward, bed] = [await w.once('ward', () => w.h.unit('某病区', { kind: 'ward', code: 'W-1' })), String(w.next())]
  await w.h.create('organisation.bed', { ward, number: bed })
  return { ward: 'W-1', bed, state: 'occupied', condition: 'isolated', at: w.h.clock.now().toISOString() }
}
export const organisationMakers: Makers = {
  'GET /api/records/:resource/:id/timeline': async (w) => as(office, 'GET', `/api/records/directory.person/${(await w.newcomer()).person}/timeline`),
  'GET /api/organisation/chart': async () => as(office, 'GET', '/api/organisation/chart?asOf=2026-01-01'),
  'POST /api/organisation/movements/:id/revoke': async (w) => as(office, 'POST', `/api/organisation/movements/${await moved(w)}/revoke`, { version: 2, reason: '登记有误' }),
  'GET /api/organisation/beds': async () => as(office, 'GET', '/api/organisation/beds'),
  'POST /api/organisation/beds/states': async (w) => as('program', 'POST', '/api/organisation/beds/states', { beds: [await bedNews(w)] }),
} // prettier-ignore
