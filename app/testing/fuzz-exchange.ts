// Files of rows: taken in, judged, carried out, taken back; and taken away in the background.
import { takeJob } from '#kernel/server/exchange/exporting/jobs.ts'
import { runExport } from '#kernel/server/exchange/exporting/run.ts'
import type { ImportDetail } from '#model'
import { as, file, office, type FuzzWorld, type Makers, type Valid } from './fuzz-world.ts'

const rows = (w: FuzzWorld, count: number) =>
  file('个案.csv', `编号,事由\r\n${Array.from({ length: count }, () => `导${w.next()},甲\r\n`).join('')}`)
const sending = (w: FuzzWorld, count = 2): Valid => ({
  by: office,
  method: 'POST',
  url: '/api/imports?resource=sample.case',
  ...rows(w, count),
})
const begun = async (w: FuzzWorld, count = 2): Promise<string> => (await w.need<{ id: string }>(sending(w, count))).id
export const stateReached = (w: FuzzWorld, id: string, state: string): Promise<unknown> =>
  w.until(async () => {
    const batch = await w.need<ImportDetail>(as(office, 'GET', `/api/imports/${id}`))
    if (batch.state === 'failed') throw new Error(`import failed: ${JSON.stringify(batch)}`)
    return batch.state === state
  })
async function judged(w: FuzzWorld): Promise<string> {
  const id = await begun(w)
  await w.need(as(office, 'POST', `/api/imports/${id}/preview`, {}))
  await stateReached(w, id, 'judged')
  return id
}
async function carriedOut(w: FuzzWorld): Promise<string> {
  const id = await judged(w)
  await w.need(as(office, 'POST', `/api/imports/${id}/run`, {}))
  await stateReached(w, id, 'done')
  return id
}
/** An export of one's own that nobody has begun yet. */
const waiting = async (w: FuzzWorld): Promise<string> => {
  const { jobs } = await w.need<{ jobs: { id: string; state: string }[] }>(as(office, 'GET', '/api/exports'))
  for (const one of jobs) if (one.state === 'waiting') await w.need(as(office, 'POST', `/api/exports/${one.id}/cancel`, {}))
  const { job } = await w.need<{ job: { id: string } }>(
    as(office, 'POST', '/api/records/sample.case/export', { format: 'csv', columns: ['code'], job: true }),
  )
  return job.id
}
const ready = (w: FuzzWorld) =>
  w.once('export', async () => {
    const id = await waiting(w)
    const { kernel, house } = w.h
    for (let job = await takeJob(kernel); job; job = await takeJob(kernel))
      await runExport(kernel, house.files, job, { mostMs: 60_000, signal: new AbortController().signal })
    return id
  })

export const exchangeMakers: Makers = {
  'POST /api/imports': (w) => sending(w),
  'GET /api/imports/profiles/:name': () => as(office, 'GET', '/api/imports/profiles/sample.case'),
  'GET /api/imports/:id': async (w) => as(office, 'GET', `/api/imports/${await begun(w)}`),
  'POST /api/imports/:id/cancel': async (w) => {
    // So long that it is still at work when it is told to stop.
    const id = await begun(w, 2000)
    await w.need(as(office, 'POST', `/api/imports/${id}/preview`, {}))
    return as(office, 'POST', `/api/imports/${id}/cancel`, {})
  },
  'PUT /api/imports/:id/choices': async (w) => as(office, 'PUT', `/api/imports/${await judged(w)}/choices`, {}),
  'GET /api/imports/:id/errors': async (w) => as(office, 'GET', `/api/imports/${await judged(w)}/errors?format=csv`),
  'PUT /api/imports/:id/mapping': async (w) => as(office, 'PUT', `/api/imports/${await begun(w)}/mapping`, { columns: { 1: 'about' }, clearBlank: false }),
  'POST /api/imports/:id/preview': async (w) => as(office, 'POST', `/api/imports/${await begun(w)}/preview`, {}),
  'POST /api/imports/:id/run': async (w) => as(office, 'POST', `/api/imports/${await judged(w)}/run`, {}),
  'POST /api/imports/:id/undo': async (w) => as(office, 'POST', `/api/imports/${await carriedOut(w)}/undo`, {}),
  'GET /api/exports/:id': async (w) => as(office, 'GET', `/api/exports/${await ready(w)}`),
  'POST /api/exports/:id/cancel': async (w) => as(office, 'POST', `/api/exports/${await waiting(w)}/cancel`, {}),
  'GET /api/exports/:id/file': async (w) => as(office, 'GET', `/api/exports/${await ready(w)}/file`),
} // prettier-ignore
