import { createHash } from 'node:crypto'
import { hospitalZone, type Definitions, type Field } from '#model'
import { askedOnce, type Database } from '../database/database.ts'
import type { PlanStep } from './plan.ts'
import { columnOf, idOf, quote, shortName, snake, tableOf } from './naming.ts'
import { fieldMark } from './search.ts'
import { targetSchema, timelineTable } from './schema.ts'

/** What SQL needs to know of the facts of a table that hold from a day on. */
export interface StoredTimeline {
  /** Of the rows, and of their stretches. */
  table: string
  stretches: string
  /** Field key → column. */
  columns: ReadonlyMap<string, string>
  /** Columns of a row's first and last day. */
  from: string | null
  to: string | null
  /** `set(record, day, row, columns, at, by)`: from this day on these columns hold what the row given holds. */
  set: string
}

/** The timeline of the table of this name; null where it has none. */
export function storedTimeline(defs: Definitions, owner: string): StoredTimeline | null {
  const timeline = defs.timelines.get(owner)
  if (!timeline) return null
  const fields = defs.tables.get(owner)!
  const column = (key: string | undefined) => (key ? columnOf(key, fields[key] as Field) : null)
  return {
    table: tableOf(owner),
    stretches: `${quote(snake(owner.split('.')[0]!))}.${quote(timelineTable(owner))}`,
    columns: new Map(timeline.fields.map((key) => [key, column(key)!])),
    from: column(timeline.from),
    to: column(timeline.to),
    set: `kernel.${quote(functionOf('since', owner))}`,
  }
}
const functionOf = (what: string, owner: string): string => shortName(what, createHash('sha256').update(owner).digest('hex').slice(0, 16))

const texts = new WeakMap<Definitions, Map<string, string>>()
const dayMark = '{day}'
/** In place of the table: its rows as they were on a day, those that were there by then. `day` is a valid day. */
export function rowsOnDay(defs: Definitions, owner: string, day: string): string {
  let known = texts.get(defs)
  if (!known) texts.set(defs, (known = new Map()))
  let text = known.get(owner)
  if (text === undefined) known.set(owner, (text = makeRowsOnDay(defs, owner)))
  return text.replaceAll(dayMark, day)
}
function makeRowsOnDay(defs: Definitions, owner: string): string {
  const t = storedTimeline(defs, owner)
  if (!t) return tableOf(owner)
  const fields = defs.tables.get(owner)!
  const dated = new Set(t.columns.values())
  // Who looks for what something was called then finds it by that, too; behind its field's mark, so that nobody finds it by what is closed to him.
  const called = [...t.columns].flatMap(([key, column]) => (fields[key]!.search ? [`CASE WHEN s.${quote(column)} IS DISTINCT FROM r.${quote(column)} THEN ' ${fieldMark(idOf(key, fields[key]!))}' || lower(s.${quote(column)}) ELSE '' END`] : []))
  const all = targetSchema(defs, new Set([owner]))[0]!.columns.map(({ name }) =>
    name === 'search_text' && called.length ? `concat(r.search_text, ${called.join(', ')}) AS search_text` : `${dated.has(name) ? 's' : 'r'}.${quote(name)}`,
  )
  const there = [
    ...(t.from ? [`(r.${quote(t.from)} IS NULL OR r.${quote(t.from)} <= '${dayMark}')`] : []),
    ...(t.to ? [`(r.${quote(t.to)} IS NULL OR r.${quote(t.to)} >= '${dayMark}')`] : []),
  ]
  return `(SELECT ${all.join(', ')} FROM ${t.table} r JOIN ${t.stretches} s ON s.record_id = r.id AND s.since_day <= '${dayMark}' AND s.until_day > '${dayMark}'${there.length ? ` WHERE ${there.join(' AND ')}` : ''} ${askedOnce})`
} // prettier-ignore

/** Makes what keeps the timelines up, and gives rows their first stretch that have none. `steps`: what the migrator has just done. */
export async function keepTimelines(db: Database, defs: Definitions, steps: readonly PlanStep[]): Promise<void> {
  for (const owner of defs.timelines.keys()) {
    const t = storedTimeline(defs, owner)!
    await db.once([setSql(t), ...followSql(t, functionOf('follow', owner)), fillSql(t)].join(';\n'))
    // A fact that is kept from now on held before, as far as is known.
    const place = `${snake(owner.split('.')[0]!)}.${timelineTable(owner)}`
    const fresh = steps.filter(({ kind, table, column }) => kind === 'column' && table === place && column).map(({ column }) => quote(column!))
    if (fresh.length) await db.once(`UPDATE ${t.stretches} s SET ${fresh.map((one) => `${one} = t.${one}`).join(', ')} FROM ${t.table} t WHERE t.id = s.record_id`)
  }
} // prettier-ignore
const listOf = (t: StoredTimeline, of = ''): string => [...t.columns.values()].map((one) => of + quote(one)).join(', ')
const fillSql = (t: StoredTimeline): string =>
  `INSERT INTO ${t.stretches} (record_id, since_day, until_day, noted_at, noted_by, ${listOf(t)}) SELECT t.id, '-infinity', 'infinity', t.created_at, t.created_by, ${listOf(t, 't.')}
   FROM ${t.table} t WHERE NOT EXISTS (SELECT 1 FROM ${t.stretches} s WHERE s.record_id = t.id)`

