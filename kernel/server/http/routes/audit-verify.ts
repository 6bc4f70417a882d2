import { PassThrough } from 'node:stream'
import type { FastifyReply } from 'fastify'
import { addDays, isDay, Refusal } from '#model'
import { audit } from '../../audit/audit.ts'
import { verifyAudit, type VerifyReport } from '../../audit/verifier.ts'
import type { Context } from '../../context.ts'
import type { Kernel } from '../../kernel.ts'
import type { Server } from '../server.ts'

interface Asked {
  from: string | null
  to: string | null
  signal: AbortSignal
}
type Progress = { entries: number; total: number }
const shown = 1000

/** Verification for the audit officer, of everything or of the seals made on some days. With `progress=1` the answer is lines of JSON: how far it is, and the report last. */
export function auditVerifyRoute({ app, kernel, contextOf }: Server, key: Buffer): void {
  app.post<{ Querystring: { from?: string; to?: string; progress?: string } }>(
    '/api/audit/verify',
    { config: { who: { right: 'security.audit' }, lane: 'files' } },
    async (request, reply) => {
      const ctx = await contextOf(request)
      const { from, to, progress } = request.query
      if ((from && !isDay(from)) || (to && !isDay(to))) throw new Refusal('badFilter')
      const leaving = new AbortController()
      // Who leaves the page needs no answer.
      reply.raw.once('close', () => leaving.abort())
      const asked: Asked = {
        from: from ? `${from}T00:00:00+08:00` : null,
        to: to ? `${addDays(to, 1)}T00:00:00+08:00` : null,
        signal: leaving.signal,
      }
      return progress === '1' ? streamed(kernel, ctx, key, asked, reply) : verify(kernel, ctx, key, asked)
    },
  )
}

async function verify(kernel: Kernel, ctx: Context, key: Buffer, asked: Asked, onProgress?: (p: Progress) => void): Promise<VerifyReport> {
  const report = await verifyAudit(kernel.db, key, { ...asked, ...(onProgress ? { onProgress } : {}) })
  await audit(ctx, {
    act: 'audit.verify',
    outcome: 'done',
    detail: { findings: report.found, entries: report.entries, from: asked.from, to: asked.to },
  })
  return { ...report, findings: report.findings.slice(0, shown) }
}

function streamed(kernel: Kernel, ctx: Context, key: Buffer, asked: Asked, reply: FastifyReply): FastifyReply {
  const out = new PassThrough()
  const say = (line: object) => void out.write(`${JSON.stringify(line)}\n`)
  void verify(kernel, ctx, key, asked, (progress) => say({ progress }))
    .then(
      (report) => say({ report }),
      (error: unknown) => {
        if (!asked.signal.aborted) reply.log.error(error)
        say({ problem: error instanceof Refusal ? error.message : '核对中断，请重试' })
      },
    )
    .finally(() => out.end())
  return reply.type('application/x-ndjson').header('cache-control', 'no-store').send(out)
}
