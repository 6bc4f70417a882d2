// People and where they belong.
import type { RecordAnswer } from '#model'
import { as, office, type FuzzWorld, type Makers } from './fuzz-world.ts'

const moved = async (w: FuzzWorld): Promise<string> => {
  const draft = { person: (await w.newcomer()).person, kind: 'transfer', toUnit: await w.h.unit('调入科室') }
  return (await w.need<RecordAnswer>(as(office, 'POST', '/api/records/organisation.movement', draft))).record.id
}
/** Units of its own are rearranged; answers the record. */
const regrouped = async (w: FuzzWorld, type: 'merger' | 'split', more: (w: FuzzWorld) => Promise<object>): Promise<string> => {
  const draft = { unit: await w.h.unit(`科室${w.next()}`), basisNumber: '院发〔2026〕1号', ...(await more(w)) }
  return (await w.need<RecordAnswer>(as(office, 'POST', `/api/records/organisation.${type}`, draft))).record.id
}
const merged = (w: FuzzWorld) => regrouped(w, 'merger', async () => ({ into: await w.h.unit(`科室${w.next()}`) }))
const divided = (w: FuzzWorld) => regrouped(w, 'split', async () => ({ parts: [{ name: `新科${w.next()}`, code: `X${w.next()}` }] }))
/** Of a unit of its own, and somebody there: in the others what was filled in at random may describe the post, too. */
const described = (w: FuzzWorld) =>
  w.once('job', async () => {
    const holder = await w.newcomer({ unit: '说明书科室' })
    const draft = {
      name: '员工',
      post: 'member',
      unit: await w.h.unit('说明书科室'),
      duties: '诊疗',
      qualifications: '执业资格',
      from: '2026-01-01',
    }
    const { record } = await w.need<RecordAnswer>(as(office, 'POST', '/api/records/organisation.jobDescription', draft))
    return { id: record.id, holder: holder.by }
  })
