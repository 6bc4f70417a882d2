import type { PersonId } from './definition.ts'
import type { Run } from './run.ts'
import type { Added } from './state.ts'

/** Whom he wanted asked after his consent is not waited for: his consent will not come. */
export function dropFollowers<F>(run: Run<F>, id: string, person: PersonId): void {
  const entry = run.entry(id)
  const isHis = (one: Added): boolean => one.by === person && one.waits && one.gone !== true
  if (!entry?.added.some(isHis)) return
  const added = entry.added.map((one) => (isHis(one) ? { ...one, gone: true as const } : one))
  run.emit({ type: 'entryChanged', entry: id, change: { added } })
  for (const one of entry.added.filter(isHis))
    run.emit({ type: 'routed', entry: id, step: entry.step, why: 'lostRole', policy: 'skip', person: one.person, to: [] })
}
