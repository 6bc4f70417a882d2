import type { Database } from '../database/database.ts'
import { aside, inShort } from './beside.ts'
import type { PlanStep } from './plan.ts'
import { widenColumn } from './widen.ts'

/** Applies one step. What is left half done by a kill is done again by the plan that is derived after it. */
export async function applyStep(db: Database, step: PlanStep, patienceMs?: number): Promise<void> {
  if (step.concurrent)
    await aside(db, step.sql).catch(async (error: unknown) => {
      if (step.undo) await aside(db, step.undo)
      throw error
    })
  else if (step.kind === 'widen') await widenColumn(db, step, patienceMs)
  else await inShort(db, [step.sql], patienceMs)
}
/** Applies a plan: what is short in one transaction, then the rest one by one. */
export async function applySteps(db: Database, steps: readonly PlanStep[]): Promise<void> {
  const isShort = (step: PlanStep) => !step.concurrent && step.kind !== 'widen'
  const short = steps.filter(isShort)
  if (short.length) await inShort(db, short.map(({ sql }) => sql)) // prettier-ignore
  for (const step of steps) if (!isShort(step)) await applyStep(db, step)
}
