import { type CalendarLayer, HolidayTable, holidayYearOfRecord, layerOfRecord, shippedHolidays } from '#kernel/model/clock/index.ts'
import { cardOfRecord, type RuleCard, type Signature } from '#kernel/model/rules/index.ts'
import type { Queryable } from '../database/database.ts'

const alive = `t.deleted_at IS NULL AND t.state = 'approved'`
type Stored = Record<string, unknown>

/** The calendars that the hospital wrote. Some tens at most: read whole. */
export async function loadCalendars(db: Queryable): Promise<CalendarLayer[]> {
  const rows = await db.query<Stored>(
    `SELECT t.name, t.unit, t.holidays,
       (SELECT json_agg(json_build_object('label', p.label, 'weekdays', p.weekdays, 'start', p.start, 'end', p."end",
          'seasonFrom', p.season_from, 'seasonTo', p.season_to) ORDER BY p.position) FROM clock.calendar__periods p WHERE p.parent = t.id) AS periods,
       (SELECT json_agg(json_build_object('from', d."from", 'to', d."to", 'kind', d.kind, 'reason', d.reason, 'start', d.start, 'end', d."end")
          ORDER BY d.position) FROM clock.calendar__days d WHERE d.parent = t.id) AS days
     FROM clock.calendar t WHERE ${alive}`,
  )
  return rows.map(layerOfRecord)
}
/** The shipped holidays with what the hospital entered since. */
export async function loadHolidays(db: Queryable): Promise<HolidayTable> {
  const rows = await db.query<Stored>(
    `SELECT t.year, t.source, t.announced_on AS "announcedOn",
       (SELECT json_agg(json_build_object('name', d.name, 'kind', d.kind, 'from', d."from", 'to', d."to") ORDER BY d.position)
          FROM clock.holiday_year__days d WHERE d.parent = t.id) AS days
     FROM clock.holiday_year t WHERE ${alive}`,
  )
  return new HolidayTable([...shippedHolidays, ...rows.map(holidayYearOfRecord)])
}
/** The cards that the hospital keeps. */
export async function loadCards(db: Queryable): Promise<RuleCard[]> {
  const rows = await db.query<Stored>(
    `SELECT t.id, t.key, t.label, t.layer, t.unit, t.document, t.document_number AS "documentNumber", t.clause, t.certainty,
       t.checked_by AS "checkedBy", t.checked_on AS "checkedOn", t."from", t."to", t.note,
       (SELECT json_agg(json_build_object('name', v.name, 'label', v.label, 'order', v."order", 'amount', v.amount::text, 'unit', v.unit,
          'members', v.members, 'flag', v.flag) ORDER BY v.position) FROM rules.card__values v WHERE v.parent = t.id) AS values
     FROM rules.card t WHERE ${alive}`,
  )
  return rows.map(cardOfRecord)
}
/** Which proposed cards somebody of the hospital answers for. */
export const loadSignatures = (db: Queryable): Promise<Signature[]> =>
  db.query<Signature & Stored>(`SELECT t.card, t.by, t."on" FROM rules.signature t WHERE ${alive}`)
