import type { ApprovalAnswer } from '#model'
import { findHandled, planOf, type FlowEvent, type Verdicts } from '#kernel/model/flow/index.ts'
import type { Context } from '../context.ts'
import type { Instance } from './instances.ts'

const words: Readonly<Record<string, string>> = {
  submit: '提交', resubmit: '重新提交', withdraw: '撤回', approve: '同意', reject: '拒绝', return: '退回', decideItems: '逐项决定', seal: '盖章', transfer: '转办', delegateTask: '委派',
  addApprover: '加签', removeApprover: '减签', takeBack: '收回处理', claim: '认领', release: '放回', jump: '跳转', terminate: '终止', repair: '处理停滞', enterMinutes: '录入会议纪要', urge: '催办', copyTo: '抄送', consult: '征求意见', reply: '答复',
  timeOut: '超时处理', markRead: '已阅',
} // prettier-ignore
type Link = ApprovalAnswer['chain'][number]
export interface Chain {
  chain: Link[]
  /** Pictures that a question and its answer carry, by consultation. */
  asked: ReadonlyMap<string, { pictures: string[]; replyPictures: string[] }>
}

/** Every act in order: what was decided and said, what handed it on, what was undone, who has read it. */
export async function chainOf(
  ctx: Pick<Context, 'db' | 'directory'>,
  { id, state, definition }: Instance,
  fill: (text: string) => string,
): Promise<Chain> {
  const rows = await ctx.db.query<{ event: FlowEvent }>(
    `SELECT event FROM kernel.flow_event WHERE instance = $1::uuid AND type IN ('acted', 'remarked', 'consulted', 'replied', 'submitted', 'resubmitted', 'resumed') ORDER BY seq`,
    [id],
  )
  const events = rows.map((row) => row.event)
  const plan = planOf(definition)
  const said = new Map(state.chain.map((one) => [one.actId, one]))
  const carried = new Map(events.flatMap((e) => (e.type === 'remarked' ? [[e.actId, e] as const] : [])))
  const picturesOf = (actId: string | undefined) => [...(carried.get(actId ?? '')?.pictures ?? [])]
  const own = new Map(
    events.flatMap((e) => (ofApplicant.has(e.type) ? [[e.actId, e as { signature?: string; opinion?: string }] as const] : [])),
  )
  const spoken = new Map(
    events.flatMap((e) => (e.type === 'consulted' ? [[e.actId, e.consultation.question] as const] : e.type === 'replied' ? [[e.actId, e.reply] as const] : [])),
  ) // prettier-ignore
  const chain = events.flatMap((e): Link[] => {
    if (e.type !== 'acted' || !(e.act in words)) return []
    const one = said.get(e.actId)
    const person = one?.person ?? e.actor
    return [
      {
        at: e.at, name: person === 'system' ? '系统' : ctx.directory.nameOf(person), actorName: one && one.actor !== person ? ctx.directory.nameOf(one.actor) : null, word: words[e.act]!,
        step: one ? fill(findHandled(plan, one.step)?.label ?? '') : '', opinion: one?.opinion ?? own.get(e.actId)?.opinion ?? spoken.get(e.actId) ?? null, signature: one?.signature ?? own.get(e.actId)?.signature ?? null,
        isVoid: Boolean(one?.void || one?.takenBack), said: one && e.act === 'decideItems' ? countsOf(one.verdicts) : null,
        pictures: picturesOf(e.actId), mentions: (carried.get(e.actId)?.mentions ?? []).map((who) => ctx.directory.nameOf(who)),
      },
    ] // prettier-ignore
  })
  const asked = new Map(
    state.consultations.map((one) => {
      const question = events.find((e) => e.type === 'consulted' && e.consultation.id === one.id)
      const answer = events.find((e) => e.type === 'replied' && e.consultation === one.id)
      return [one.id, { pictures: picturesOf(question?.actId), replyPictures: picturesOf(answer?.actId) }]
    }),
  )
  return { chain, asked }
}
const ofApplicant: ReadonlySet<string> = new Set(['submitted', 'resubmitted', 'resumed'])

const sayWords = { pass: '通过', narrow: '限定通过', refuse: '不通过', return: '退回', abstain: '弃权', recuse: '回避' } as const
/** `通过 3 项，不通过 1 项` */
function countsOf(verdicts: Verdicts): string {
  const counts = new Map<string, number>()
  for (const { say } of Object.values(verdicts)) counts.set(sayWords[say], (counts.get(sayWords[say]) ?? 0) + 1)
  return [...counts].map(([word, n]) => `${word} ${n} 项`).join('，')
}
