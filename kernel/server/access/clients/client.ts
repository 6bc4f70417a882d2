import { createHash, createSecretKey, type KeyObject } from 'node:crypto'
import { dayOf } from '#model'
import type { Actor } from '../../context.ts'
import type { Kernel } from '../../kernel.ts'
import type { Place } from '../../protection/cipher.ts'
import { within } from '../networks.ts'

/** How a client is treated in the fields of one type of record. */
export interface ClientFields {
  /** Protected ones that it sees as they are. */
  readonly plain: readonly string[]
  readonly hidden: readonly string[]
}
/** A program that calls, by one of its keys. */
export interface ApiClient {
  id: string
  name: string
  key: string
  /** Null for a key of which only the hash is known: it cannot sign. */
  secret: KeyObject | null
  /** The key proves itself without a signature, where the policy allows that. */
  mayBear: boolean
  isDisabled: boolean
  /** The last day on which it may call. */
  validUntil: string | null
  /** Null: it may call from anywhere. */
  isNear: ((address: string) => boolean) | null
  perMinute: number
  actor: Actor
}

export const hashOfSecret = (secret: string): Buffer => createHash('sha256').update(secret).digest()

interface Row {
  key: string
  client: string
  secret: Buffer | null
  name: string
  status: string
  valid_until: string | null
  proof: string
  networks: string[] | null
  per_minute: number
  rights: string[] | null
  records: { resource: string; actions: string[]; plain: string[] | null; hidden: string[] | null }[] | null
}
const selectBy = (condition: string): string =>
  `SELECT k.id AS key, k.client, k.secret, c.name, c.status, c.valid_until, c.proof, c.networks, c.per_minute, c.rights,
     (SELECT json_agg(json_build_object('resource', r.resource, 'actions', r.actions, 'plain', r.plain, 'hidden', r.hidden))
        FROM security.api_client__records r WHERE r.parent = c.id) AS records
   FROM kernel.api_key k JOIN security.api_client c ON c.id = k.client AND c.deleted_at IS NULL
   WHERE ${condition} AND (k.ends_at IS NULL OR k.ends_at > $2)`

/** The client with this key that has not ended; disabled ones, too. */
export const clientByKey = (kernel: Kernel, key: string): Promise<ApiClient | null> => find(kernel, selectBy('k.id = $1'), key)
/** The client whose secret this is. Found by its hash, so nothing is compared that takes longer the more of it is right. */
export const clientBySecret = (kernel: Kernel, secret: string): Promise<ApiClient | null> =>
  find(kernel, selectBy('k.hash = $1'), hashOfSecret(secret))

async function find(kernel: Kernel, text: string, value: unknown): Promise<ApiClient | null> {
  const [row] = await kernel.db.query<Row>(text, [value, kernel.clock.now().toISOString()])
  if (!row) return null
  const records = row.records ?? []
  const fields = records.map(({ resource, plain, hidden }) => [resource, { plain: plain ?? [], hidden: hidden ?? [] }] as const)
  return {
    id: row.client,
    name: row.name,
    key: row.key,
    secret: row.secret && createSecretKey(openSecret(kernel, row.key, row.secret), 'utf8'),
    mayBear: row.proof === 'bearer',
    isDisabled: row.status !== 'active',
    validUntil: row.valid_until,
    isNear: row.networks?.length ? within(row.networks) : null,
    perMinute: row.per_minute,
    actor: {
      kind: 'client',
      client: row.client,
      name: row.name,
      rights: new Set([...(row.rights ?? []), ...records.flatMap((r) => r.actions.map((action) => `${action}:${r.resource}`))]),
      fields: new Map(fields),
    },
  }
}
/** A secret is sealed for its own key only: copied to another row it does not open. */
const placeOf = (key: string): Place => ({ resource: 'kernel.apiKey', record: key, field: key })
export const sealSecret = (kernel: Kernel, key: string, secret: string): Buffer => kernel.protector.seal(placeOf(key), secret)
const openSecret = (kernel: Kernel, key: string, sealed: Buffer): string => kernel.protector.open(placeOf(key), sealed)

// A key read a moment ago is believed for this long: a busy system asks hundreds of times a second with the same one.
const trustMs = 2000
const maxKnown = 1000
type Known = Map<string, { client: ApiClient; until: number }>

/** The clients behind keys. What is changed elsewhere holds here within two seconds, at once after `forget`. */
export class Clients {
  private readonly byKey: Known = new Map()
  private readonly bySecret: Known = new Map()
  private readonly kernel: Kernel
  constructor(kernel: Kernel) {
    this.kernel = kernel
    kernel.whenChanged(['security.apiClient'], () => this.forget())
  }
  /** Whose key this is, where it was read a moment ago; else a promise. Wrong ones are never remembered. */
  withKey(key: string): ApiClient | Promise<ApiClient | null> {
    return recent(this.byKey, key) ?? clientByKey(this.kernel, key).then((client) => remember(this.byKey, key, client))
  }
  withSecret(secret: string): ApiClient | Promise<ApiClient | null> {
    return recent(this.bySecret, secret) ?? clientBySecret(this.kernel, secret).then((client) => remember(this.bySecret, secret, client))
  }
  forget(): void {
    this.byKey.clear()
    this.bySecret.clear()
  }
}
function recent(known: Known, name: string): ApiClient | null {
  const found = known.get(name)
  return found && found.until > performance.now() ? found.client : null
}
function remember(known: Known, name: string, client: ApiClient | null): ApiClient | null {
  if (!client) known.delete(name)
  else {
    if (known.size >= maxKnown) known.clear()
    known.set(name, { client, until: performance.now() + trustMs })
  }
  return client
}

/** Is the last day of a client over? */
export const isPast = (client: ApiClient, now: Date): boolean => client.validUntil !== null && dayOf(now) > client.validUntil
