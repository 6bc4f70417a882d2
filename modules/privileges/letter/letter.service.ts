import { randomBytes } from 'node:crypto'
import { choiceLabel, invalid, isUuid, kindOf, Refusal, today, type ApiRecord } from '#model'
import { audit } from '#kernel/server/audit/audit.ts'
import { type Context, personOf } from '#kernel/server/context.ts'
import { makePdf, markInfo } from '#kernel/server/documents/pdf.ts'
import { namedFile } from '#kernel/server/http/headers.ts'
import { markOf, markWords, type ExportMark } from '#kernel/server/marks/export-mark.ts'
import type { Server } from '#kernel/server/http/server.ts'
import { bodyOf, needId } from '#kernel/server/http/routes/records.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { loadRecord } from '#kernel/server/records/load.ts'
import { getRecord } from '#kernel/server/records/read.ts'
import { createRecord } from '#kernel/server/records/write.ts'
import { readSettings } from '#kernel/server/settings.ts'
import { service } from '#kernel/server/service.ts'

interface GrantLine {
  id: string
  number: string
  name: string
  code: string
  level: string | null
  from: string
  to: string | null
  status: string
  narrowed: string | null
  supervised: number
}
const linesOf = (ctx: Context, ids: readonly string[]): Promise<GrantLine[]> =>
  ctx.db.query<GrantLine & object>(
    `SELECT g.id, g.number, p.name, p.code, g.level, g."from", g."to", g.status, g.narrowed_to AS narrowed, coalesce(g.supervised_cases, 0) - coalesce(g.supervised_done, 0) AS supervised
     FROM privileges.grant g JOIN privileges.procedure p ON p.id = g.procedure WHERE g.id = ANY($1::uuid[]) AND g.deleted_at IS NULL ORDER BY g.level DESC NULLS LAST, p.code`,
    [ids],
  )

/** Issues a letter over a person's running grants; a holder may print his own, the office anybody's. */
async function issue(kernel: Kernel, ctx: Context, practitioner: string): Promise<string> {
  if (practitioner !== personOf(ctx.actor)) kernel.access.needUse(ctx.actor, 'privileges.manage')
  const day = today(ctx.clock)
  const running = await ctx.db.query<{ id: string }>(
    `SELECT id FROM privileges.grant WHERE practitioner = $1::uuid AND status = 'active' AND deleted_at IS NULL AND "from" <= $2::date AND coalesce("to", 'infinity') >= $2::date`,
    [practitioner, day],
  )
  if (running.length === 0) throw invalid([{ field: 'practitioner', message: '没有有效的手术授权，不能出具授权书' }])
  const draft = {
    practitioner,
    issuedOn: day,
    issuedBy: personOf(ctx.actor),
    grants: running.map((g) => g.id),
    code: randomBytes(15).toString('base64url'),
  }
  return (await createRecord(kernel, ctx, 'privileges.letter', draft, { byModule: true, act: 'issue' })).record.id
}

const narrowedLabels: Record<string, string> = { assistant: '仅限助手', supervised: '须上级在场', elective: '仅限择期' }
async function pdfOf(
  kernel: Kernel,
  ctx: Context,
  letter: ApiRecord,
  { origin, mark }: { origin: string; mark: ExportMark },
): Promise<Buffer> {
  const [settings, lines] = await Promise.all([readSettings(ctx.db), linesOf(ctx, letter['grants'] as string[])])
  const person = (await loadRecord(kernel, ctx, kernel.resource('staff.practitioner'), letter['practitioner'] as string, {
    deleted: true,
  }))!
  const levelField = kernel.resource('privileges.grant').byKey.get('level')!.field
  const limits = (l: GrantLine) => [l.narrowed ? narrowedLabels[l.narrowed] : '', l.supervised > 0 ? `带教 ${l.supervised} 例` : ''].filter(Boolean).join('，') || '—' // prettier-ignore
  const rows = lines.map((l, i) => [
    String(i + 1),
    l.name,
    l.code,
    kindOf(levelField).format(l.level, levelField, String),
    limits(l),
    `${l.from} 至 ${l.to ?? '长期'}`,
  ])
  return makePdf({
    info: markInfo(mark),
    content: [
      { text: settings.hospitalName, alignment: 'center', fontSize: 13 },
      { text: '手 术 授 权 书', alignment: 'center', fontSize: 22, bold: true, margin: [0, 6, 0, 4] },
      { text: `编号 ${String(letter['number'])}`, alignment: 'center', color: '#5b6b6d', margin: [0, 0, 0, 18] },
      {
        text: [
          { text: String(person['name']), bold: true }, `（工号 ${String(person['staffNumber'] ?? '—')}，${ctx.directory.unitName(person['unit'] as string | null)}，${String(person['appointedTitle'] ?? '职称未登记')}），经审核批准，授权在本院开展下列手术（操作）：`,
        ],
        margin: [0, 0, 0, 12],
      },
      { table: { headerRows: 1, widths: [22, '*', 78, 34, 64, 128], body: [['', '手术 / 操作', '编码', '级别', '限定', '有效期'].map((t) => ({ text: t, bold: true })), ...rows] }, layout: 'lightHorizontalLines', fontSize: 10 },
      {
        columns: [
          { qr: `${origin}/verify/${String(letter['code'])}`, fit: 92 },
          { stack: [{ text: settings.medicalOffice, alignment: 'right' }, { text: String(letter['issuedOn']), alignment: 'right' }, { text: '授权以系统当前记录为准，扫码可核对本授权书和各项授权现在是否有效。', fontSize: 9, color: '#5b6b6d', margin: [0, 16, 0, 0], alignment: 'right' }] },
        ],
        margin: [0, 26, 0, 0],
      },
    ],
    footer: (current: number, count: number) => ({ text: `${String(letter['number'])}    第 ${current} / ${count} 页    打印 ${markWords(mark)}`, alignment: 'center', fontSize: 9, color: '#5b6b6d' }),
  }) // prettier-ignore
}

