// The library of forms: its own, and the one it asks, which here is itself under another name.
import type { DesignAnswer, LibraryItem } from '#model'
import { createClient } from '#kernel/server/access/clients/keys.ts'
import { as, type FuzzWorld, type Makers, type Valid } from './fuzz-world.ts'

const system = 'systemOfficer'
const content = (w: FuzzWorld) => ({
  label: `共享${w.next()}`,
  title: 'xname01',
  fields: [{ key: 'xname01', kind: 'text', label: '名称', options: {} }],
})
const words = (w: FuzzWorld) => ({ name: `共享${w.next()}`, purpose: '试用', category: 'other' })
/** What a program offers; that so many a day are too many is no part of this. */
async function offer(w: FuzzWorld): Promise<Valid> {
  await w.query(`UPDATE kernel.library_file SET at = at - interval '2 days'`)
  const piece = { kind: 'type', name: `custom.tf${String(w.next()).padStart(6, '0')}`, label: '共享', content: content(w) }
  return as('program', 'POST', '/api/library-api/offers', { ...words(w), file: { xinglin: 'designs', format: 1, at: '', pieces: [piece] } })
}
const offered = async (w: FuzzWorld): Promise<LibraryItem> => w.need<LibraryItem>(await offer(w))
const shared = async (w: FuzzWorld): Promise<string> => {
  const { id } = await offered(w)
  await w.need(as(system, 'POST', `/api/library/forms/${id}/accept`, {}))
  return id
}
/** A page changes no table: it is in force at once. */
async function published(w: FuzzWorld): Promise<string> {
  const page = { label: `页面${w.next()}`, icon: 'file', who: [], menu: null, home: [], filters: [], refresh: null, blocks: [] }
  const { name, kind, revision } = await w.need<DesignAnswer>(as(system, 'POST', '/api/designs/page', { content: page }))
  await w.need(as(system, 'POST', '/api/publishings', { items: [{ kind, name, revision }], note: '试行' }))
  return name
}
const itself = (w: FuzzWorld) =>
  w.once('library', async () => {
    const url = await w.h.house.server.app.listen({ port: 0, host: '127.0.0.1' })
    const { key, secret } = await createClient(w.h.kernel, {
      name: '本院',
      rights: ['library.read', 'library.offer'],
      more: { proof: 'signed' },
    })
    return { url, key, secret }
  })
const connecting = async (w: FuzzWorld) => as(system, 'PUT', '/api/library/connection', await itself(w))

export const libraryMakers: Makers = {
  'GET /api/library/head': () => as(system, 'GET', '/api/library/head'),
  'GET /api/library': async (w) => (await shared(w), as(system, 'GET', '/api/library?place=own&search=a&category=other&status=shared')),
  'GET /api/library/:place/:id': async (w) => as(system, 'GET', `/api/library/own/${await shared(w)}`),
  'POST /api/library/:place/:id/take': async (w) => {
    await w.need(await connecting(w))
    return as(system, 'POST', `/api/library/other/${await shared(w)}/take`, {})
  },
  'POST /api/library/offers/preview': async (w) => as(system, 'POST', '/api/library/offers/preview', { name: await published(w) }),
  'POST /api/library/offers': async (w) => as(system, 'POST', '/api/library/offers', { ...words(w), names: [await published(w)], place: 'own' }),
  'POST /api/library/forms/:id/accept': async (w) => as(system, 'POST', `/api/library/forms/${(await offered(w)).id}/accept`, {}),
  'POST /api/library/forms/:id/refuse': async (w) => as(system, 'POST', `/api/library/forms/${(await offered(w)).id}/refuse`, { words: '重复' }),
  'POST /api/library/forms/:id/withdraw': async (w) => as(system, 'POST', `/api/library/forms/${await shared(w)}/withdraw`, { words: '过时' }),
  'PUT /api/library/connection': connecting,
  'DELETE /api/library/connection': () => as(system, 'DELETE', '/api/library/connection'),
  'GET /api/library-api/forms': async (w) => (await shared(w), as('program', 'GET', '/api/library-api/forms?search=a&category=other')),
  'GET /api/library-api/forms/:id': async (w) => as('program', 'GET', `/api/library-api/forms/${await shared(w)}`),
  'POST /api/library-api/forms/:id/take': async (w) => as('program', 'POST', `/api/library-api/forms/${await shared(w)}/take`, {}),
  'POST /api/library-api/offers': offer,
} // prettier-ignore
