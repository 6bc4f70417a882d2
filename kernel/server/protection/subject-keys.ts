import { createSecretKey, type KeyObject } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import { Refusal } from '#model'
import type { Subject, Unreadability } from '#model'
import type { Queryable } from '../database/database.ts'
import { Together } from '../database/together.ts'
import { nameOf, openUnder, randomKey, rawKeyOf, rawOf, type Place } from './cipher.ts'
import type { KeyRing } from './key-ring.ts'

/** The name under which the destruction of keys is told to all processes. */
export const subjectKeyTable = 'kernel.subject_key'
/** So many keys stay unwrapped in memory: some 10 MB. */
const mostKnown = 50_000

/** A key that seals. */
export interface SubjectKey {
  name: string
  key: KeyObject
}
/** A key that was made and is not stored yet. */
export interface NewKey {
  id: string
  record: string
  subject: Subject
  dataKey: number
  wrapped: Buffer
}
/** A key by its name; null where it was destroyed. */
interface Named {
  name: string
  key: KeyObject | null
}
const isWhole = (one: Named): one is SubjectKey => one.key !== null
/** The key that seals for a record, wrapped, as it comes along with the record's row (`alongSql`): its id, the number of its data key, the rest. */
export interface Along {
  record: string
  subject: Subject
  packed: Buffer
}
/** Why a value does not open: its key was destroyed, or cipher text and place do not belong together. */
export class Unreadable extends Error {
  readonly why: Unreadability
  constructor(why: Unreadability, message: string) {
    super(message)
    this.why = why
  }
}

/** The keys of records, unwrapped as they are needed: one question for all rows of a page, none for what was opened lately. */
export class SubjectKeys {
  readonly ring: KeyRing
  /** Told of every cipher text that did not open although its key was not destroyed. */
  onFault: (place: Place, error: Unreadable) => void = () => undefined
  private readonly known = new Map<string, Named>()
  /** Raised by every forgetting: what was read before it is not remembered after it. */
  private round = 0
  private readonly now: () => Date
  /** Outside of transactions what many ask at the same time is one question; a key that several need is read and unwrapped once. */
  private readonly shared: Queryable
  private readonly together: Together<string, Named | undefined>
  constructor(ring: KeyRing, shared: Queryable, now: () => Date) {
    this.ring = ring
    this.now = now
    this.shared = shared
    this.together = new Together((raws) => this.read(shared, raws), { atOnce: 2, most: 2000 })
  }
  /** Keys were destroyed, here or in another process. */
  forget(): void {
    this.round++
    this.known.clear()
  }

  /** What opens these cipher texts, and those whose keys came along with their rows. */
  async opener(db: Queryable, sealed: Iterable<Buffer>, along: Iterable<Along> = []): Promise<Opener> {
    const found = new Map<string, Named>()
    const unknown = new Set<string>()
    for (const one of sealed) {
      const raw = rawKeyOf(one)
      if (raw === null || found.has(raw)) continue
      const known = this.known.get(raw)
      if (known) found.set(raw, known)
      else unknown.add(raw)
    }
    if (unknown.size)
      for (const one of along) {
        const raw = one.packed.toString('latin1', 0, 16)
        if (!unknown.has(raw)) continue
        const name = nameOf(raw)
        const key = this.unwrapped({
          id: name,
          record: one.record,
          subject: one.subject,
          dataKey: one.packed.readInt32BE(16),
          wrapped: one.packed.subarray(20),
        })
        // Not remembered: it may have been destroyed since its row was read.
        if (key) found.set(raw, { name, key })
        unknown.delete(raw)
      }
    if (unknown.size) {
      const raws = [...unknown]
      const keys = await (db === this.shared ? Promise.all(raws.map((raw) => this.together.ask(raw))) : this.read(db, raws))
      for (const [at, raw] of raws.entries()) if (keys[at] !== undefined) found.set(raw, keys[at])
    }
    return new Opener(this, found)
  }
  /** In the order of the names: without a key where it was destroyed, undefined where there is none that opens. Relies on the key of subject_key. */
  private async read(db: Queryable, raws: readonly string[]): Promise<(Named | undefined)[]> {
    const { round } = this
    const rows = await db.query<{ id: string; record: string; subject: Subject; dataKey: number; wrapped: Buffer | null }>(
      `SELECT id, record, subject, data_key AS "dataKey", wrapped FROM kernel.subject_key WHERE id = ANY ($1::uuid[])`,
      [[...new Set(raws)].map(nameOf)],
    )
    const keys = new Map<string, Named>()
    for (const { id, record, subject, dataKey, wrapped } of rows) {
      const key = wrapped === null ? null : this.unwrapped({ id, record, subject, dataKey, wrapped })
      if (key === undefined) continue
      const raw = rawOf(id)
      const named = { name: id, key }
      keys.set(raw, named)
      if (key && round === this.round) this.remember(raw, named)
    }
    return raws.map((raw) => keys.get(raw))
  }
  private unwrapped({ id, record, subject, ...wrapped }: NewKey): KeyObject | undefined {
    try {
      return createSecretKey(this.ring.unwrap(wrapped, boundTo(id, record, subject)))
    } catch {
      // Exchanged for another's, or under a data key that is lost: its values are told one by one.
      return undefined
    }
  }
  private remember(id: string, key: Named): void {
    // A Map keeps the order of insertion: the oldest goes.
    if (this.known.size >= mostKnown) this.known.delete(this.known.keys().next().value!)
    this.known.set(id, key)
  }

