import { isProtected, kindOf, readsLikeMask, Refusal, type Field } from '#model'
import type { StoredField } from '../store/compiled.ts'
import { doubtKey, newItem, type Item, type RawRow } from './item.ts'
import type { CodeIndex, Found } from './match/codes.ts'
import { findMember, memberParts } from './match/members.ts'
import type { FoundPerson, PeopleIndex } from './match/people.ts'
import type { FoundUnit, UnitIndex } from './match/units.ts'
import type { ItemMaker } from './profile.ts'
import type { ImportSession } from './session.ts'

interface PlainColumn {
  index: number
  key: string
  field: Field
  label: string
}
/** A reference given by one text or by its parts. */
interface ReferenceColumns {
  f: StoredField
  table: string
  any: string
  code: string
  name: string
}

/** The plain reading: each cell by its field's kind, references by number, code or name. */
export async function plainMaker(session: ImportSession): Promise<ItemMaker> {
  const plain = plainColumns(session).filter(({ field }) => !kindOf(field).refers)
  const references = referenceColumns(session)
  const constants = readConstants(session)
  const groups = plainColumns(session).filter(({ field }) => kindOf(field).refers)
  const people = groups.length || references.some((r) => r.table === 'directory.person') ? await session.people() : null
  return async (rows) => {
    const indexes = new Map<string, CodeIndex>()
    for (const r of references)
      if (r.table !== 'directory.person' && r.table !== 'directory.unit') {
        const texts = rows.flatMap((row) => [r.any, r.code, r.name].flatMap((target) => partsOf(r, session.textOf(row, target))))
        indexes.set(r.f.target!, await session.coded(r.f.target!, { texts }))
      }
    return rows.map((row) => {
      const item = newItem(row.at)
      Object.assign(item.values, constants)
      for (const column of groups)
        readMembers(session, item, column, row.cells[column.index] ?? '', { people: people!, units: session.units() })
      for (const column of plain) readCell(item, column, row.cells[column.index] ?? '', session.settings.clearBlank)
      for (const r of references) readReference(session, item, row, r, { people, units: session.units(), coded: indexes.get(r.f.target!) })
      return item
    })
  }
}

function plainColumns(session: ImportSession): PlainColumn[] {
  return session.settings.columns.flatMap((key, index) => {
    const f = key === null ? undefined : session.c.byKey.get(key)
    return f && !f.target ? [{ index, key: f.key, field: f.field, label: session.labelOf(f.key) }] : []
  })
}
function referenceColumns(session: ImportSession): ReferenceColumns[] {
  const given = new Set([
    ...session.settings.columns,
    ...Object.keys(session.settings.constants).filter((key) => session.settings.constants[key]),
  ])
  return session.c.fields.flatMap((f) => {
    if (!f.target) return []
    const { table } = session.kernel.defs.resource(f.target)
    const code = `${f.key}.${table === 'directory.person' ? 'staffNumber' : 'code'}`
    const name = `${f.key}.name`
    return [f.key, code, name].some((key) => given.has(key)) ? [{ f, table, any: f.key, code, name }] : []
  })
}
function readConstants(session: ImportSession): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  for (const [key, text] of Object.entries(session.settings.constants)) {
    const f = session.c.byKey.get(key)
    if (!f || f.target || !text.trim()) continue
    const read = kindOf(f.field).parse(text, f.field)
    if ('problem' in read) throw new Refusal('importRefused', `${f.field.label}：${read.problem}`)
    values[key] = read.value
  }
  return values
}

