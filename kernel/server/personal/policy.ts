import { createHash } from 'node:crypto'
import { needsConsent, today, type PrivacyAnswer, type PrivacyPurpose } from '#model'
import type { Queryable } from '../database/database.ts'
import type { Kernel } from '../kernel.ts'
import { getRecord } from '../records/read.ts'

export type Policy = NonNullable<PrivacyAnswer['policy']>
const held = new WeakMap<Kernel, { key: string; policy: Policy }>()

/** The version in force; null while the hospital has published none. */
export async function policyInForce(kernel: Kernel, db: Queryable): Promise<Policy | null> {
  const [row] = await db.query<{ id: string; version: number }>(
    `SELECT id, version FROM personal.policy WHERE state = 'approved' AND deleted_at IS NULL AND "from" <= $1::date ORDER BY "from" DESC, id DESC LIMIT 1`,
    [today(kernel.clock)],
  )
  if (!row) return null
  const key = `${row.id} ${row.version}`
  const known = held.get(kernel)
  if (known?.key === key) return known.policy
  const ctx = await kernel.context({ kind: 'system', reason: '隐私政策' }, 'system')
  const { record } = await getRecord(kernel, ctx, 'personal.policy', row.id)
  const purposes = (record['purposes'] as (PrivacyPurpose & { id: string })[]).map(({ code, name, what, ground, basis, isSensitive, necessity, keeps, recipients, refusal }) => ({
    code, name, what, ground, basis: basis ?? null, isSensitive, necessity: necessity ?? null, keeps, recipients, refusal: refusal ?? null,
  })) // prettier-ignore
  const policy = { id: row.id, edition: record['edition'] as string, from: record['from'] as string, changes: (record['changes'] as string | null) ?? null, body: record['body'] as Policy['body'], purposes } // prettier-ignore
  held.set(kernel, { key, policy })
  return policy
}
export const consentPurposes = (policy: Policy | null): PrivacyPurpose[] => policy?.purposes.filter(needsConsent) ?? []
/** What exactly is agreed to: another of any of these is another consent. */
export const digestOf = ({ name, what, ground, isSensitive, keeps, recipients }: PrivacyPurpose): string =>
  createHash('sha256').update(JSON.stringify([name, what, ground, isSensitive, keeps, recipients])).digest('hex') // prettier-ignore
