import { claimable, findHandled, isResting, planOf, type Entry, type InstanceState, type OnTimeout } from '#kernel/model/flow/index.ts'
import type { Instance } from './instances.ts'

/** What stands in a person's to-do list: a task, something to claim, a question, a copy. */
export type WorkKind = 'decide' | 'fill' | 'seal' | 'claim' | 'consult' | 'copy'
export interface WorkRow {
  task: string
  step: string
  person: string
  kind: WorkKind
  state: 'open' | 'done' | 'cancelled'
  opened_at: string
  closed_at: string | null
  due: string | null
}
/** A moment at which something has to happen by itself. */
export interface DueRow {
  /** `stage:<entry>:<n>`, `timer:<entry>`, `service:<entry>:<attempt>`. */
  what: string
  kind: 'stage' | 'timer' | 'service'
  at: string
}
/** The moment some time after (or, negative, before) a due moment; null when no calendar tells. */
export type After = (due: string, after: NonNullable<OnTimeout['after']>) => string | null

/** The work that a state means for people, by key. */
export function workOf(instance: Pick<Instance, 'definition'>, state: InstanceState | null): Map<string, WorkRow> {
  const rows = new Map<string, WorkRow>()
  if (!state) return rows
  const entries = new Map(state.entries.map((one) => [one.id, one]))
  const put = (row: WorkRow) => rows.set(row.task, row)
  const plan = planOf(instance.definition)
  for (const t of state.tasks) {
    const step = findHandled(plan, t.step)
    const kind = step?.kind === 'fill' || step?.kind === 'seal' ? step.kind : 'decide'
    put({ task: t.id, step: t.step, person: t.person, kind, state: t.state, opened_at: t.openedAt, closed_at: t.closedAt ?? null, due: dueMoment(entries.get(t.entry)) }) // prettier-ignore
  }
  for (const entry of state.entries)
    for (const person of claimable(state, entry))
      put({ task: `claim:${entry.id}:${person}`, step: entry.step, person, kind: 'claim', state: 'open', opened_at: entry.openedAt, closed_at: null, due: dueMoment(entry) }) // prettier-ignore
  for (const one of state.consultations)
    put({ task: `ask:${one.id}`, step: one.entry.split('#')[0]!, person: one.person, kind: 'consult', state: one.repliedAt ? 'done' : 'open', opened_at: one.at, closed_at: one.repliedAt ?? null, due: null }) // prettier-ignore
  for (const [person, copy] of Object.entries(state.copies))
    put({ task: `copy:${person}`, step: '', person, kind: 'copy', state: copy.readAt ? 'done' : 'open', opened_at: copy.at, closed_at: copy.readAt ?? null, due: null }) // prettier-ignore
  return rows
}

/** Nothing is due while the clock of a stay stands still (W19). */
const dueMoment = (entry: Entry | undefined): string | null => (entry && !isResting(entry) ? (entry.due ?? null) : null)

/** The moments that a state waits for, by key. Calls of services are put in by their event. */
export function dueOf(instance: Pick<Instance, 'definition'>, state: InstanceState | null, after: After): Map<string, DueRow> {
  const rows = new Map<string, DueRow>()
  for (const entry of state?.entries ?? []) for (const row of dueAt(instance, entry, after)) rows.set(row.what, row)
  return rows
}
function dueAt({ definition }: Pick<Instance, 'definition'>, entry: Entry, after: After): DueRow[] {
  const due = dueMoment(entry)
  if (!due) return []
  if (entry.kind === 'timer') return [{ what: `timer:${entry.id}`, kind: 'timer', at: due }]
  const stages = findHandled(planOf(definition), entry.step)?.onTimeout ?? []
  return stages.flatMap((stage, n) => {
    const at = stage.after ? after(due, stage.after) : due
    return at && !entry.stages.includes(n) ? [{ what: `stage:${entry.id}:${n}`, kind: 'stage' as const, at }] : []
  })
}

/** Rows that are new or other than before, and the keys that are gone. */
export function delta<R extends object>(before: ReadonlyMap<string, R>, after: ReadonlyMap<string, R>): { put: R[]; gone: string[] } {
  const put = [...after].filter(([key, row]) => !same(before.get(key), row)).map(([, row]) => row)
  return { put, gone: [...before.keys()].filter((key) => !after.has(key)) }
}
function same(one: object | undefined, other: object): boolean {
  if (!one) return false
  const known = one as Record<string, unknown>
  return Object.entries(other).every(([key, value]) => known[key] === value)
}
