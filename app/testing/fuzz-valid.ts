// For every route a request that is right, by somebody who may: what mutations begin with, and what is counted as let in.
import { v7 as uuidv7 } from 'uuid'
import { addDays } from '#model'
import { routeCases } from '#kernel/server/access/matrix/routes.ts'
import { answerMakers } from './fuzz-answers.ts'
import { exchangeMakers } from './fuzz-exchange.ts'
import { flowDesignMakers } from './fuzz-flow-designs.ts'
import { automationMakers } from './fuzz-automations.ts'
import { libraryMakers } from './fuzz-library.ts'
import { designMakers } from './fuzz-designs.ts'
import { reminderMakers } from './fuzz-reminders.ts'
import { flowMakers } from './fuzz-flows.ts'
import { accountMakers } from './fuzz-accounts.ts'
import { campaignMakers } from './fuzz-campaigns.ts'
import { noticeMakers } from './fuzz-notices.ts'
import { pageMakers } from './fuzz-pages.ts'
import { talkMakers } from './fuzz-talks.ts'
import { browserOnPush } from './push-service.ts'
import { officerMakers } from './fuzz-officers.ts'
import { organisationMakers } from './fuzz-organisation.ts'
import { privilegeMakers } from './fuzz-privileges.ts'
import { as, file, office, picture, sentPicture, type FuzzWorld, type Makers, type Valid } from './fuzz-world.ts'

const cases = '/api/records/sample.case'
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
const report = (more: object = {}) => ({
  base: 'sample.case',
  columns: [{ kind: 'path', key: 'A', label: '编号', path: 'code' }],
  sort: [],
  ...more,
})
const viewState = { filter: null, sort: [], columns: ['code'], group: [], totals: [] }
const sharing = (record: string, more: object = {}) => ({
  kind: 'records', audience: 'inside', resource: 'sample.case', records: [record], fields: ['code'], days: 7, password: null, maxUses: null, ...more,
}) // prettier-ignore
async function shared(w: FuzzWorld, more: object = {}): Promise<{ id: string; token: string }> {
  const { id } = await made(w)
  const { share, path } = await w.need<{ share: { id: string }; path: string }>(as(office, 'POST', '/api/shares', sharing(id, more)))
  return { id: share.id, token: path.split('/').at(-1)! }
}
const sent = (w: FuzzWorld) => sentPicture(w, office)
/** A link for strangers, which the hospital has allowed. */
async function opened(w: FuzzWorld, more: object = {}): Promise<{ token: string }> {
  await w.once('public sharing', async () => {
    const seen = await w.need<object>(as('systemOfficer', 'GET', '/api/settings'))
    await w.need(as('systemOfficer', 'PUT', '/api/settings', { settings: { ...seen, publicSharing: true }, seen }))
  })
  return shared(w, { audience: 'public', ...more })
}
const begun = (w: FuzzWorld) => w.need<{ id: string }>(as(office, 'POST', '/api/uploads', { name: `大${w.next()}.csv`, bytes: 10, mark: String(w.next()), sha256: null })) // prettier-ignore
const noteState = { ...viewState, columns: ['words'] }
type Kept = { id: string; version: number }
const keptView = (w: FuzzWorld) =>
  w.need<Kept>(as(office, 'POST', '/api/views/sample.note', { view: { name: `看${w.next()}`, state: noteState } }))
const keptReport = (w: FuzzWorld) =>
  w.need<Kept>(as(office, 'POST', '/api/reports', { report: { name: `报表${w.next()}`, state: report() } }))
const thumbnail = async (w: FuzzWorld): Promise<string> => {
  const id = await sent(w)
  await w.need(as(office, 'PUT', `/api/files/${id}/thumbnail`, { picture: picture.toString('base64') }))
  return id
}

/** The code of a paper that was printed: only its hash is kept, so that no print tells it. */
const printedCode = (w: FuzzWorld): Promise<string> =>
  w.once('printed code', async () => {
    const code = 'fuzz'.repeat(5)
    await w.query(
      `INSERT INTO kernel.print (id, at, number, resource, record, version, template, template_label, release, content_hash, code_hash)
       VALUES (gen_random_uuid(), now(), 'DC', 'sample.case', $1::uuid, 1, 'x', '签', 0, '\\x00', sha256(convert_to($2, 'UTF8')))`,
      [(await made(w)).id, code],
    )
    return code
  })