/** Reads one cell into the item. An empty one says nothing, unless the person wants it to clear. */
export function readCell(item: Item, column: { key: string; field: Field; label: string }, cell: string, clearBlank: boolean): void {
  const text = unguarded(cell.trim())
  if (text === '') {
    if (clearBlank) item.values[column.key] = null
    return
  }
  // As our own exports write what their reader sees masked: it says nothing of the value.
  if (isProtected(column.field) && readsLikeMask(text)) {
    item.warnings.push({ column: column.label, value: text, message: '是打码的内容，没有导入，原值不变' })
    return
  }
  const kind = kindOf(column.field)
  const parsed = kind.parse(text, column.field)
  // Checked at once: keys are looked up before the whole record is judged.
  const read = 'problem' in parsed || parsed.value === null ? parsed : kind.check(parsed.value, column.field)
  if ('problem' in read) item.problems.push({ column: column.label, value: text, message: read.problem })
  else item.values[column.key] = read.value
  warnLost(item, column.label, text)
}
/** Our own exports put an apostrophe before what a spreadsheet would compute. */
const unguarded = (text: string): string => (/^'[=+\-@]/.test(text) ? text.slice(1) : text)
/** Rare characters that some system could not hold. */
export function warnLost(item: Item, column: string, text: string): void {
  if (/\?\?|？？|\uFFFD/.test(text)) item.warnings.push({ column, value: text, message: '含有“??”或乱码，可能有生僻字丢失，请核对' })
}

function readReference(
  session: ImportSession,
  item: Item,
  row: RawRow,
  r: ReferenceColumns,
  indexes: { people: PeopleIndex | null; units: UnitIndex; coded: CodeIndex | undefined },
): void {
  const [any, code, name] = [r.any, r.code, r.name].map((target) => session.textOf(row, target)) as [string, string, string]
  const text = [any, code, name].filter(Boolean).join(' ')
  if (!text) {
    if (session.settings.clearBlank) item.values[r.f.key] = null
    return
  }
  const target = [r.any, r.code, r.name].find((key) => session.columnOf(key) >= 0) ?? r.any
  const label = session.labelOf(target)
  if (r.f.many) {
    const ids = partsOf(r, text).map((part) => settle(session, item, label, part, findOne(r, indexes, { any: part, code: '', name: '' })))
    if (ids.every((id) => id !== null)) item.values[r.f.key] = [...new Set(ids)]
    return
  }
  const id = settle(session, item, label, text, findOne(r, indexes, { any, code, name }))
  if (id) item.values[r.f.key] = id
}
const partsOf = (r: ReferenceColumns, text: string): string[] =>
  (r.f.many ? text.split(/[、,，;；\n]/).map((part) => part.trim()) : [text]).filter(Boolean)

/** People, units and posts of one cell, each found by itself. */
function readMembers(
  session: ImportSession,
  item: Item,
  column: PlainColumn,
  cell: string,
  indexes: { people: PeopleIndex; units: UnitIndex },
): void {
  const parts = memberParts(cell)
  if (parts.length === 0) {
    if (session.settings.clearBlank) item.values[column.key] = null
    return
  }
  const members = parts.map((part) => {
    const one = findMember(column.field as Field<'members'>, part, indexes)
    if ('post' in one) return `post:${one.post}`
    const id = settle(session, item, column.label, part, one.found)
    return id && `${one.kind}:${id}`
  })
  if (members.every((one) => one !== null)) item.values[column.key] = [...new Set(members)]
}

function findOne(
  r: ReferenceColumns,
  indexes: Parameters<typeof readReference>[4],
  { any, code, name }: { any: string; code: string; name: string },
): Found | FoundPerson | FoundUnit {
  if (r.table === 'directory.unit') return indexes.units.find(any || code || name)
  if (r.table === 'directory.person') return any && !code && !name ? indexes.people!.findAny(any) : indexes.people!.find(code || any, name)
  return any && !code && !name ? indexes.coded!.findAny(any) : indexes.coded!.find(code, name || any)
}

/** Takes what was found, says what was repaired, asks what is doubtful, unless a person has answered already. */
export function settle(
  session: ImportSession,
  item: Item,
  column: string,
  text: string,
  found: Found | FoundPerson | FoundUnit,
): string | null {
  if ('missing' in found) {
    item.problems.push({ column, value: text, message: found.missing })
    return null
  }
  if ('doubt' in found) {
    const key = doubtKey(column, text)
    const chosen = session.choices[key]
    // An answer is one of the candidates shown, never an id from outside.
    if (chosen && found.candidates.some((candidate) => candidate.id === chosen)) return chosen
    if (chosen === null) item.isLeftOut = true
    else item.doubts.push({ key, column, text, why: found.doubt, candidates: found.candidates })
    return null
  }
  if ('repair' in found && found.repair) item.repairs.push({ column, ...found.repair })
  return 'unit' in found ? found.unit.id : 'person' in found ? found.person.id : found.entry.id
}
