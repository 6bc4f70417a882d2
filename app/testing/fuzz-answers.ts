// Questions answered in the background: each somebody's own.
import { answerJobs, openedAnswer } from '#kernel/server/answers/jobs.ts'
import { runAnswer } from '#kernel/server/answers/run.ts'
import { block } from './fuzz-pages.ts'
import { as, office, type FuzzWorld, type Makers } from './fuzz-world.ts'

const ask = { kind: 'block', block, asks: [{ paths: ['code'], op: 'eq', value: '甲' }] }
/** One of one's own that nobody has begun yet. */
const waiting = async (w: FuzzWorld): Promise<string> => (await w.need<{ id: string }>(as(office, 'POST', '/api/answers', ask))).id
async function ready(w: FuzzWorld): Promise<string> {
  const id = await waiting(w)
  const { kernel } = w.h
  for (let row = await answerJobs.take(kernel); row; row = await answerJobs.take(kernel))
    await runAnswer(kernel, openedAnswer(kernel, row), { mostMs: 60_000, signal: new AbortController().signal })
  return id
}
export const answerMakers: Makers = {
  'POST /api/answers': () => as(office, 'POST', '/api/answers', ask),
  'POST /api/answers/find': () => as(office, 'POST', '/api/answers/find', ask),
  'GET /api/answers/:id': async (w) => as(office, 'GET', `/api/answers/${await waiting(w)}`),
  'POST /api/answers/:id/cancel': async (w) => as(office, 'POST', `/api/answers/${await waiting(w)}/cancel`, {}),
  'POST /api/answers/:id/result': async (w) => as(office, 'POST', `/api/answers/${await ready(w)}/result`, { offset: 0, limit: 20, within: null }), // prettier-ignore
}