/** The smallest Word file that is one. */
const emptyWord =
  'UEsDBBQACAgIAAAAIQAAAAAAAAAAAAAAAAATAAAAW0NvbnRlbnRfVHlwZXNdLnhtbLMJqSxILVaoyM3JK7ZVyigpKbDS1y9OzkjNTSzWyy9IzavIzUnLL8pNLCnWyy9K1y9ITM5OTE/VNzIwMNNPzs8rSc0r0S0BmaGkbwcAUEsHCH2PwzlNAAAATQAAAFBLAwQUAAgICAAAACEAAAAAAAAAAAAAAAAAEQAAAHdvcmQvZG9jdW1lbnQueG1ssym3SslPLs1NzStRqMjNySu2KrdVKleysym3SspPqdS3s9FHqLADAFBLBwj2JX4WKAAAAC4AAABQSwECFAAUAAgICAAAACEAfY/DOU0AAABNAAAAEwAAAAAAAAAAAAAAAAAAAAAAW0NvbnRlbnRfVHlwZXNdLnhtbFBLAQIUABQACAgIAAAAIQD2JX4WKAAAAC4AAAARAAAAAAAAAAAAAAAAAI4AAAB3b3JkL2RvY3VtZW50LnhtbFBLBQYAAAAAAgACAIAAAAD1AAAAAAA='

