import { dayOf, today, type ChaseAnswer } from '#model'
import { audit } from '../audit/audit.ts'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { answerersOf, type Asked } from './asked.ts'
import { campaign, lockLines, needRunning, writeLines } from './managed.ts'
import { tellThem } from './running.ts'
import { askThem } from './todos.ts'

/** Tells everybody who has not answered once more, each at most once a day; their to-dos are open again. */
export async function chase(kernel: Kernel, ctx: Context, id: string): Promise<ChaseAnswer> {
  return kernel.transaction(ctx, async (tx) => {
    const stored = await needRunning(kernel, tx, id)
    const day = today(tx.clock)
    const open = (await lockLines(kernel, tx, id, ['open'])).map((one) => Object.assign(one, one as unknown as Asked))
    const there = open.filter((one) => answerersOf(tx, one, stored['answerer']).length > 0)
    const due = there.filter((one) => !one['remindedAt'] || dayOf(new Date(one['remindedAt'] as string)) < day)
    const at = tx.clock.now().toISOString()
    const title = String(stored['title'])
    await writeLines(kernel, tx, due, (one) => ({ reminded: Number(one['reminded'] ?? 0) + 1, remindedAt: at }), 'campaign.chase', id)
    await askThem(tx, stored, due, true)
    const people = await tellThem(tx, stored, due, { title: `催报：${title}`, kind: 'urge', suffix: `/${day}` })
    const answer = { people, lines: due.length, already: there.length - due.length, gone: open.length - there.length }
    await audit(tx, { act: 'campaign.chase', outcome: 'done', resource: campaign, record: id, detail: { ...answer } })
    return answer
  })
}
