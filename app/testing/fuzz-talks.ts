// Conversations, each begun for what is done in it.
import { v7 as uuidv7 } from 'uuid'
import { as, office, sentPicture, type FuzzWorld, type Makers } from './fuzz-world.ts'

type Made = { id: string; members: { person: string }[] }
const group = (w: FuzzWorld): Promise<Made> =>
  w.need(
    as(office, 'POST', '/api/talks', { name: `群${w.next()}`, members: [w.person('departmentHead'), w.person('departmentSecretary')] }),
  )
const shared = (w: FuzzWorld): Promise<string> => w.once('talk', async () => (await group(w)).id)
const said = (w: FuzzWorld, talk: string): Promise<{ id: string; n: number }> =>
  w.need(as(office, 'POST', `/api/talks/${talk}/messages`, { id: uuidv7(), text: `第${w.next()}句` }))
async function record(w: FuzzWorld): Promise<string> {
  const { record: made } = await w.need<{ record: { id: string } }>(
    as(office, 'POST', '/api/records/sample.case', { code: `甲${w.next()}` }),
  )
  return made.id
}

export const talkMakers: Makers = {
  'GET /api/talks': () => as(office, 'GET', '/api/talks?q=群'),
  'GET /api/talks/find': (w) => as(office, 'GET', `/api/talks/find?direct=${w.person('departmentHead')}`),
  'GET /api/talks/search': () => as(office, 'GET', '/api/talks/search?q=第一'),
  'POST /api/talks': (w) => as(office, 'POST', '/api/talks', { name: `群${w.next()}`, members: [w.person('departmentHead')] }),
  'GET /api/talks/:id': async (w) => as(office, 'GET', `/api/talks/${await shared(w)}`),
  'GET /api/talks/:id/messages': async (w) => as(office, 'GET', `/api/talks/${await shared(w)}/messages?before=5`),
  'POST /api/talks/:id/messages': async (w) =>
    as(office, 'POST', `/api/talks/${await shared(w)}/messages`, { id: uuidv7(), text: '请看 @所有人', files: [await sentPicture(w, office)], mentions: [w.person('departmentHead')], everyone: true, answers: 1, voice: null }),
  'DELETE /api/talks/:id/messages/:message': async (w) => {
    const talk = await shared(w)
    return as(office, 'DELETE', `/api/talks/${talk}/messages/${(await said(w, talk)).id}`)
  },
  'GET /api/talks/:id/files': async (w) => as(office, 'GET', `/api/talks/${await shared(w)}/files?before=9`),
  'PUT /api/talks/:id/read': async (w) => as(office, 'PUT', `/api/talks/${await shared(w)}/read`, { n: 1 }),
  'PUT /api/talks/:id/muted': async (w) => as(office, 'PUT', `/api/talks/${await shared(w)}/muted`, { muted: true }),
  'PUT /api/talks/:id/name': async (w) => as(office, 'PUT', `/api/talks/${await shared(w)}/name`, { name: `改名${w.next()}` }),
  'POST /api/talks/:id/members': async (w) => as(office, 'POST', `/api/talks/${(await group(w)).id}/members`, { add: [], remove: [w.person('departmentSecretary')] }),
  'PUT /api/talks/:id/owner': async (w) => as(office, 'PUT', `/api/talks/${(await group(w)).id}/owner`, { person: w.person('departmentHead') }),
  'POST /api/talks/:id/leave': async (w) => {
    const { id } = await group(w)
    await w.need(as(office, 'PUT', `/api/talks/${id}/owner`, { person: w.person('departmentHead') }))
    return as(office, 'POST', `/api/talks/${id}/leave`, {})
  },
  'POST /api/talks/:id/excerpts': async (w) => {
    const talk = await shared(w)
    return as(office, 'POST', `/api/talks/${talk}/excerpts`, { messages: [(await said(w, talk)).n], resource: 'sample.case', record: await record(w), note: '备查' })
  },
  'GET /api/excerpts/:resource/:id': async (w) => as(office, 'GET', `/api/excerpts/sample.case/${await record(w)}`),
} // prettier-ignore