  /** A key that nobody has yet; stored with what it seals (`storeKeys`). */
  make(record: string, subject: Subject): NewKey & SubjectKey {
    const id = uuidv7()
    const key = randomKey()
    return { id, name: id, key: createSecretKey(key), record, subject, ...this.ring.wrap(key, boundTo(id, record, subject)) }
  }
  /**
   * The keys that seal for these records, by `<record> <subject>`; none where nothing was sealed yet. They are held until the transaction ends, so that none
   * is destroyed between a value and its commit. Relies on subject_key_sealing.
   */
  async sealing(db: Queryable, records: readonly string[]): Promise<Map<string, SubjectKey>> {
    const rows = await db.query<{ id: string; record: string; subject: Subject; dataKey: number; wrapped: Buffer }>(
      `SELECT id, record, subject, data_key AS "dataKey", wrapped FROM kernel.subject_key
       WHERE record = ANY ($1::uuid[]) AND wrapped IS NOT NULL AND superseded_at IS NULL ORDER BY id FOR SHARE`,
      [records],
    )
    return new Map(
      rows.map(({ id, record, subject, ...wrapped }) => [
        `${record} ${subject}`,
        { name: id, key: this.known.get(rawOf(id))?.key ?? createSecretKey(this.ring.unwrap(wrapped, boundTo(id, record, subject))) },
      ]),
    )
  }
  /** The keys of one subject that seal for these records, by record, made where there is none; within the transaction that stores what they seal. */
  async needed(db: Queryable, records: readonly string[], subject: Subject): Promise<Map<string, SubjectKey>> {
    const named = (keys: Map<string, SubjectKey>) => new Map(records.flatMap((record) => {
      const key = keys.get(`${record} ${subject}`)
      return key ? [[record, key] as const] : []
    })) // prettier-ignore
    const found = named(await this.sealing(db, records))
    const made = [...new Set(records)].filter((record) => !found.has(record)).map((record) => this.make(record, subject))
    // Of two who make one at once the first prevails.
    return made.length && (await this.insert(db, made)) < made.length
      ? named(await this.sealing(db, records))
      : new Map([...found, ...made.map((key) => [key.record, key] as const)])
  }
  /** Stores keys within the transaction that writes what they seal. Refuses where somebody was quicker with the same record. */
  async store(db: Queryable, keys: readonly NewKey[]): Promise<void> {
    if (keys.length && (await this.insert(db, keys)) < keys.length) throw new Refusal('versionConflict')
  }
  private async insert(db: Queryable, keys: readonly NewKey[]): Promise<number> {
    const stored = await db.query(
      `INSERT INTO kernel.subject_key (id, record, subject, data_key, wrapped, created_at)
       SELECT u.*, $6::timestamptz FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::int[], $5::bytea[]) u ON CONFLICT DO NOTHING RETURNING 1`,
      [keys.map((k) => k.id), keys.map((k) => k.record), keys.map((k) => k.subject), keys.map((k) => k.dataKey), keys.map((k) => k.wrapped), this.now().toISOString()],
    )
    return stored.length
  } // prettier-ignore
  storeValues(keys: readonly NewKey[]): unknown[] {
    return [this.now().toISOString(), ...keys.flatMap((k) => [k.id, k.record, k.subject, k.dataKey, k.wrapped])]
  }
}
/** Stores so many keys, in a statement of its own or along with another: its parameters (`storeValues`) follow the first `after`. */
export function storeSql(count: number, after: number): string {
  const row = (n: number) => ['uuid', 'uuid', 'text', 'int', 'bytea'].map((type, i) => `$${after + 2 + 5 * n + i}::${type}`)
  const rows = Array.from({ length: count }, (_, n) => `(${row(n).join(', ')}, $${after + 1}::timestamptz)`)
  return `INSERT INTO kernel.subject_key (id, record, subject, data_key, wrapped, created_at) VALUES ${rows.join(', ')}`
}
/** The wrapped key that seals for the record of this id, as a column that comes along with the record's row. Relies on subject_key_sealing. */
export const alongSql = (id: string, subject: Subject): string =>
  `(SELECT uuid_send(k.id) || int4send(k.data_key) || k.wrapped FROM kernel.subject_key k
    WHERE k.record = ${id} AND k.subject = '${subject}' AND k.wrapped IS NOT NULL AND k.superseded_at IS NULL) AS "${alongColumn(subject)}"`
/** No column of a field holds a blank. */
export const alongColumn = (subject: Subject): string => `key ${subject}`
/** What a wrapped key is bound to: it is no other record's. */
export const boundTo = (id: string, record: string, subject: Subject): string => `${id}\n${record}\n${subject}`

/** Opens the values for whose keys it was made. */
export class Opener {
  private readonly keys: SubjectKeys
  private readonly found: ReadonlyMap<string, Named>
  constructor(keys: SubjectKeys, found: ReadonlyMap<string, Named>) {
    this.keys = keys
    this.found = found
  }
  /** @throws {Unreadable} */
  open(place: Place, sealed: Buffer): string {
    try {
      const raw = rawKeyOf(sealed)
      if (raw === null) return this.keys.ring.open(place, sealed)
      const found = this.found.get(raw)
      if (!found) throw new Unreadable('damaged', `the key ${nameOf(raw)} is missing`)
      if (!isWhole(found)) throw new Unreadable('erased', `the key ${found.name} was destroyed`)
      return openUnder(found, place, sealed)
    } catch (error) {
      const unreadable =
        error instanceof Unreadable ? error : new Unreadable('damaged', 'the cipher text belongs elsewhere, or was changed')
      if (unreadable.why === 'damaged') this.keys.onFault(place, unreadable)
      throw unreadable
    }
  }
  /** As `open`; what is unreadable is answered, not thrown. */
  tryOpen(place: Place, sealed: Buffer): string | Unreadable {
    try {
      return this.open(place, sealed)
    } catch (error) {
      if (error instanceof Unreadable) return error
      throw error
    }
  }
}
