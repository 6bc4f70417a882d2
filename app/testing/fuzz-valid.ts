// For every route a request that is right, by somebody who may: what mutations begin with, and what is counted as let in.
import { v7 as uuidv7 } from 'uuid'
import { routeCases } from '#kernel/server/access/matrix/routes.ts'
import type { Sent } from './fuzz-mutate.ts'
import type { FuzzWorld } from './fuzz.ts'

/** `by`: the role of whoever asks; `stranger` and `program` are nobody's. */
export interface Valid extends Sent {
  by: string
}
type Made = Valid | Promise<Valid>
type Maker = (w: FuzzWorld) => Made

const office = 'medicalOffice'
const cases = '/api/records/sample.case'
const as = (by: string, method: string, url: string, body?: unknown, headers?: Record<string, string>): Valid =>
  ({ by, method, url, ...(body === undefined ? {} : { body }), ...(headers ? { headers } : {}) }) // prettier-ignore
const file = (name = 'a.csv', content = '编码,名称\r\n1,甲\r\n') => ({
  body: `--xx\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: text/csv\r\n\r\n${content}\r\n--xx--\r\n`,
  headers: { 'content-type': 'multipart/form-data; boundary=xx' },
})
/** A case of the office's, newly entered. */
async function made(w: FuzzWorld, more: object = {}): Promise<{ id: string; version: number }> {
  const { record } = await w.need<{ record: { id: string; version: number } }>(
    as(office, 'POST', cases, { code: `甲${w.next()}`, ...more }),
  )
  return record
}
async function deleted(w: FuzzWorld): Promise<string> {
  const { id, version } = await made(w)
  await w.need(as(office, 'DELETE', `${cases}/${id}?version=${version}`))
  return id
}
const report = (more: object = {}) => ({ base: 'sample.case', columns: [{ key: 'A', label: '编号', path: ['code'] }], sort: [], ...more })
const viewState = { filter: null, sort: [], columns: ['code'], group: [], totals: [] }
const sharing = (record: string, more: object = {}) => ({
  kind: 'records', audience: 'inside', resource: 'sample.case', records: [record], fields: ['code'], days: 7, password: null, maxUses: null, ...more,
}) // prettier-ignore
async function shared(w: FuzzWorld, more: object = {}): Promise<{ id: string; token: string }> {
  const { id } = await made(w)
  const { share, path } = await w.need<{ share: { id: string }; path: string }>(as(office, 'POST', '/api/shares', sharing(id, more)))
  return { id: share.id, token: path.split('/').at(-1)! }
}
const sent = async (w: FuzzWorld): Promise<string> => {
  const { body, headers } = file('a.png', '\u0089PNG\r\n\u001a\n')
  return (await w.need<{ id: string }>(as(office, 'POST', '/api/files', body, headers))).id
}
const begun = (w: FuzzWorld) => w.need<{ id: string }>(as(office, 'POST', '/api/uploads', { name: `大${w.next()}.csv`, bytes: 10, mark: String(w.next()), sha256: null })) // prettier-ignore
const standIn = (w: FuzzWorld) => ({
  deputy: w.person('staffMember'),
  from: `20${30 + (w.next() % 60)}-01-01`,
  to: '2099-01-01',
  flows: [],
})

const noteState = { ...viewState, columns: ['words'] }
type Kept = { id: string; version: number }
const keptView = (w: FuzzWorld) =>
  w.need<Kept>(as(office, 'POST', '/api/views/sample.note', { view: { name: `看${w.next()}`, state: noteState } }))
const keptReport = (w: FuzzWorld) =>
  w.need<Kept>(as(office, 'POST', '/api/reports', { report: { name: `报表${w.next()}`, state: report() } }))
const tinyPicture = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=='

