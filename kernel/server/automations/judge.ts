import type { Automation, DesignProblem } from '#model'
import type { DesignKindName } from '#kernel/model/designs/index.ts'
import { personOf, type Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { contextOfRunner, lacking } from './runner.ts'

interface Piece {
  kind: DesignKindName
  name: string
  content: unknown
}
/** What keeps this person from putting these automations in force, beside their content: rights, secrets, addresses. Asked once, as he publishes: the migrator ends what he began. */
export async function automationFaults(kernel: Kernel, ctx: Context, pieces: readonly Piece[]): Promise<DesignProblem[]> {
  const publisher = personOf(ctx.actor)
  if (publisher === null) return []
  const problems: DesignProblem[] = []
  for (const { kind, name, content } of pieces) {
    if (kind !== 'automation' || content === null) continue
    const automation = content as Automation
    const say = (field: string, message: string) => problems.push({ kind, name, field, message })
    const runner = await contextOfRunner(kernel, automation.runsAs ?? publisher, automation.label, name)
    const lacks = runner ? lacking(kernel, automation, runner, ctx) : '运行身份已离职或账号停用'
    if (lacks) say('runsAs', lacks)
    await judgeOutside(kernel, ctx, name, automation, say)
  }
  return problems
}
async function judgeOutside(kernel: Kernel, ctx: Context, name: string, { when, acts }: Automation, say: (field: string, message: string) => void): Promise<void> {
  const calls = acts.flatMap((act, n) => (act.kind === 'webhook' ? [{ url: act.url, at: `acts.${n}.url` }] : []))
  for (const { url, at } of calls) {
    const problem = kernel.outgoing.problemOf(url)
    if (problem) say(at, problem)
  }
  if (when.kind !== 'webhook' && calls.length === 0) return
  const [row] = await ctx.db.query(`SELECT 1 FROM kernel.automation WHERE name = $1 AND secret IS NOT NULL`, [name])
  if (!row) say(when.kind === 'webhook' ? 'when.kind' : calls[0]!.at, '还没有密钥：请先生成密钥')
} // prettier-ignore
