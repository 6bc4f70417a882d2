import { v7 as uuidv7 } from 'uuid'
import { reresolve } from '#kernel/model/flow/index.ts'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { service, type OutboxEvent } from '../service.ts'
import { flowEnvironment } from './environment.ts'
import { follow } from './follow.ts'
import { lockInstance } from './instances.ts'
import { loadSubject } from './subject.ts'

/** Deciders who lost their right, left or came (semantics 11). */
export const flowService = service({
  name: 'flows.engine',
  on: {
    'directory.person': (kernel, event) => afterChange(kernel, event.record ? [event.record] : []),
    'directory.membership': async (kernel, event) => afterChange(kernel, await personOfRow(kernel, event, 'membership')),
    'directory.roleAssignment': async (kernel, event) => afterChange(kernel, await personOfRow(kernel, event, 'role_assignment')),
    'directory.group': (kernel) => afterChange(kernel, null),
  },
})

/** The person that a row of the directory is about; null when it is about many. */
async function personOfRow(kernel: Kernel, event: OutboxEvent, table: 'membership' | 'role_assignment'): Promise<string[] | null> {
  const [row] = await kernel.db.query<{ person: string | null }>(`SELECT person FROM directory.${table} WHERE id = $1::uuid`, [
    event.record,
  ])
  return row?.person ? [row.person] : null
}

const page = 200
/** Asks anew who decides, wherever these people (null: anybody) hold a task, and wherever nobody does. */
async function afterChange(kernel: Kernel, people: readonly string[] | null): Promise<void> {
  // This process may not have heard of the change yet.
  kernel.directoryChanged()
  const ctx = await kernel.context({ kind: 'system', reason: '人员变动' }, 'system')
  for (let after = ''; ;) {
    const rows = await kernel.db.query<{ id: string }>(
      `SELECT f.id FROM kernel.flow_instance f WHERE f.ended_at IS NULL AND ($2 = '' OR f.id > $2::uuid)
         AND ($1::uuid[] IS NULL OR f.stuck_since IS NOT NULL OR f.id IN (SELECT instance FROM kernel.flow_task WHERE person = ANY ($1::uuid[]) AND state = 'open' AND kind IN ('decide', 'fill', 'seal', 'claim')))
       ORDER BY f.id LIMIT ${page}`,
      [people, after],
    )
    for (const { id } of rows) await again(kernel, ctx, id)
    if (rows.length < page) return
    after = rows.at(-1)!.id
  }
}
const again = (kernel: Kernel, ctx: Context, id: string): Promise<void> =>
  kernel.transaction(ctx, async (tx) => {
    const { instance } = await lockInstance(kernel, tx.db, id, null)
    const subject = await loadSubject(kernel, tx, instance, { lock: true, deleted: true })
    const env = await flowEnvironment(kernel, tx, subject, instance.state.applicant, { items: Object.keys(instance.state.items) })
    const { events, state } = reresolve(instance.definition, instance.state, { actId: uuidv7(), actor: 'system' }, env)
    if (events.length) await follow(kernel, tx, subject, { instance, before: instance.state, state, events })
  })
