import { Refusal } from '#model'
import type { Context } from '../context.ts'
import { contextOfPerson } from '../access/person-context.ts'
import type { Kernel } from '../kernel.ts'
import { tell } from '../messages/messages.ts'
import { openTalk, talkColumns, memberColumns, type Member, type Talk } from './access.ts'
import { labelOf, loseTalk } from './reading.ts'
import { talkPath } from './say.ts'

const atOnce = 200
interface Due {
  talk: string
  person: string
  mention: boolean
  n: number
  by: string
}
/** Tells who has not read meanwhile, once until he reads: who spoke where, never what. Answers how many were due. */
export async function tellDue(kernel: Kernel): Promise<number> {
  const ctx = await kernel.context({ kind: 'system', reason: '会话提醒' }, 'system')
  return kernel.transaction(ctx, async (tx) => {
    const due = await tx.db.query<Due & object>(
      `DELETE FROM kernel.talk_due d USING (SELECT talk, person, mention FROM kernel.talk_due WHERE at <= $1 ORDER BY at LIMIT ${atOnce} FOR UPDATE SKIP LOCKED) x
       WHERE d.talk = x.talk AND d.person = x.person AND d.mention = x.mention RETURNING d.talk, d.person, d.mention, d.n, d.by`,
      [tx.clock.now().toISOString()],
    )
    for (const one of due) await tellOne(kernel, tx, one)
    return due.length
  })
}
async function tellOne(kernel: Kernel, tx: Context, { talk: id, person, mention, n, by }: Due): Promise<void> {
  const [talk] = await tx.db.query<Talk & object>(`SELECT ${talkColumns('t')} FROM kernel.talk t WHERE t.id = $1::uuid`, [id])
  const [member] = await tx.db.query<Member & object>(`SELECT ${memberColumns('m')} FROM kernel.talk_member m WHERE m.talk = $1::uuid AND m.person = $2::uuid`, [id, person]) // prettier-ignore
  if (!talk || !member || member.leftAt || member.read >= n || (member.muted && !mention)) return
  const theirs = await contextOfPerson(kernel, person, 'talk')
  const open = theirs && (await openTalk(kernel, { ...theirs, db: tx.db }, talk, member).catch(refusedAsNull))
  if (!open) return void (await loseTalk(tx, id, person))
  const title = titleOf(kernel, tx, talk, open.resource, { by: tx.directory.nameOf(by), mention })
  const onceKey = `${talkPath(id)} ${member.read}${mention ? ' @' : ''}`
  await tell(tx, [person], { kind: 'conversation', title, body: '', link: talkPath(id), onceKey })
}
const refusedAsNull = (error: unknown): null => {
  if (error instanceof Refusal) return null
  throw error
}
/** Records are named by their type only: what is told may leave the house. */
function titleOf(kernel: Kernel, { directory }: Context, talk: Talk, resource: string | null, { by, mention }: { by: string; mention: boolean }): string {
  if (talk.kind === 'direct') return `${by} 给您发了消息`
  const where = talk.kind === 'record' ? `“${labelOf(kernel, resource!)}”的沟通` : `“${talk.unit ? directory.unitName(talk.unit) : (talk.name ?? '群')}”`
  return mention ? `${by} 在${where}中提到了您` : `${by} 在${where}中发了消息`
} // prettier-ignore
