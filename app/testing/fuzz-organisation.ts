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
const rotations = '/api/organisation/rotations'
/** A plan with one person and one unit; its table made, and published, as far as asked. */
async function plan(w: FuzzWorld, far: 'new' | 'made' | 'published' = 'new'): Promise<{ id: string; version: number; person: string; unit: string }> {
  const [{ person }, unit] = [await w.newcomer(), w.unit]
  const draft = { name: `轮转${w.next()}`, from: '2099-01-01', step: 'month', order: 'free', people: [{ person }], units: [{ unit, periods: 1, capacity: 300, kind: 'must' }] }
  const { record } = await w.need<RecordAnswer>(as(office, 'POST', '/api/records/organisation.rotationPlan', draft))
  let { version } = record
  for (const act of far === 'new' ? [] : far === 'made' ? ['generate'] : ['generate', 'publish'])
    ({ version } = await w.need<{ version: number }>(as(office, 'POST', `${rotations}/${record.id}/${act}`, { version, reason: '名额已协调' })))
  return { id: record.id, version, person, unit }
} // prettier-ignore
const onPlan = async (w: FuzzWorld, act: string, far: 'new' | 'made' | 'published', more: (made: { person: string; unit: string }) => object = () => ({})) => {
  const made = await plan(w, far)
  return as(office, 'POST', `${rotations}/${made.id}/${act}`, { version: made.version, ...more(made) })
}
export const organisationMakers: Makers = {
  'GET /api/records/:resource/:id/timeline': async (w) => as(office, 'GET', `/api/records/directory.person/${(await w.newcomer()).person}/timeline`),
  'GET /api/organisation/chart': async () => as(office, 'GET', '/api/organisation/chart?asOf=2026-01-01'),
  'POST /api/organisation/movements/:id/revoke': async (w) => as(office, 'POST', `/api/organisation/movements/${await moved(w)}/revoke`, { version: 2, reason: '登记有误' }),
  'GET /api/organisation/rotations/:id': async (w) => as(office, 'GET', `${rotations}/${(await plan(w)).id}`),
  'POST /api/organisation/rotations/:id/generate': (w) => onPlan(w, 'generate', 'new'),
  'POST /api/organisation/rotations/:id/adjust': (w) => onPlan(w, 'adjust', 'made', ({ person, unit }) => ({ changes: [{ person, at: 0, unit }, { person, at: 0, unit: null }] })),
  'POST /api/organisation/rotations/:id/join': async (w) => { const { person } = await w.newcomer(); return onPlan(w, 'join', 'new', () => ({ people: [person] })) },
  'POST /api/organisation/rotations/:id/publish': (w) => onPlan(w, 'publish', 'made', () => ({ reason: '名额已协调' })),
  'POST /api/organisation/rotations/:id/withdraw': (w) => onPlan(w, 'withdraw', 'published'),
  'POST /api/staff/permanent': async (w) => as(office, 'POST', '/api/staff/permanent', { lines: [{ person: await temporary(w), number: `Z${w.next()}`, unit: w.unit, from: '2026-06-16', category: 'doctor' }] }),
} // prettier-ignore
