import type { Kernel } from '../kernel.ts'
import type { Context } from '../context.ts'
import { loadRecord } from '../records/load.ts'
import type { OutboxEvent } from '../service.ts'
import { holdLine, isLate, notWritten, writtenFor, type Answering } from './answering.ts'
import type { WriteBackState } from '#model'
import type { Asked } from './asked.ts'
import { line as lineType, writeLine } from './managed.ts'
import { tellThem } from './running.ts'
import { answered, askThem } from './todos.ts'

/** A record that was filled in for a line is deleted, back, or decided about: the line says what there is now. */
export async function followRecord(kernel: Kernel, event: OutboxEvent): Promise<void> {
  const lines = await kernel.db.query<{ line: string }>(`SELECT line FROM kernel.campaign_record WHERE record = $1::uuid`, [event.record])
  if (lines.length === 0) return
  const ctx = await kernel.context({ kind: 'system', reason: '填报内容变动' }, 'system')
  for (const { line } of lines)
    await kernel.transaction(ctx, async (tx) => {
      const held = await holdLine(kernel, tx, line)
      // Of a form that is in use no more nobody can say what there is.
      if (held && kernel.defs.resources.has(String(held.of['form']))) await recount(kernel, tx, held, event.seq)
    })
}
/** Whoever has nothing there any more is asked again, while the campaign goes on. */
async function recount(kernel: Kernel, tx: Context, { stored, of }: Answering, cause: number): Promise<void> {
  const written = await writtenFor(kernel, tx, stored.id, of['form'] as string)
  const [newest] = written
  const status = newest ? 'has' : stored['status'] === 'none' ? 'none' : 'open'
  if (status === stored['status'] && written.length === stored['records']) return
  const isOther = newest && new Date(newest.at).getTime() !== new Date((stored['answeredAt'] as string | null) ?? 0).getTime()
  const said = newest
    ? {
        answeredAt: new Date(newest.at).toISOString(),
        answeredBy: newest.person,
        late: written.some(({ at }) => isLate(tx, of, at)),
        ...(isOther ? notWritten : {}),
      }
    : { answeredAt: null, answeredBy: null, late: false, ...notWritten }
  await writeLine(kernel, tx, stored, { status, records: written.length, ...said }, 'campaign.follow')
  const line = { ...(stored as unknown as Asked), id: stored.id }
  if (status === 'has') await answered(tx, stored.id)
  if (status !== 'open' || of['status'] !== 'running') return
  await askThem(tx, of, [line], true)
  await tellThem(tx, of, [line], { title: `请重新填报：${String(of['title'])}`, kind: 'task', suffix: `/again/${cause}` })
}

const ends: Record<string, readonly [WriteBackState, string]> = {
  approved: ['written', '变更申请已批准'],
  refused: ['refused', '变更申请未批准'],
  withdrawn: ['failed', '变更申请已撤回'],
}
/** A request for changes has ended: the lines that it was asked for say what became of it. */
export async function followRequest(kernel: Kernel, event: OutboxEvent): Promise<void> {
  const lines = await kernel.db.query<{ line: string }>(
    `SELECT r.line FROM kernel.flow_instance f JOIN kernel.campaign_request r ON r.instance = f.id WHERE f.request = $1::uuid ORDER BY r.line`,
    [event.record],
  )
  const end = ends[String(event.payload['state'])]
  if (lines.length === 0 || !end) return
  const ctx = await kernel.context({ kind: 'system', reason: '回写的变更已办结' }, 'system')
  const [writeBack, writeBackSaid] = end
  await kernel.transaction(ctx, async (tx) => {
    for (const { line } of lines) {
      const stored = await loadRecord(kernel, tx, kernel.resource(lineType), line, { lock: true })
      // Answered anew meanwhile, it asks for nothing any more.
      if (stored?.['writeBack'] === 'asked') await writeLine(kernel, tx, stored, { writeBack, writeBackSaid }, 'campaign.follow')
    }
  })
}