const lent = async (w: FuzzWorld): Promise<string> => {
  const draft = { person: (await w.newcomer()).person, toUnit: await w.h.unit('支援科室'), from: '2027-01-01', to: '2027-03-31' }
  return (await w.need<RecordAnswer>(as(office, 'POST', '/api/records/organisation.secondment', draft))).record.id
}
const system = 'systemOfficer'
const posted = async (w: FuzzWorld): Promise<string> => {
  const draft = { person: (await w.newcomer()).person, unit: await w.h.unit('任职科室'), post: 'member' }
  return (await w.need<RecordAnswer>(as(system, 'POST', '/api/records/directory.membership', draft))).record.id
}
const fhir = (path: string) => () => as(system, 'GET', `/api/fhir/R4/${path}`)
const bedNews = async (w: FuzzWorld) => {
  const [ward, bed] = [await w.once('ward', () => w.h.unit('某病区', { kind: 'ward', code: 'W-1' })), String(w.next())]
  await w.h.create('organisation.bed', { ward, number: bed })
  return { ward: 'W-1', bed, state: 'occupied', condition: 'isolated', at: w.h.clock.now().toISOString() }
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
const onPlan = async (
  w: FuzzWorld,
  act: string,
  far: 'new' | 'made' | 'published',
  more: (made: { person: string; unit: string }) => object = () => ({}),
) => {
  const made = await plan(w, far)
  return as(office, 'POST', `${rotations}/${made.id}/${act}`, { version: made.version, ...more(made) })
}
const team = async (w: FuzzWorld): Promise<string> => {
  const draft = { kind: 'quality', name: `质控${w.next()}组`, unit: await w.h.unit('骨科') }
  return (await w.need<RecordAnswer>(as(office, 'POST', '/api/records/organisation.team', draft))).record.id
}
let feeds = 0
/** A source of its own, and what it told of somebody whose name is known. */
const told = async (w: FuzzWorld): Promise<{ code: string; line: string; run: string }> => {
  const code = `s${++feeds}`
  await w.need(as(system, 'POST', '/api/records/organisation.feedSource', { name: code, code, system: code, adds: false }))
  const { run } = await w.need<{ run: string }>(as(system, 'POST', `/api/organisation/feeds/${code}/people`, { people: [{ number: `N${w.next()}`, name: '对接' }] }))
  return { code, run, line: await lineOf(w, run) }
} // prettier-ignore
const lineOf = async (w: FuzzWorld, run: string): Promise<string> => {
  const filter = encodeURIComponent(JSON.stringify({ field: 'run', op: 'eq', value: run }))
  return (await w.need<{ rows: { id: string }[] }>(as(system, 'GET', `/api/records/organisation.feedLine?filter=${filter}`))).rows[0]!.id
}
/** Somebody whom his source left out. */
const missing = async (w: FuzzWorld): Promise<string> => {
  const code = `s${++feeds}`
  await w.need(as(system, 'POST', '/api/records/organisation.feedSource', { name: code, code, system: code }))
  const send = (people: object[]) => w.need<{ run: string }>(as(system, 'POST', `/api/organisation/feeds/${code}/people`, { people, full: true }))
  await send([{ number: `${code}-1`, name: `${code}甲` }, { number: `${code}-2`, name: `${code}乙` }])
  return lineOf(w, (await send([{ number: `${code}-2`, name: `${code}乙` }])).run)
} // prettier-ignore
/** More than a source may change by itself. */
const stopped = async (w: FuzzWorld): Promise<string> => {
  const code = `s${++feeds}`
  await w.need(as(system, 'POST', '/api/records/organisation.feedSource', { name: code, code, system: code }))
  const told = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => ({ number: `${code}-${from + i}`, name: `${code}员工${from + i}` }))
  await w.need(as(system, 'POST', `/api/organisation/feeds/${code}/people`, { people: told(0, 1) }))
  return (await w.need<{ run: string }>(as(system, 'POST', `/api/organisation/feeds/${code}/people`, { people: told(1, 13) }))).run
} // prettier-ignore
export const organisationMakers: Makers = {
  'GET /api/fhir/R4/metadata': fhir('metadata'),
  'GET /api/fhir/R4/Practitioner': fhir('Practitioner?_count=1'),
  'GET /api/fhir/R4/Practitioner/:id': async (w) => fhir(`Practitioner/${(await w.newcomer()).person}`)(),
  'GET /api/fhir/R4/PractitionerRole': fhir('PractitionerRole?active=true'),
  'GET /api/fhir/R4/PractitionerRole/:id': async (w) => fhir(`PractitionerRole/${await posted(w)}`)(),
  'GET /api/fhir/R4/Organization': fhir('Organization?name=调'),
  'GET /api/fhir/R4/Organization/:id': async (w) => fhir(`Organization/${await w.h.unit('调入科室')}`)(),
  'GET /api/fhir/R4/Location': fhir('Location?_count=1'),
  'GET /api/fhir/R4/Location/:id': async (w) => fhir(`Location/${await w.h.unit('一病区', { kind: 'ward' })}`)(),
  'GET /api/records/:resource/:id/timeline': async (w) => as(office, 'GET', `/api/records/directory.person/${(await w.newcomer()).person}/timeline`),
  'GET /api/organisation/chart': async () => as(office, 'GET', '/api/organisation/chart?asOf=2026-01-01'),
  'GET /api/staff/dynamics': async () => as(office, 'GET', '/api/staff/dynamics?asOf=2026-01-01&since=2025-01-01'),
  'GET /api/staff/dynamics/export': async () => as(office, 'GET', '/api/staff/dynamics/export?format=csv'),
  'POST /api/organisation/movements/:id/revoke': async (w) => as(office, 'POST', `/api/organisation/movements/${await moved(w)}/revoke`, { version: 2, reason: '登记有误' }),
  'POST /api/organisation/mergers/:id/revoke': async (w) => as(office, 'POST', `/api/organisation/mergers/${await merged(w)}/revoke`, { version: 2, reason: '登记有误' }),
  'POST /api/organisation/splits/:id/revoke': async (w) => as(office, 'POST', `/api/organisation/splits/${await divided(w)}/revoke`, { version: 2, reason: '登记有误' }),
  'POST /api/organisation/secondments/:id/term': async (w) => as(office, 'POST', `/api/organisation/secondments/${await lent(w)}/term`, { version: 2, to: '2027-02-28', reason: '提前结束' }),
  'GET /api/organisation/jobs': async () => as(office, 'GET', '/api/organisation/jobs'),
  'GET /api/organisation/jobs/:id': async (w) => as(office, 'GET', `/api/organisation/jobs/${(await described(w)).id}`),
  'POST /api/organisation/jobs/:id/confirm': async (w) => { const { id, holder } = await described(w); return as(holder, 'POST', `/api/organisation/jobs/${id}/confirm`) },
  'POST /api/organisation/jobs/:id/remind': async (w) => as(office, 'POST', `/api/organisation/jobs/${(await described(w)).id}/remind`),
  'GET /api/organisation/beds': async () => as(office, 'GET', '/api/organisation/beds'),
  'POST /api/organisation/beds/states': async (w) => as('program', 'POST', '/api/organisation/beds/states', { beds: [await bedNews(w)] }),
  'GET /api/organisation/rotations/:id': async (w) => as(office, 'GET', `${rotations}/${(await plan(w)).id}`),
  'POST /api/organisation/rotations/:id/generate': (w) => onPlan(w, 'generate', 'new'),
  'POST /api/organisation/rotations/:id/adjust': (w) => onPlan(w, 'adjust', 'made', ({ person, unit }) => ({ changes: [{ person, at: 0, unit }, { person, at: 0, unit: null }] })),
  'POST /api/organisation/rotations/:id/join': async (w) => { const { person } = await w.newcomer(); return onPlan(w, 'join', 'new', () => ({ people: [person] })) },
  'POST /api/organisation/rotations/:id/publish': (w) => onPlan(w, 'publish', 'made', () => ({ reason: '名额已协调' })),
  'POST /api/organisation/rotations/:id/withdraw': (w) => onPlan(w, 'withdraw', 'published'),
  'POST /api/staff/permanent': async (w) => as(office, 'POST', '/api/staff/permanent', { lines: [{ person: await temporary(w), number: `Z${w.next()}`, unit: w.unit, from: '2026-06-16', category: 'doctor' }] }),
  'POST /api/organisation/feeds/:code/people': async (w) => as(system, 'POST', `/api/organisation/feeds/${(await told(w)).code}/people`, { people: [{ number: '1', name: '甲' }] }),
  'GET /api/organisation/feeds/:code/template': async (w) => as(system, 'GET', `/api/organisation/feeds/${(await told(w)).code}/template`),
  'POST /api/organisation/feeds/:code/units': async (w) => {
    const code = `s${++feeds}`
    await w.need(as(system, 'POST', '/api/records/organisation.feedSource', { name: code, code, system: code, tells: ['units'] }))
    return as(system, 'POST', `/api/organisation/feeds/${code}/units`, { units: [{ code: 'K1', name: '某科', parentCode: 'K0' }] })
  },
  'GET /api/organisation/feeds/:code/fetch': async (w) => as(system, 'GET', `/api/organisation/feeds/${(await told(w)).code}/fetch`),
  'POST /api/organisation/feeds/:code/fetch': async (w) => {
    const code = `s${++feeds}`
    await w.need(as(system, 'POST', '/api/records/organisation.feedSource', { name: code, code, system: code, way: 'wecom', contact: (await w.newcomer()).person }))
    return as(system, 'POST', `/api/organisation/feeds/${code}/fetch`, {})
  },
  'POST /api/organisation/feeds/:code/absences': async (w) => {
    const code = `s${++feeds}`
    await w.need(as(system, 'POST', '/api/records/organisation.feedSource', { name: code, code, system: code, tells: ['absences'] }))
    return as(system, 'POST', `/api/organisation/feeds/${code}/absences`, { absences: [{ number: '1', name: '甲', key: 'Q1', kind: 'leave', from: '2026-06-01', until: '2026-06-03' }] })
  },
  'POST /api/organisation/feed-lines/:id/claim': async (w) => as(office, 'POST', `/api/organisation/feed-lines/${(await told(w)).line}/claim`, { version: 1, person: (await w.newcomer()).person }),
  'POST /api/organisation/feed-lines/:id/ignore': async (w) => as(office, 'POST', `/api/organisation/feed-lines/${(await told(w)).line}/ignore`, { version: 1, reason: '不用处理' }),
  'POST /api/organisation/feed-lines/:id/leave': async (w) => as(office, 'POST', `/api/organisation/feed-lines/${await missing(w)}/leave`, { version: 1, from: w.h.clock.now().toISOString().slice(0, 10), leaving: 'resigned' }),
  'POST /api/organisation/feed-runs/:id/decide': async (w) => as(office, 'POST', `/api/organisation/feed-runs/${await stopped(w)}/decide`, { version: 2, apply: false, reason: '导出不全' }),
  'GET /api/organisation/teams': async (w) => as(office, 'GET', `/api/organisation/teams?asOf=2026-06-01&team=${await team(w)}`),
  'POST /api/organisation/teams/:id/snapshot': async (w) => as(office, 'POST', `/api/organisation/teams/${await team(w)}/snapshot`),
} // prettier-ignore
