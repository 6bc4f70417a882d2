import { randomBytes } from 'node:crypto'
import { Refusal, type ApiKeyItem, type IssuedKey } from '#model'
import { longestOverlap, maxKeys } from '#kernel/model/security/index.ts'
import { audit } from '../../audit/audit.ts'
import { personOf, type Context } from '../../context.ts'
import type { Queryable } from '../../database/database.ts'
import type { Kernel } from '../../kernel.ts'
import { createRecord } from '../../records/write.ts'
import { hashOfSecret, sealSecret } from './client.ts'

const newKey = (): string => `ak_${randomBytes(10).toString('hex')}`
const newSecret = (): string => `xl_${randomBytes(30).toString('base64url')}`
const dayMs = 86_400_000

/** The keys of a client, newest first; what proves them is not among it. */
export async function keysOf(db: Queryable, client: string, now: Date): Promise<ApiKeyItem[]> {
  const rows = await db.query<{ id: string; can_sign: boolean; created_at: string; ends_at: string | null; last_used_at: string | null }>(
    `SELECT id, secret IS NOT NULL AS can_sign, created_at, ends_at, last_used_at FROM kernel.api_key WHERE client = $1::uuid ORDER BY created_at DESC, id`,
    [client],
  )
  return rows.map((row) => ({
    id: row.id,
    canSign: row.can_sign,
    createdAt: row.created_at,
    endsAt: row.ends_at,
    lastUsedAt: row.last_used_at,
    isLive: row.ends_at === null || row.ends_at > now.toISOString(),
  }))
}

/**
 * Gives a client a new key and answers its secret, which is never shown again. The keys that it has end after `overlapDays` (0: at once), unless they end sooner.
 * Refuses a third one beside two that are valid.
 */
export async function issueKey(kernel: Kernel, ctx: Context, client: string, overlapDays: number): Promise<IssuedKey> {
  if (!Number.isInteger(overlapDays) || overlapDays < 0 || overlapDays > longestOverlap)
    throw new Refusal('badRequest', `旧密钥保留天数须为 0–${longestOverlap} 的整数`)
  return kernel.transaction(ctx, async (tx) => {
    const now = tx.clock.now()
    // Two who rotate at once: the second sees the first one's key.
    await tx.db.query(`SELECT 1 FROM security.api_client WHERE id = $1::uuid FOR UPDATE`, [client])
    const live = (await keysOf(tx.db, client, now)).filter((key) => key.isLive)
    if (live.length >= maxKeys && overlapDays > 0) throw new Refusal('flowRefused', `已有 ${live.length} 把有效的密钥，请先停用一把`)
    const until = new Date(now.getTime() + overlapDays * dayMs).toISOString()
    await tx.db.query(`UPDATE kernel.api_key SET ends_at = $2 WHERE client = $1::uuid AND (ends_at IS NULL OR ends_at > $2)`, [
      client,
      until,
    ])
    const [key, secret] = [newKey(), newSecret()]
    await insertKey(kernel, tx, client, key, secret)
    await audit(tx, {
      act: 'apiKey.issue',
      outcome: 'done',
      resource: 'security.apiClient',
      record: client,
      detail: { key, ...(live.length ? { before: live.map(({ id }) => id), until } : {}) },
    })
    return { key, secret }
  })
}
async function insertKey(kernel: Kernel, ctx: Context, client: string, key: string, secret: string): Promise<void> {
  await ctx.db.query(`INSERT INTO kernel.api_key (id, client, secret, hash, created_at, created_by) VALUES ($1, $2, $3, $4, $5, $6)`, [
    key,
    client,
    sealSecret(kernel, key, secret),
    hashOfSecret(secret),
    ctx.clock.now().toISOString(),
    personOf(ctx.actor),
  ])
}

/** Ends a key now. Refused everywhere within two seconds. */
export async function endKey(kernel: Kernel, ctx: Context, client: string, key: string): Promise<void> {
  await kernel.transaction(ctx, async (tx) => {
    const ended = await tx.db.query(
      `UPDATE kernel.api_key SET ends_at = $3 WHERE id = $1 AND client = $2::uuid AND (ends_at IS NULL OR ends_at > $3) RETURNING id`,
      [key, client, tx.clock.now().toISOString()],
    )
    if (!ended.length) throw new Refusal('notFound', '没有这把密钥，或已停用')
    await audit(tx, { act: 'apiKey.end', outcome: 'done', resource: 'security.apiClient', record: client, detail: { key } })
  })
}

export interface NewClient {
  name: string
  /** Names of rights, and `action:resource`. */
  rights: readonly string[]
  /** Further fields of the record. */
  more?: Readonly<Record<string, unknown>>
  /** Given where it must be known beforehand: a demonstration's. */
  key?: string
  secret?: string
}
/** Makes a client with one key, for what the program sets up by itself. The key may be used without a signature unless `more.proof` says otherwise. */
export async function createClient(
  kernel: Kernel,
  { name, rights, more, key = newKey(), secret = newSecret() }: NewClient,
): Promise<IssuedKey & { client: string }> {
  const ctx = await kernel.context({ kind: 'system', reason: '创建接口调用方' }, 'system')
  const records = new Map<string, string[]>()
  for (const right of rights) {
    const [, action, resource] = /^(read|create|update|delete):(.+)$/.exec(right) ?? []
    if (action) records.set(resource!, [...(records.get(resource!) ?? []), action])
  }
  const draft = {
    name,
    proof: 'bearer',
    perMinute: 1_000_000,
    rights: rights.filter((right) => !/^(read|create|update|delete):/.test(right)),
    records: [...records].map(([resource, actions]) => ({ resource, actions })),
    ...more,
  }
  return kernel.transaction(ctx, async (tx) => {
    const { record } = await createRecord(kernel, tx, 'security.apiClient', draft, { system: true })
    await insertKey(kernel, tx, record.id, key, secret)
    return { key, secret, client: record.id }
  })
}
