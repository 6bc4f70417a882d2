import type { Subject } from '#model'
import type { Queryable } from '../database/database.ts'
import { sealUnder } from '../protection/cipher.ts'
import type { NewKey, SubjectKey, SubjectKeys } from '../protection/subject-keys.ts'
import { textOf } from './columns.ts'
import type { CompiledResource, StoredField, StoredRows } from './compiled.ts'
import { partTags } from './part-tags.ts'

interface InRow {
  of: StoredRows
  row: string
}
/**
 * Seals the values of one record under its keys, each value once: the row and its history hold the same cipher text. A key that it lacks is made with the
 * first value, and waits in `made` to be stored by the statement that stores the value.
 */
export class RecordSeals {
  made: NewKey[] = []
  private readonly keys: SubjectKeys
  private readonly table: string
  private readonly record: string
  private readonly known: Map<Subject, SubjectKey>
  private readonly sealed = new Map<string, Buffer>()
  constructor(
    keys: SubjectKeys,
    { r }: CompiledResource,
    record: string,
    known: Map<Subject, SubjectKey> = new Map<Subject, SubjectKey>(),
  ) {
    this.keys = keys
    this.table = r.table
    this.record = record
    this.known = known
  }
  seal(f: StoredField, value: unknown, rows?: InRow): Buffer {
    const plain = textOf(value)
    const at = `${rows?.row ?? ''} ${f.key} ${plain}`
    let sealed = this.sealed.get(at)
    if (!sealed) {
      const place = rows
        ? { resource: rows.of.place, record: inRow(this.record, rows.row), field: f.id }
        : { resource: this.table, record: this.record, field: f.id }
      this.sealed.set(at, (sealed = sealUnder(this.keyOf(f.subject), place, plain)))
    }
    return sealed
  }
  blind(f: StoredField, value: unknown, rows?: InRow): Buffer {
    return this.keys.ring.blind(rows?.of.place ?? this.table, f.id, textOf(value))
  }
  /** What finds a text of the record itself by a part of it. */
  tags(f: StoredField, value: unknown): number[] {
    return partTags(this.keys.ring, this.table, f.id, textOf(value))
  }
  /** The keys that were made and nobody has stored yet; whoever takes them stores them. */
  takeMade(): NewKey[] {
    const made = this.made
    this.made = []
    return made
  }
  /** Stores what was made in a statement of its own. */
  store(db: Queryable): Promise<void> {
    return this.keys.store(db, this.takeMade())
  }
  private keyOf(subject: Subject): SubjectKey {
    let key = this.known.get(subject)
    if (!key) {
      const made = this.keys.make(this.record, subject)
      this.made.push(made)
      this.known.set(subject, (key = made))
    }
    return key
  }
}
/** What a value in a row of a sub-table is bound to. */
export const inRow = (record: string, row: string): string => `${record}/${row}`

/** Is anything of this record type encrypted? */
const hasSecrets = (c: CompiledResource): boolean => c.secrets.length > 0 || c.rows.some((rows) => rows.secrets.length > 0)
/** Seals values of records that stand already: with the keys that they have. `isNeeded`: something is sealed at all. */
export async function sealsOf(
  keys: SubjectKeys,
  db: Queryable,
  c: CompiledResource,
  records: readonly string[],
  isNeeded = hasSecrets(c),
): Promise<Map<string, RecordSeals>> {
  const known = isNeeded && records.length ? await keys.sealing(db, records) : new Map<string, SubjectKey>()
  const ownOf = (record: string) =>
    (['person', 'record'] as const).flatMap((subject) => {
      const key = known.get(`${record} ${subject}`)
      return key ? [[subject, key] as const] : []
    })
  return new Map(records.map((record) => [record, new RecordSeals(keys, c, record, new Map(ownOf(record)))]))
}
export async function sealsFor(
  keys: SubjectKeys,
  db: Queryable,
  c: CompiledResource,
  record: string,
  isNeeded?: boolean,
): Promise<RecordSeals> {
  return (await sealsOf(keys, db, c, [record], isNeeded)).get(record)!
}
/** Stores in one statement the keys that sealing many records made. */
export const storeMade = (keys: SubjectKeys, db: Queryable, seals: Iterable<RecordSeals>): Promise<void> =>
  keys.store(db, [...seals].flatMap((one) => one.takeMade())) // prettier-ignore
