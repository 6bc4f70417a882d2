// Notices, each begun for what is done with it.
import { as, office, type FuzzWorld, type Makers } from './fuzz-world.ts'

const body = { type: 'doc', content: [{ type: 'paragraph', content: [{ type: 'text', text: '请落实' }] }] }
async function drafted(w: FuzzWorld): Promise<{ id: string; version: number }> {
  const { record } = await w.need<{ record: { id: string; version: number } }>(
    as(office, 'POST', '/api/records/notices.notice', { title: `通知${w.next()}`, body, kind: 'hospital' }),
  )
  return record
}
async function published(w: FuzzWorld): Promise<string> {
  const { id, version } = await drafted(w)
  await w.need(as(office, 'POST', `/api/notices/${id}/publish`, { version }))
  return id
}
const shared = (w: FuzzWorld): Promise<string> => w.once('notice', () => published(w))

export const noticeMakers: Makers = {
  'GET /api/notices': () => as(office, 'GET', '/api/notices?kind=hospital'),
  'GET /api/notices/statistics': () => as(office, 'GET', '/api/notices/statistics?from=2026-01-01&to=2026-12-31'),
  'GET /api/notices/:id': async (w) => as(office, 'GET', `/api/notices/${await shared(w)}`),
  'POST /api/notices/:id/read': async (w) => as(office, 'POST', `/api/notices/${await shared(w)}/read`, {}),
  'POST /api/notices/:id/publish': async (w) => {
    const { id, version } = await drafted(w)
    return as(office, 'POST', `/api/notices/${id}/publish`, { version })
  },
  'POST /api/notices/:id/withdraw': async (w) => as(office, 'POST', `/api/notices/${await published(w)}/withdraw`, { reason: '内容有误' }),
  'GET /api/notices/:id/readers': async (w) => as(office, 'GET', `/api/notices/${await shared(w)}/readers?view=unread`),
  'GET /api/notices/:id/comments': async (w) => as(office, 'GET', `/api/notices/${await shared(w)}/comments`),
  'POST /api/notices/:id/comments': async (w) => as(office, 'POST', `/api/notices/${await shared(w)}/comments`, { text: '收到' }),
  'DELETE /api/notices/:id/comments/:comment': async (w) => {
    const notice = await shared(w)
    const { id } = await w.need<{ id: string }>(as(office, 'POST', `/api/notices/${notice}/comments`, { text: '收到' }))
    return as(office, 'DELETE', `/api/notices/${notice}/comments/${id}`)
  },
}