/** Routes for which more has to be there than the address says. */
const recordMakers: Makers = {
  'GET /api/records/:resource': (w) => as(office, 'GET', `/api/records/${w.readable()}?limit=5&sort=-createdAt`),
  'GET /api/records/:resource/count': (w) => as(office, 'GET', `/api/records/${w.readable()}/count`),
  'GET /api/records/:resource/:id': (w) => w.row((type, id) => as(office, 'GET', `/api/records/${type}/${id}`)),
  'GET /api/records/:resource/:id/history': (w) => w.row((type, id) => as(office, 'GET', `/api/records/${type}/${id}/history`)),
  'GET /api/records/:resource/:id/reminded': (w) => w.row((type, id) => as(office, 'GET', `/api/records/${type}/${id}/reminded`)),
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
  'GET /api/records/:resource/limits': () => as(office, 'GET', `${cases}/limits`),
  'POST /api/records/:resource/:id/press/:button': async (w) => {
    const { id, version } = await made(w)
    return as(office, 'POST', `${cases}/${id}/press/end`, { version })
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
  'POST /api/records/:resource/export': () => as(office, 'POST', `${cases}/export?limit=5`, { format: 'csv', reason: '核对', columns: ['code'] }),
  'POST /api/records/:resource/directly': (w) =>
    as(office, 'POST', '/api/records/fuzz.request/directly', { draft: { applicant: w.person('staffMember'), topic: `补录${w.next()}` }, reason: '纸质批件补录' }),
  'POST /api/records/:resource/:id/open': async (w) =>
    as('departmentSecretary', 'POST', `${cases}/${(await made(w, { unit: w.unit, pension: '1200' })).id}/open`, { field: 'pension', reason: '核对身份' }),
  'POST /api/closings/:resource': async (w) => {
    const [last] = await w.query<{ through: string }>(`SELECT through::text FROM kernel.closing WHERE resource = 'sample.case' ORDER BY at DESC, through DESC LIMIT 1`)
    return as(office, 'POST', '/api/closings/sample.case', { act: 'close', through: addDays(last?.through ?? '1990-01-01', 1), reason: '月结' })
  },
  'GET /api/duplicates/:resource': () => as(office, 'GET', '/api/duplicates/sample.case?keys=code:exact'),
  'GET /api/merge/:resource': async (w) => as(office, 'GET', `/api/merge/sample.case?ids=${(await made(w)).id},${(await made(w)).id}`),
  'POST /api/merge/:resource': async (w) => {
    const [one, other] = [await made(w), await made(w)]
    return as(office, 'POST', '/api/merge/sample.case', { keep: one.id, records: [one, other].map(({ id, version }) => ({ id, version })), take: {}, reason: '重复' })
  },
  'GET /api/prints/:resource': () => as(office, 'GET', '/api/prints/sample.case'),
  'POST /api/prints/:resource': async (w) => as(office, 'POST', '/api/prints/sample.case', { records: [(await made(w)).id], template: 'label' }),
  'GET /api/print-templates': () => as('systemOfficer', 'GET', '/api/print-templates'),
  'GET /api/print-templates/types/:resource': () => as('systemOfficer', 'GET', '/api/print-templates/types/sample.case'),
  'POST /api/print-templates/preview': () => as('systemOfficer', 'POST', '/api/print-templates/preview', { template: { label: '签', resource: 'sample.case', paper: { size: 'label', width: 60, height: 40 }, blocks: [{ id: 'b1', kind: 'text', text: '{code}', at: { x: 2, y: 2, width: 50, height: 10, on: 'first' }, style: { size: 9, bold: true } }] }, record: null }),
  'POST /api/print-templates/word': () => as('systemOfficer', 'POST', '/api/print-templates/word', { resource: 'sample.case', base64: emptyWord, hasCode: false }),
  'GET /api/v/:code': async (w) => as('stranger', 'GET', `/api/v/${await printedCode(w)}`),
  'GET /api/views/:resource': () => as(office, 'GET', '/api/views/sample.case'),
  'POST /api/views/:resource': (w) => as(office, 'POST', '/api/views/sample.note', { view: { name: `看${w.next()}`, state: { ...viewState, columns: ['words'] } } }),
  'POST /api/shares': async (w) => as(office, 'POST', '/api/shares', sharing((await made(w)).id)),
  'GET /api/shares/:id/log': async (w) => as(office, 'GET', `/api/shares/${(await shared(w)).id}/log`),
  'POST /api/shares/:id/withdraw': async (w) => as(office, 'POST', `/api/shares/${(await shared(w)).id}/withdraw`, {}),
  'GET /api/s/:token': async (w) => as('stranger', 'GET', `/api/s/${(await opened(w)).token}`),
  'POST /api/s/:token/open': async (w) => as('stranger', 'POST', `/api/s/${(await opened(w)).token}/open`, { password: '' }),
  'POST /api/s/:token/captcha': async (w) => as('stranger', 'POST', `/api/s/${(await opened(w)).token}/captcha`, {}),
  'POST /api/s/:token/entries': async (w) => {
    const { token } = await opened(w, { kind: 'form', resource: 'fuzz.wish', records: [], fields: [] })
    const { id } = JSON.parse((await w.stranger('POST', `/api/s/${token}/captcha`, {})).text) as { id: string }
    const [row] = await w.query<{ answer: string }>(`SELECT answer FROM kernel.captcha WHERE id = $1`, [id])
    return as('stranger', 'POST', `/api/s/${token}/entries`, { values: { topic: `意见${w.next()}` }, captcha: { id, answer: row!.answer }, actId: uuidv7() })
  },
  'POST /api/shared/:token': async (w) => as(office, 'POST', `/api/shared/${(await shared(w)).token}`, {}),
  'GET /api/reports/sources/:base': () => as(office, 'GET', '/api/reports/sources/sample.case'),
  'POST /api/reports/run': () => as(office, 'POST', '/api/reports/run', { report: report(), offset: 0, limit: 20, within: null }),
  'POST /api/reports/export': () => as(office, 'POST', '/api/reports/export', { report: report(), name: '表', format: 'csv' }),
  'POST /api/reports': (w) => as(office, 'POST', '/api/reports', { report: { name: `报表${w.next()}`, state: report() } }),
  'GET /api/autosave/*': () => as(office, 'GET', '/api/autosave/sample.case/new'),
  'PUT /api/autosave/*': () => as(office, 'PUT', '/api/autosave/sample.case/new', { value: { code: '甲' } }),
  'DELETE /api/autosave/*': () => as(office, 'DELETE', '/api/autosave/sample.case/new'),
  'PUT /api/messages/ways': () => as(office, 'PUT', '/api/messages/ways', { uses: { task: { email: true } }, quiet: { from: 1320, to: 420 } }),
  'POST /api/messages/push': async (w) => {
    // One more each time would soon be too many.
    await w.query(`DELETE FROM kernel.push_device`)
    return as(office, 'POST', '/api/messages/push', browserOnPush(`https://push.hospital.cn/${w.next()}`))
  },
  'DELETE /api/messages/push/:id': async (w) => {
    await w.query(`DELETE FROM kernel.push_device`)
    const { id } = await w.need<{ id: string }>(as(office, 'POST', '/api/messages/push', browserOnPush(`https://push.hospital.cn/${w.next()}`)))
    return as(office, 'DELETE', `/api/messages/push/${id}`)
  },
  'POST /api/messages/read': () => as(office, 'POST', '/api/messages/read', { all: true }),
  'POST /api/todos/:id/close': () => as(office, 'POST', `/api/todos/${uuidv7()}/close`, {}),
  'PUT /api/start/favourites': () => as(office, 'PUT', '/api/start/favourites', { favourites: ['privileges.application'] }),
  'PUT /api/shortcuts': () => as(office, 'PUT', '/api/shortcuts', { shortcuts: [] }),
  'PUT /api/phrases': () => as(office, 'PUT', '/api/phrases', { phrases: ['同意', '请补充材料'] }),
  'POST /api/files': () => ({ by: office, method: 'POST', url: '/api/files', ...file() }),
  'POST /api/tables': () => ({ by: office, method: 'POST', url: '/api/tables', ...file() }),
  'GET /api/files': async (w) => as(office, 'GET', `/api/files?ids=${await sent(w)}`),
  'GET /api/files/:id': async (w) => as(office, 'GET', `/api/files/${await sent(w)}`),
  'POST /api/uploads': (w) => as(office, 'POST', '/api/uploads', { name: '大.csv', bytes: 10, mark: String(w.next() % 5), sha256: null }),
  'GET /api/uploads/:id': async (w) => as(office, 'GET', `/api/uploads/${(await begun(w)).id}`),
  'DELETE /api/uploads/:id': async (w) => as(office, 'DELETE', `/api/uploads/${(await begun(w)).id}`),
  'PUT /api/uploads/:id/parts/:part': async (w) => as(office, 'PUT', `/api/uploads/${(await begun(w)).id}/parts/0`, '0123456789', { 'content-type': 'application/octet-stream', 'x-crc32': 'a684c7c6' }),
  'GET /api/clock/year': () => as(office, 'GET', '/api/clock/year?year=2026'),
  'GET /api/clock/trial': () => as(office, 'GET', '/api/clock/trial?from=2026-06-15T01:00:00Z&amount=3&of=minutes'),
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
  'GET /api/files/:id/thumbnail': async (w) => as(office, 'GET', `/api/files/${await thumbnail(w)}/thumbnail`),
  'PUT /api/files/:id/thumbnail': async (w) => as(office, 'PUT', `/api/files/${await sent(w)}/thumbnail`, { picture: picture.toString('base64') }),
  'GET /api/reports/:id': async (w) => as(office, 'GET', `/api/reports/${(await keptReport(w)).id}`),
  'PUT /api/reports/:id': async (w) => {
    const { id, version } = await keptReport(w)
    return as(office, 'PUT', `/api/reports/${id}`, { report: { name: `报表${w.next()}`, state: report() }, version })
  },
  'DELETE /api/reports/:id': async (w) => as(office, 'DELETE', `/api/reports/${(await keptReport(w)).id}`),
  'GET /api/live': () => as('stranger', 'GET', '/api/live'),
  'PUT /api/live/:stream': () => as(office, 'PUT', '/api/live/018f0000-0000-7000-8000-000000000001', { records: [] }),
} // prettier-ignore

export const makers: Makers = {
  ...recordMakers,
  ...accountMakers,
  ...officerMakers,
  ...campaignMakers,
  ...noticeMakers,
  ...talkMakers,
  ...pageMakers,
  ...flowMakers,
  ...flowDesignMakers,
  ...designMakers,
  ...automationMakers,
  ...libraryMakers,
  ...reminderMakers,
  ...exchangeMakers,
  ...answerMakers,
  ...organisationMakers,
  ...privilegeMakers,
}

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