/** What anybody who holds the paper may learn: is it genuine, and what of it holds today. The name is masked to its first character. */
async function verify(kernel: Kernel, code: string) {
  const ctx = await kernel.context({ kind: 'system', reason: '扫码核验' }, 'public')
  const [row] = /^[\w-]{20}$/.test(code)
    ? await ctx.db.query<{ id: string }>(`SELECT id FROM privileges.letter WHERE code = $1 AND deleted_at IS NULL`, [code])
    : []
  if (!row) throw new Refusal('notFound', '没有这份授权书，可能是伪造的，请向医院核实')
  const letter = (await loadRecord(kernel, ctx, kernel.resource('privileges.letter'), row.id))!
  const settings = await readSettings(ctx.db)
  const day = today(ctx.clock)
  const levelField = kernel.resource('privileges.grant').byKey.get('level')!.field
  const name = ctx.directory.nameOf(letter['practitioner'] as string)
  return {
    hospital: settings.hospitalName,
    number: letter['number'],
    name: `${[...name][0] ?? ''}${'*'.repeat(Math.max(1, [...name].length - 1))}`,
    issuedOn: letter['issuedOn'],
    asOf: day,
    lines: (await linesOf(ctx, letter['grants'] as string[])).map((l) => ({
      name: l.name, code: l.code, level: kindOf(levelField).format(l.level, levelField, String), from: l.from, to: l.to,
      valid: l.status === 'active' && l.from <= day && (l.to === null || l.to >= day),
      state: l.status === 'active' ? (l.to !== null && l.to < day ? '已到期' : '有效') : choiceLabel((kernel.resource('privileges.grant').byKey.get('status')!.field.options as { choices: Record<string, string> }).choices, l.status),
    })),
  } // prettier-ignore
}

function routes({ app, kernel, contextOf, originOf }: Server): void {
  app.post('/api/privileges/letters', { config: { who: 'signedIn' } }, async (request, reply) => {
    const { practitioner } = bodyOf(request)
    if (!isUuid(practitioner)) throw invalid([{ field: 'practitioner', message: '请选择医务人员' }])
    reply.status(201)
    return { id: await issue(kernel, await contextOf(request), practitioner) }
  })
  app.get<{ Params: { id: string } }>('/api/privileges/letters/:id/pdf', { config: { who: 'signedIn' } }, async (request, reply) => {
    const ctx = await contextOf(request)
    const { record } = await getRecord(kernel, ctx, 'privileges.letter', needId(request.params.id))
    const stored = (await loadRecord(kernel, ctx, kernel.resource('privileges.letter'), record.id))!
    const mark = markOf(kernel, ctx, `手术授权书 ${String(stored['number'])}`)
    await audit(ctx, { act: 'print', outcome: 'done', resource: 'privileges.letter', record: record.id, detail: { mark: mark.number } })
    const pdf = await pdfOf(kernel, ctx, stored, { origin: originOf(request), mark })
    return reply
      .type('application/pdf')
      .header('content-disposition', namedFile(`授权书-${String(record['number'])}.pdf`, 'inline'))
      .send(pdf)
  })
  app.get<{ Params: { code: string } }>('/api/verify/:code', { config: { who: 'public' } }, (request) =>
    verify(kernel, request.params.code),
  )
}

export default service({ name: 'privileges.letter', routes })
