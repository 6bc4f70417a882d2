import { Refusal, type AlongItem } from '#model'
import type { Context } from '../context.ts'
import { differencesHere, versionOf } from '../flow/designs/differences.ts'
import { rollBack } from '../flow/designs/publish.ts'
import { currentVersion } from '../flow/in-force.ts'
import type { Kernel } from '../kernel.ts'
import { goBack } from '../reminders/change.ts'
import { loadReminders } from '../reminders/in-force.ts'

/** A flow or a reminder that goes back along with the pieces of a release; `to` as its own way back takes it. */
export interface Along {
  kind: 'flow' | 'reminder'
  name: string
  to: number | 'program'
}
const rights = { flow: 'flows.administer', reminder: 'reminders.administer' } as const
interface Now {
  kind: Along['kind']
  name: string
  in_force: number | null
}

/**
 * Flows and reminders that counted otherwise as a release was made, as far as this person may bring them back. What the hospital has made since is left as it is:
 * whatever it was made for, taking it away is an act of its own.
 */
export async function alongWith(kernel: Kernel, ctx: Context, no: number): Promise<Along[]> {
  const [row] = await ctx.db.query<{ standing: Partial<Record<string, Record<string, number>>> }>(`SELECT standing FROM kernel.release WHERE no = $1`, [no])
  if (!row) return []
  const now = await ctx.db.query<Now & object>(
    `SELECT 'flow' AS kind, flow AS name, in_force FROM kernel.flow_design UNION ALL SELECT 'reminder', name, in_force FROM kernel.reminder ORDER BY 1, 2`,
  )
  return now.flatMap(({ kind, name, in_force: version }): Along[] => {
    const then = row.standing[kind]?.[name] ?? null
    if (then === version || !kernel.access.mayUse(ctx.actor, rights[kind])) return []
    const isDeclared = kind === 'flow' ? kernel.defs.flows.has(name) : kernel.defs.reminders.has(name)
    return then !== null ? [{ kind, name, to: then }] : isDeclared ? [{ kind, name, to: 'program' }] : []
  })
} // prettier-ignore

/** The same in words, as it is asked before. */
export async function alongItems(kernel: Kernel, ctx: Context, along: readonly Along[]): Promise<AlongItem[]> {
  const reminders = await loadReminders(kernel, ctx.db)
  const items: AlongItem[] = []
  for (const { kind, name, to } of along) {
    const words = to === 'program' ? ['恢复系统原版'] : [`恢复第 ${to} 版`]
    if (kind === 'reminder') items.push({ kind, name, label: reminders.get(name)?.reminder.label ?? name, words })
    else {
      const { definition } = await currentVersion(kernel, ctx, name)
      const then = to === 'program' ? kernel.defs.flows.get(name)! : await versionOf(kernel, ctx, name, to)
      const [flow] = await ctx.db.query<{ resource: string }>(`SELECT resource FROM kernel.flow_design WHERE flow = $1`, [name])
      const differences = await differencesHere(kernel, ctx, [definition, then], flow?.resource ?? '')
      items.push({ kind, name, label: definition.label, words: [...words, ...differences.map((one) => `${one.place}：${one.words}`)] })
    }
  }
  return items
}

/** Brings them back, each as a new version of its own, under the definitions that will be in force. Refused as a whole where one fits no more. */
export async function takeAlong(kernel: Kernel, tx: Context, along: readonly Along[], note: string): Promise<void> {
  for (const { kind, name, to } of along)
    try {
      if (kind === 'flow') await rollBack(kernel, tx, name, { to, seen: (await currentVersion(kernel, tx, name)).version, note })
      else await goBack(kernel, tx, name, to, (await loadReminders(kernel, tx.db)).get(name)?.version)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      throw new Refusal('badRequest', `${kind === 'flow' ? '流程' : '提醒'}不能一起恢复：${error.message}。可以只恢复定义`)
    }
}
