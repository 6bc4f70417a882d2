import { isDay, isUuid, Refusal, type AuditItem, type SignInTime } from '#model'
import { audit } from '../../audit/audit.ts'
import { auditFile } from '../../audit/file.ts'
import type { Outside } from '../../audit/outside.ts'
import { askAudit, readQuestion, type AskedOf, type AuditQuestion } from '../../audit/questions.ts'
import { readableEntries } from '../../audit/reading.ts'
import { signInTimes } from '../../audit/sign-in-times.ts'
import { auditState, type AuditState } from '../../audit/state.ts'
import type { Context } from '../../context.ts'
import { tableTypes } from '../../exchange/table-writer.ts'
import { namedFile } from '../headers.ts'
import type { Server } from '../server.ts'
import { auditVerifyRoute } from './audit-verify.ts'

type Query = AskedOf & { before?: string; timeline?: string }
const page = 100

/** The security audit officer's view: every entry, clinical and personal content never in plain. Whoever reads the log stands in it. */
export const auditRoutes =
  (key: Buffer, outside: Outside) =>
  (server: Server): void => {
    const { app, kernel, contextOf } = server
    const config = { config: { who: { right: 'security.audit' } } } as const
    app.get<{ Querystring: Query }>('/api/audit', config, async (request): Promise<{ rows: AuditItem[]; next: string | null }> => {
      const ctx = await contextOf(request)
      const { before = null, ...asked } = request.query
      const question = await questionOf(ctx, asked)
      const rows = await askAudit(kernel.db, question, before, page)
      // Once a question; the pages behind the first are the same look.
      if (before === null) await audit(ctx, { act: 'audit.read', outcome: 'done', detail: said(asked) })
      const items = await readableEntries(kernel, ctx, rows)
      const { timelineOf } = question
      return {
        rows: timelineOf ? items.map((item) => (item.record === timelineOf.record ? item : { ...item, mayHold: true })) : items,
        next: rows.length === page ? rows.at(-1)!.place : null,
      }
    })
    app.get<{ Querystring: Query }>('/api/audit/file', { config: { ...config.config, lane: 'files' } }, async (request, reply) => {
      const ctx = await contextOf(request)
      const { before: _, ...asked } = request.query
      const { stream, fileName } = await auditFile(kernel, ctx, await questionOf(ctx, asked), said(asked))
      return reply.type(tableTypes.xlsx).header('content-disposition', namedFile(fileName)).send(stream)
    })
    app.get<{ Querystring: Partial<Record<'from' | 'to' | 'person', string>> }>(
      '/api/audit/sign-ins',
      config,
      async (request): Promise<{ rows: SignInTime[] }> => {
        const ctx = await contextOf(request)
        const { from = '', to = '', person = null } = request.query
        if (!isDay(from) || !isDay(to) || from > to || (person && !isUuid(person))) throw new Refusal('badFilter', '请给出起止日期')
        const rows = await signInTimes(ctx, { from, to, person: person || null })
        await audit(ctx, { act: 'audit.signIns', outcome: 'done', detail: { from, to, ...(person ? { person } : {}) } })
        return { rows }
      },
    )
    app.get('/api/audit/types', config, () => ({
      types: [...kernel.defs.resources.values()].map(({ name, label }) => ({ value: name, label })).toSorted((a, b) => a.label.localeCompare(b.label, 'zh-CN')), // prettier-ignore
    }))
    app.get('/api/audit/state', config, (): Promise<AuditState> => auditState(kernel.db, outside))
    auditVerifyRoute(server, key)
  }

/** What was asked, without what was left open. */
const said = (asked: object): Record<string, unknown> => Object.fromEntries(Object.entries(asked).filter(([, value]) => value))

/** The question; with `timeline`, of a person or a record whatever happened to it. */
async function questionOf(ctx: Context, { timeline, ...asked }: Query): Promise<AuditQuestion> {
  if (timeline === 'person') {
    const { actor = '', ...rest } = asked
    const { actor: person, ...question } = readQuestion({ ...rest, actor })
    if (!person) throw new Refusal('badFilter', '请选择人员')
    return { ...question, about: { person, records: await recordsOf(ctx, person) } }
  }
  if (timeline === 'record') {
    const { record, resource, ...question } = readQuestion(asked)
    if (!record || !resource) throw new Refusal('badFilter', '请从一条日志进入记录的时间线')
    return { ...question, timelineOf: { record, resource } }
  }
  if (timeline) throw new Refusal('badFilter', '没有这种时间线')
  return readQuestion(asked)
}

/** What stands for a person in the log: he himself, his accounts and the roles that were given to him. */
async function recordsOf(ctx: Context, person: string): Promise<string[]> {
  const rows = await ctx.db.query<{ id: string }>(
    `SELECT id FROM security.account WHERE person = $1::uuid UNION ALL (SELECT id FROM directory.role_assignment WHERE person = $1::uuid ORDER BY created_at DESC LIMIT 50)`,
    [person],
  )
  return [person, ...rows.map(({ id }) => id)]
}