/** A change goes on into later stretches until one in which the same fact was changed; a stretch that says nothing new is none. */
function setSql(t: StoredTimeline): string {
  const each = [...t.columns.values()].map((name) => {
    const column = quote(name)
    return `IF '${name}' = ANY(keys) THEN
      SELECT min(s.since_day) INTO other FROM ${t.stretches} s WHERE s.record_id = whose AND s.since_day > since AND s.${column} IS DISTINCT FROM was.${column};
      UPDATE ${t.stretches} s SET ${column} = given.${column} WHERE s.record_id = whose AND s.since_day >= since AND (other IS NULL OR s.since_day < other);
    END IF;`
  })
  return `CREATE OR REPLACE FUNCTION ${t.set}(whose uuid, since date, given ${t.table}, keys text[], noted timestamptz, noter uuid) RETURNS void LANGUAGE plpgsql AS $$
    DECLARE was ${t.stretches}; other date;
    BEGIN
      SELECT * INTO was FROM ${t.stretches} s WHERE s.record_id = whose AND s.since_day <= since ORDER BY s.since_day DESC LIMIT 1;
      IF was.since_day IS DISTINCT FROM since THEN
        INSERT INTO ${t.stretches} (record_id, since_day, until_day, noted_at, noted_by, ${listOf(t)}) VALUES (whose, since, 'infinity', noted, noter, ${listOf(t, 'was.')});
      ELSE
        UPDATE ${t.stretches} s SET noted_at = noted, noted_by = noter WHERE s.record_id = whose AND s.since_day = since;
      END IF;
      ${each.join('\n')}
      DELETE FROM ${t.stretches} d USING ${t.stretches} p
        WHERE d.record_id = whose AND p.record_id = whose AND (${listOf(t, 'd.')}) IS NOT DISTINCT FROM (${listOf(t, 'p.')})
          AND p.since_day = (SELECT max(q.since_day) FROM ${t.stretches} q WHERE q.record_id = whose AND q.since_day < d.since_day);
      UPDATE ${t.stretches} s SET until_day = n.until FROM
        (SELECT q.since_day, lead(q.since_day, 1, 'infinity') OVER (ORDER BY q.since_day) AS until FROM ${t.stretches} q WHERE q.record_id = whose) n
        WHERE s.record_id = whose AND s.since_day = n.since_day AND s.until_day <> n.until;
    END $$`
}
/** With every write to a row, whoever writes: what holds by the day of the write. A row that the program brings to what holds on its day changes nothing. */
function followSql(t: StoredTimeline, name: string): string[] {
  const follow = `kernel.${quote(name)}`
  const keys = [...t.columns.values()].map((one) => `CASE WHEN NEW.${quote(one)} IS DISTINCT FROM OLD.${quote(one)} THEN '${one}' END`)
  return [
    `CREATE OR REPLACE FUNCTION ${follow}() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE since date := (NEW.updated_at AT TIME ZONE '${hospitalZone}')::date; held ${t.stretches};
      BEGIN
        IF TG_OP = 'INSERT' THEN
          INSERT INTO ${t.stretches} (record_id, since_day, until_day, noted_at, noted_by, ${listOf(t)}) VALUES (NEW.id, '-infinity', 'infinity', NEW.created_at, NEW.created_by, ${listOf(t, 'NEW.')});
          RETURN NULL;
        END IF;
        SELECT * INTO held FROM ${t.stretches} s WHERE s.record_id = NEW.id AND s.since_day <= since ORDER BY s.since_day DESC LIMIT 1;
        IF (${listOf(t, 'NEW.')}) IS DISTINCT FROM (${listOf(t, 'held.')}) THEN
          PERFORM ${t.set}(NEW.id, since, NEW, array_remove(ARRAY[${keys.join(', ')}], NULL), NEW.updated_at, NEW.updated_by);
        END IF;
        RETURN NULL;
      END $$`,
    `CREATE OR REPLACE TRIGGER ${quote(name)} AFTER INSERT OR UPDATE OF ${listOf(t)} ON ${t.table} FOR EACH ROW EXECUTE FUNCTION ${follow}()`,
  ]
}
