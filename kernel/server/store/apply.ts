import { setTimeout as pause } from 'node:timers/promises'
import type { Database } from '../database/database.ts'
import type { PlanStep } from './plan.ts'
import { widenColumn } from './widen.ts'

// While one waits for a lock, everybody behind it waits: it gives up soon, and tries again later each time.
const lockMs = 150
const usualPatienceMs = 60_000

/** Steps in one transaction with a short lock time-out, tried again with back-off until `patienceMs` have passed: while somebody holds the table for long, nothing else stops. */
export async function inShort(db: Database, statements: readonly string[], patienceMs = usualPatienceMs): Promise<void> {
  const until = performance.now() + patienceMs
  for (let attempt = 1; ; attempt++)
    try {
      return await db.transaction(async (tx) => {
        await tx.once(`SET LOCAL lock_timeout = '${lockMs}ms'; SET LOCAL statement_timeout = 0`)
        for (const statement of statements) await tx.once(statement)
      })
    } catch (error) {
      if ((error as { code?: string }).code !== '55P03' || performance.now() > until) throw error
      await pause(Math.min(50 * attempt, 3000))
    }
}
/** A statement beside the work of others: an index, the check of what a constraint says of old rows. */
export async function aside(db: Database, statement: string): Promise<void> {
  const client = await db.pool.connect()
  try {
    await client.query(`SET statement_timeout = 0; SET maintenance_work_mem = '256MB'`)
    await client.query(statement)
  } finally {
    client.release(true)
  }
}

/** Applies one step. What is left half done by a kill is done again by the plan that is derived after it. */
export async function applyStep(db: Database, step: PlanStep, patienceMs?: number): Promise<void> {
  if (step.concurrent) await aside(db, step.sql)
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