/** Routes for which more has to be there than the address says. */
export const makers: Readonly<Record<string, Maker>> = {
  'GET /api/records/:resource': (w) => as(office, 'GET', `/api/records/${w.readable()}?limit=5&sort=-createdAt`),
  'GET /api/records/:resource/count': (w) => as(office, 'GET', `/api/records/${w.readable()}/count`),
  'GET /api/records/:resource/:id': (w) => w.row((type, id) => as(office, 'GET', `/api/records/${type}/${id}`)),
  'GET /api/records/:resource/:id/history': (w) => w.row((type, id) => as(office, 'GET', `/api/records/${type}/${id}/history`)),
  'GET /api/records/:resource/:id/pointing': (w) => w.row((type, id) => as(office, 'GET', `/api/records/${type}/${id}/pointing`)),
  'GET /api/records/:resource/:id/grants': async (w) => as(office, 'GET', `${cases}/${(await made(w)).id}/grants`),
  'PUT /api/records/:resource/:id/follow': (w) => w.row((type, id) => as(office, 'PUT', `/api/records/${type}/${id}/follow`, {})),
  'DELETE /api/records/:resource/:id/follow': (w) => w.row((type, id) => as(office, 'DELETE', `/api/records/${type}/${id}/follow`)),
  'GET /api/records/:resource/summary': () => as(office, 'GET', `${cases}/summary?group=status`),
  'GET /api/records/:resource/days': () => as(office, 'GET', `${cases}/days?on=day&from=2026-06-01&to=2026-06-30&each=3`),
  'GET /api/records/:resource/branches': () => as(office, 'GET', '/api/records/directory.unit/branches?by=parent'),
  'GET /api/records/:resource/used/:key': () => as(office, 'GET', `${cases}/used/labels`),
  'GET /api/choices/:resource': (w) => as(office, 'GET', `/api/choices/${w.readable()}?search=a`),
  'POST /api/choices/:resource/named': (w) => as(office, 'POST', `/api/choices/${w.readable()}/named`, { texts: ['甲', '乙'] }),
  'GET /api/choices/:resource/tree/:parent': () => as(office, 'GET', '/api/choices/directory.unit/tree/parent'),
  'POST /api/records/:resource': (w) => as(office, 'POST', cases, { code: `甲${w.next()}`, about: '事由', pay: 3, labels: ['急'], day: '2026-06-01', mobile: '13900001234' }, { 'x-act-id': uuidv7() }), // prettier-ignore
  'PATCH /api/records/:resource/:id': async (w) => {
    const { id, version } = await made(w)
    return as(office, 'PATCH', `${cases}/${id}`, { version, changes: { about: '改了', pay: 7, status: 'done' } })
  },
  'PATCH /api/records/:resource': async (w) => {
    const { id, version } = await made(w)
    return as(office, 'PATCH', cases, { records: [{ id, version, changes: { about: '改了' } }] })
  },
  'DELETE /api/records/:resource/:id': async (w) => {
    const { id, version } = await made(w)
    return as(office, 'DELETE', `${cases}/${id}?version=${version}`)
  },
  'POST /api/records/:resource/:id/restore': async (w) => as(office, 'POST', `${cases}/${await deleted(w)}/restore`, {}),
  'POST /api/records/:resource/:id/purge': async (w) => as(office, 'POST', `${cases}/${await deleted(w)}/purge`, { reason: '重复' }),
  'POST /api/records/:resource/:id/grants': async (w) =>
    as(office, 'POST', `${cases}/${(await made(w)).id}/grants`, { person: w.person('staffMember'), level: 'read', until: '2026-07-01' }),
  'POST /api/records/:resource/directly': (w) => as(office, 'POST', `${cases}/directly`, { draft: { code: `甲${w.next()}` }, reason: '补录' }),
  'POST /api/records/:resource/export': () => as(office, 'POST', `${cases}/export?limit=5`, { format: 'csv', reason: '核对', columns: ['code'] }),
  'GET /api/duplicates/:resource': () => as(office, 'GET', '/api/duplicates/sample.case?keys=code:exact'),
  'GET /api/merge/:resource': async (w) => as(office, 'GET', `/api/merge/sample.case?ids=${(await made(w)).id},${(await made(w)).id}`),
  'POST /api/merge/:resource': async (w) => {
    const [one, other] = [await made(w), await made(w)]
    return as(office, 'POST', '/api/merge/sample.case', { keep: one.id, records: [one, other].map(({ id, version }) => ({ id, version })), take: {}, reason: '重复' })
  },
  'GET /api/views/:resource': () => as(office, 'GET', '/api/views/sample.case'),
  'POST /api/views/:resource': (w) => as(office, 'POST', '/api/views/sample.note', { view: { name: `看${w.next()}`, state: { ...viewState, columns: ['words'] } } }),
  'POST /api/closings/:resource': (w) => as(office, 'POST', '/api/closings/sample.case', { act: w.next() % 2 ? 'close' : 'open', through: w.next() % 2 ? '1999-01-31' : '1998-12-31', reason: '月结' }),
  'POST /api/shares': async (w) => as(office, 'POST', '/api/shares', sharing((await made(w)).id)),
  'GET /api/shares/:id/log': async (w) => as(office, 'GET', `/api/shares/${(await shared(w)).id}/log`),
  'POST /api/shares/:id/withdraw': async (w) => as(office, 'POST', `/api/shares/${(await shared(w)).id}/withdraw`, {}),
  'POST /api/shared/:token': async (w) => as(office, 'POST', `/api/shared/${(await shared(w)).token}`, {}),
  'GET /api/s/:token': async (w) => as('stranger', 'GET', `/api/s/${(await shared(w, { audience: 'public' })).token}`),
  'POST /api/s/:token/open': async (w) => as('stranger', 'POST', `/api/s/${(await shared(w, { audience: 'public' })).token}/open`, { password: '' }),
  'POST /api/s/:token/captcha': async (w) => as('stranger', 'POST', `/api/s/${(await shared(w, { audience: 'public' })).token}/captcha`, {}),
  'GET /api/reports/sources/:base': () => as(office, 'GET', '/api/reports/sources/sample.case'),
  'POST /api/reports/run': () => as(office, 'POST', '/api/reports/run', { report: report(), offset: 0, limit: 20, within: null }),
  'POST /api/reports/export': () => as(office, 'POST', '/api/reports/export', { report: report(), name: '表', format: 'csv' }),
  'POST /api/reports': (w) => as(office, 'POST', '/api/reports', { report: { name: `报表${w.next()}`, state: report() } }),
  'GET /api/autosave/*': () => as(office, 'GET', '/api/autosave/sample.case/new'),
  'PUT /api/autosave/*': () => as(office, 'PUT', '/api/autosave/sample.case/new', { value: { code: '甲' } }),
  'DELETE /api/autosave/*': () => as(office, 'DELETE', '/api/autosave/sample.case/new'),
  'POST /api/messages/read': () => as(office, 'POST', '/api/messages/read', { all: true }),
  'POST /api/todos/:id/close': () => as(office, 'POST', `/api/todos/${uuidv7()}/close`, {}),
  'PUT /api/start/favourites': () => as(office, 'PUT', '/api/start/favourites', { favourites: ['privileges.application'] }),
  'PUT /api/shortcuts': () => as(office, 'PUT', '/api/shortcuts', { shortcuts: [] }),
  'PUT /api/phrases': () => as(office, 'PUT', '/api/phrases', { phrases: ['同意', '请补充材料'] }),
  'POST /api/flows/preview': () => as(office, 'POST', '/api/flows/preview', { resource: 'privileges.application', draft: {} }),
  'POST /api/stand-ins': (w) => as(office, 'POST', '/api/stand-ins', standIn(w)),
  'POST /api/tasks/bulk': () => as(office, 'POST', '/api/tasks/bulk', { tasks: [{ instance: uuidv7(), task: 'x', actId: uuidv7(), version: 1 }], opinion: '同意' }),
  'POST /api/files': () => ({ by: office, method: 'POST', url: '/api/files', ...file() }),
  'POST /api/tables': () => ({ by: office, method: 'POST', url: '/api/tables', ...file() }),
  'GET /api/files': async (w) => as(office, 'GET', `/api/files?ids=${await sent(w)}`),
  'GET /api/files/:id': async (w) => as(office, 'GET', `/api/files/${await sent(w)}`),
  'POST /api/uploads': (w) => as(office, 'POST', '/api/uploads', { name: '大.csv', bytes: 10, mark: String(w.next() % 5), sha256: null }),
  'GET /api/uploads/:id': async (w) => as(office, 'GET', `/api/uploads/${(await begun(w)).id}`),
  'DELETE /api/uploads/:id': async (w) => as(office, 'DELETE', `/api/uploads/${(await begun(w)).id}`),
  'PUT /api/uploads/:id/parts/:part': async (w) => as(office, 'PUT', `/api/uploads/${(await begun(w)).id}/parts/0`, '0123456789', { 'content-type': 'application/octet-stream', 'x-crc32': 'a684c7c6' }),
  'PUT /api/settings': async (w) => {
    const seen = await w.need<object>(as('systemOfficer', 'GET', '/api/settings'))
    return as('systemOfficer', 'PUT', '/api/settings', { settings: seen, seen })
  },
  'PUT /api/protection': async (w) => {
    const { own, networks } = await w.need<{ own: object; networks: object[] }>(as('securityOfficer', 'GET', '/api/protection'))
    return as('securityOfficer', 'PUT', '/api/protection', { own, networks, seen: { own, networks } })
  },
  'DELETE /api/indexes/questions/:resource': () => as('systemOfficer', 'DELETE', '/api/indexes/questions/sample.case'),
  'GET /api/rights/people/:id': (w) => as('securityOfficer', 'GET', `/api/rights/people/${w.person(office)}`),
  'GET /api/rights/field': () => as('securityOfficer', 'GET', '/api/rights/field?resource=sample.case&field=pay'),
  'GET /api/rights/field/people': () => as('securityOfficer', 'GET', '/api/rights/field/people?resource=sample.case&field=pay&sight=plain&q=a&after=0'),
  'GET /api/sign-in': () => as('stranger', 'GET', '/api/sign-in'),
  'GET /api/password-key': () => as('stranger', 'GET', '/api/password-key'),
  'POST /api/sign-in/captcha': () => as('stranger', 'POST', '/api/sign-in/captcha', {}),
  'POST /api/sign-in': (w) => as('stranger', 'POST', '/api/sign-in', { account: w.tried, password: w.password }),
  'GET /api/verify/:code': () => as('stranger', 'GET', '/api/verify/ABCDEFGH'),
  'GET /api/clock/year': () => as(office, 'GET', '/api/clock/year?year=2026'),
  'GET /api/clock/trial': () => as(office, 'GET', '/api/clock/trial?from=2026-06-15T01:00:00Z&amount=3&of=minutes'),
  'GET /api/approvals/:id/rows': () => as(office, 'GET', `/api/approvals/${uuidv7()}/rows?kind=created&from=0&limit=5`),
  'GET /api/audit': () => as('auditOfficer', 'GET', '/api/audit?from=2026-06-01&to=2026-06-30&act=read'),
  'POST /api/me/sessions/end-others': () => as('hospitalLeader', 'POST', '/api/me/sessions/end-others', {}),
  'PUT /api/views/:resource/:id': async (w) => {
    const { id, version } = await keptView(w)
    return as(office, 'PUT', `/api/views/sample.note/${id}`, { view: { name: `看${w.next()}`, state: noteState }, version })
  },
  'DELETE /api/views/:resource/:id': async (w) => as(office, 'DELETE', `/api/views/sample.note/${(await keptView(w)).id}`),
  'POST /api/record-grants/:id/withdraw': async (w) => {
    const { id } = await made(w)
    await w.need(as(office, 'POST', `${cases}/${id}/grants`, { person: w.person('staffMember'), level: 'read', until: '2026-07-01' }))
    const { grants } = await w.need<{ grants: { id: string }[] }>(as(office, 'GET', `${cases}/${id}/grants`))
    return as(office, 'POST', `/api/record-grants/${grants[0]!.id}/withdraw`, {})
  },
  'POST /api/uploads/:id/finish': async (w) => {
    const { id } = await begun(w)
    await w.need(as(office, 'PUT', `/api/uploads/${id}/parts/0`, '0123456789', { 'content-type': 'application/octet-stream', 'x-crc32': 'a684c7c6' }))
    return as(office, 'POST', `/api/uploads/${id}/finish`, { crc32: 'a684c7c6' })
  },
  'GET /api/files/:id/thumbnail': async (w) => as(office, 'GET', `/api/files/${await sent(w)}/thumbnail`),
  'PUT /api/files/:id/thumbnail': async (w) => as(office, 'PUT', `/api/files/${await sent(w)}/thumbnail`, { picture: tinyPicture }),
  'GET /api/accounts/:id/sign-in': (w) => as('systemOfficer', 'GET', `/api/accounts/${w.account()}/sign-in`),
  'POST /api/accounts/:id/unlock': (w) => as('systemOfficer', 'POST', `/api/accounts/${w.account()}/unlock`, {}),
  'POST /api/accounts/:id/sessions/end': (w) => as('systemOfficer', 'POST', `/api/accounts/${w.account()}/sessions/end`, {}),
  'GET /api/clients/:id/keys': (w) => as('systemOfficer', 'GET', `/api/clients/${w.client()}/keys`),
  'GET /api/rights/difference': () => as('securityOfficer', 'GET', '/api/rights/difference?from=1&to=1'),
  'GET /api/rights/assignments': () => as('securityOfficer', 'GET', '/api/rights/assignments'),
  'GET /api/privileges/matrix': (w) => as(office, 'GET', `/api/privileges/matrix?unit=${w.unit()}`),
  'POST /api/me/second-factor/start': (w) => as('committeeMember', 'POST', '/api/me/second-factor/start', { password: w.password }),
  'GET /api/reports/:id': async (w) => as(office, 'GET', `/api/reports/${(await keptReport(w)).id}`),
  'PUT /api/reports/:id': async (w) => {
    const { id, version } = await keptReport(w)
    return as(office, 'PUT', `/api/reports/${id}`, { report: { name: `报表${w.next()}`, state: report() }, version })
  },
  'DELETE /api/reports/:id': async (w) => as(office, 'DELETE', `/api/reports/${(await keptReport(w)).id}`),
  'POST /api/stand-ins/:id/end': async (w) => {
    await w.need(as(office, 'POST', '/api/stand-ins', standIn(w)))
    const list = await w.need<{ id: string }[] | { mine: { id: string }[] }>(as(office, 'GET', '/api/stand-ins'))
    return as(office, 'POST', `/api/stand-ins/${(Array.isArray(list) ? list : list.mine)[0]!.id}/end`, {})
  },
  'GET /api/live': () => as('stranger', 'GET', '/api/live'),
} // prettier-ignore

const id = '018f0000-0000-7000-8000-000000000001'
/** What the table of rights knows to ask of a route, where nothing better is known. */
export function plain(route: string, by: string, type: string): Valid {
  const one = routeCases[route]!
  const [method, path] = route.split(' ') as [string, string]
  const url = path.replace(/:(resource|name|base)\b/, type).replace(/:version\b/, '1').replace(':ending', 'withdraw').replace(/:(id|token)\b/, id).replace('*', 'x/new').replace(/:\w+/g, 'x') // prettier-ignore
  const query = one.query ? `?${encodeURI(one.query.replace('TYPE', type))}` : ''
  if (one.file) return { by, method, url: url + query, ...file() }
  const body = one.body ?? (method === 'GET' || method === 'DELETE' ? undefined : {})
  return { by, method, url: url + query, ...(body === undefined ? {} : { body: JSON.parse(JSON.stringify(body).replaceAll('TYPE', type).replaceAll('COLLEAGUE', id)) as unknown }) }
} // prettier-ignore
