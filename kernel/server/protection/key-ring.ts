import { createHmac, createSecretKey, hkdfSync, randomBytes, type KeyObject } from 'node:crypto'
import type { Queryable } from '../database/database.ts'
import { keyOf, openUnder, sealUnder, unwrapKey, wrapKey, type Place, type Protector } from './cipher.ts'

interface KeyRow {
  id: number
  purpose: 'data' | 'index'
  wrapped: Buffer
  activeFrom: string
}
interface RingKey {
  id: number
  key: KeyObject
  from: number
}

/**
 * The keys of this process, unwrapped. The newest data key that is in force seals, all open. A new one is made known before it comes into force (`refresh`
 * within the grace of `rotation.ts`), so that no process meets a cipher text whose key it has not.
 */
export class KeyRing implements Protector {
  private readonly byId = new Map<number, RingKey>()
  private readonly blindKeys = new Map<string, KeyObject>()
  private indexRoot: Buffer | null = null
  private readonly readMaster: () => Promise<Buffer>
  private readonly now: () => Date

  private constructor(readMaster: () => Promise<Buffer>, now: () => Date) {
    this.readMaster = readMaster
    this.now = now
  }
  /** Opens the keys; makes the first ones in a new database. `readMaster` is asked again whenever a key is added: the master key may have changed. @throws {Error} in words, when it is another one. */
  static async open(db: Queryable, readMaster: () => Promise<Buffer>, now: () => Date): Promise<KeyRing> {
    const ring = new KeyRing(readMaster, now)
    await makeFirst(db, await readMaster(), now())
    await ring.refresh(db)
    return ring
  }
  /** Learns of keys that were added since; what is known stays. */
  async refresh(db: Queryable): Promise<void> {
    const rows = await db.query<KeyRow>(
      'SELECT id, purpose, wrapped, active_from AS "activeFrom" FROM kernel.data_key WHERE id <> ALL ($1::int[]) ORDER BY id',
      [[...this.byId.keys()]],
    )
    const master = rows.length ? await this.readMaster() : null
    for (const row of rows) {
      const key = unwrapped(master!, row.wrapped)
      if (row.purpose === 'index') this.indexRoot = key
      this.byId.set(row.id, {
        id: row.id,
        key: createSecretKey(key),
        from: row.purpose === 'index' ? Infinity : Date.parse(row.activeFrom),
      })
    }
  }
  /** The number of the key that seals now. */
  get current(): number {
    return this.newest().id
  }
  private newest(): RingKey {
    const now = this.now().getTime()
    const keys = [...this.byId.values()].filter(({ from }) => from !== Infinity)
    // A clock that is behind the one by which the first key was made still seals.
    const found = keys.filter(({ from }) => from <= now).at(-1) ?? keys[0]
    if (!found) throw new Error('no data key')
    return found
  }

  seal(place: Place, plain: string): Buffer {
    const { id, key } = this.newest()
    return sealUnder({ name: id, key }, place, plain)
  }
  open(place: Place, sealed: Buffer): string {
    const name = keyOf(sealed)
    return openUnder({ name, key: this.byNumber(name) }, place, sealed)
  }
  /** Wraps the key of a record under the data key that seals now. `bound`: what key it is. */
  wrap(key: Buffer, bound: string): { dataKey: number; wrapped: Buffer } {
    const { id, key: under } = this.newest()
    return { dataKey: id, wrapped: wrapKey(under, key, bound) }
  }
  /** @throws {Error} when the data key is missing, or the wrapped key is another one. */
  unwrap({ dataKey, wrapped }: { dataKey: number; wrapped: Buffer }, bound: string): Buffer {
    return unwrapKey(this.byNumber(dataKey), wrapped, bound)
  }
  private byNumber(id: number | string): KeyObject {
    const key = typeof id === 'number' ? this.byId.get(id) : undefined
    if (!key) throw new Error(`data key ${id} is missing`)
    return key.key
  }
  blind(resource: string, field: string, plain: string): Buffer {
    const name = `${resource}.${field}`
    let key = this.blindKeys.get(name)
    if (!key)
      this.blindKeys.set(name, (key = createSecretKey(Buffer.from(hkdfSync('sha256', this.indexRoot!, 'xinglin blind index', name, 32)))))
    return createHmac('sha256', key).update(plain).digest()
  }
}

function unwrapped(master: Buffer, wrapped: Buffer): Buffer {
  try {
    return unwrapKey(master, wrapped)
  } catch {
    throw new Error('主密钥与数据库中的数据密钥不匹配：请检查 XINGLIN_MASTER_KEY 或密钥文件')
  }
}

/** A database from before index keys had one of their own derived them from the master key: that stays their root, wrapped, so that what was indexed is found. */
async function makeFirst(db: Queryable, master: Buffer, at: Date): Promise<void> {
  const known = await db.query<{ purpose: string; wrapped: Buffer }>('SELECT purpose, wrapped FROM kernel.data_key ORDER BY id')
  const has = (purpose: string) => known.some((row) => row.purpose === purpose)
  if (known[0]) unwrapped(master, known[0].wrapped)
  const add = (id: number, purpose: string, key: Buffer) =>
    db.query(`INSERT INTO kernel.data_key (id, subject, wrapped, created_at, purpose, active_from) VALUES ($1, 'hospital', $2, $3, $4, $3) ON CONFLICT DO NOTHING`, [id, wrapKey(master, key), at.toISOString(), purpose]) // prettier-ignore
  if (!has('data')) await add(1, 'data', randomBytes(32))
  if (!has('index')) await add(2, 'index', has('data') ? master : randomBytes(32))
}
