import { afterAll, beforeAll, expect, test } from 'vitest'
import { isProtected, Refusal, invalid, kindOf, type Action, type FieldProblem } from '#model'
import { matrixHospital, type MatrixHospital, type Named } from '#app/testing/matrix-hospital.ts'
import { mayType, mayUse, type Stored } from '#app/testing/policy.ts'
import { moveClosing } from '../../closings/closings.ts'
import type { Context } from '../../context.ts'
import { exportRecords } from '../../exchange/export.ts'
import { setDeleted } from '../../records/deletion.ts'
import { purgeRecord } from '../../records/purge.ts'
import { createRecord, updateRecordOf } from '../../records/write.ts'
import { writeMany } from '../../records/write-many.ts'

let h: MatrixHospital
const contexts = new Map<string, Context>()
beforeAll(async () => {
  h = await matrixHospital()
  for (const { person } of h.readers) contexts.set(person, await h.as(person))
}, 60_000)
afterAll(() => h[Symbol.asyncDispose]())

interface Outcome {
  code: string
  problems: readonly FieldProblem[]
}
class Undone extends Error {}
/** Does it, sees what comes of it, and leaves everything as it was. */
async function tried(reader: Named, work: (ctx: Context) => Promise<unknown>): Promise<Outcome> {
  try {
    await h.kernel.transaction(contexts.get(reader.person)!, async (tx) => {
      await work(tx)
      throw new Undone()
    })
  } catch (error) {
    if (error instanceof Undone) return { code: 'done', problems: [] }
    if (error instanceof Refusal) return { code: error.code, problems: (error.detail as { problems?: FieldProblem[] }).problems ?? [] }
    throw error
  }
  throw new Error('what is tried never stays')
}
const refusals = new Set(['noRight', 'notFound', 'flowRefused'])
/** Refused for want of a right, in this way; or open, whatever the values then come to. */
const open = ({ code }: Outcome): string => (refusals.has(code) ? code : 'open')
const may = (reader: Named, action: Action, type: string, row?: Stored): boolean =>
  row ? h.policy.may(reader, action, type, row) : mayType(h.policy.defs, reader.roles, action, type)
const typeOf = (type: string) => h.policy.defs.resource(type)

/** What somebody must be told who tries this with this record. */
function expectedOver(reader: Named, action: 'update' | 'delete', type: string, row: Stored): string {
  const { approval, writtenBy } = typeOf(type)
  if (!may(reader, action, type)) return 'noRight'
  // What he may not see is not there for him.
  if (!may(reader, 'read', type, row)) return 'notFound'
  if (!may(reader, action, type, row) || writtenBy === 'module') return 'noRight'
  return approval ? 'flowRefused' : 'open'
}
async function everyRow(look: (reader: Named, type: string, row: Stored) => Promise<string[]>): Promise<string[]> {
  const found = new Set<string>()
  for (const reader of h.readers)
    for (const [type, rows] of h.rows)
      for (const row of rows) for (const problem of await look(reader, type, row)) found.add(`${reader.name}, ${type}: ${problem}`)
  return [...found]
}
const versionOf = (row: Stored): number => row['version'] as number

test('whoever changes or deletes a record may do so by the policy, and is told no more than that where he may not', async () => {
  const told = new Map<string, number>()
  const problems = await everyRow(async (reader, type, row) => {
    const got = {
      update: open(await tried(reader, (tx) => updateRecordOf(h.kernel, tx, type, row.id, versionOf(row), {}))),
      delete: open(await tried(reader, (tx) => setDeleted(h.kernel, tx, type, row.id, true, versionOf(row)))),
    }
    return (['update', 'delete'] as const).flatMap((action) => {
      const expected = expectedOver(reader, action, type, row)
      told.set(`${action} ${expected}`, (told.get(`${action} ${expected}`) ?? 0) + 1)
      return got[action] === expected ? [] : [`${action} answers ${got[action]}, not ${expected}`]
    })
  })
  expect(problems).toEqual([])
  for (const kind of ['open', 'noRight', 'notFound']) for (const action of ['update', 'delete']) expect(told.get(`${action} ${kind}`), `${action} ${kind}`).toBeGreaterThan(10) // prettier-ignore
}, 90_000)

test('the fields of a record that he may change are open or locked as the policy says', async () => {
  let [locked, free] = [0, 0]
  const looked = new Set<string>()
  const problems = await everyRow(async (reader, type, row) => {
    const { owner, fields } = typeOf(type)
    const isOwn = owner.person !== undefined && row[owner.person] === reader.person
    const turn = `${reader.name} ${type} ${isOwn}`
    if (looked.has(turn) || expectedOver(reader, 'update', type, row) !== 'open') return []
    looked.add(turn)
    const found: string[] = []
    for (const [key, field] of Object.entries(fields)) {
      if (field.derived || field.kind === 'formula' || field.kind === 'rows') continue
      const { problems } = await tried(reader, (tx) => updateRecordOf(h.kernel, tx, type, row.id, versionOf(row), { [key]: h.valueFor(field) ?? 'x' }))
      const is = problems.some((one) => one.field === key && one.message === '此项不能修改')
      if (is) locked++
      else free++
      if (is !== h.policy.isLocked(reader, type, key, row)) found.push(`${key} of ${isOwn ? 'his own' : 'another’s'} is ${is ? 'locked' : 'open'}`)
    }
    return found
  }) // prettier-ignore
  expect(problems).toEqual([])
  expect(locked).toBeGreaterThan(20)
  expect(free).toBeGreaterThan(300)
}, 60_000)

test('whoever adds a record adds it within his scope only', async () => {
  const added = new Set<string>()
  let outside = 0
  const problems = await everyRow(async (reader, type, row) => {
    const { approval, writtenBy, owner, fields } = typeOf(type)
    // Where no record's owner matters, one of the type tells it.
    if ((!may(reader, 'create', type) || approval || writtenBy === 'module') && h.rows.get(type)![0] !== row) return []
    const draft: Record<string, unknown> = {}
    for (const [key, field] of Object.entries(fields))
      if (!field.derived && !field.readOnly && field.kind !== 'rows' && field.kind !== 'formula') draft[key] = h.valueFor(field)
    for (const key of [owner.person, owner.department]) if (key && key !== 'id') draft[key] = row[key] ?? null
    const { code } = await tried(reader, (tx) => createRecord(h.kernel, tx, type, draft))
    if (!may(reader, 'create', type)) return code === 'noRight' ? [] : [`adding answers ${code} without a right`]
    if (approval) return code === 'flowRefused' ? [] : [`adding answers ${code} beside its approval`]
    if (writtenBy === 'module') return code === 'noRight' ? [] : [`adding answers ${code} by hand`]
    // Whose it is follows what it refers to, whatever the draft says: this row tells nothing of it.
    if ([owner.person, owner.department].some((key) => key && fields[key]?.readOnly && fields[key].from)) return []
    // One's own, where it must be somebody's and nobody was named.
    const person = owner.person && fields[owner.person]?.required ? { [owner.person]: row[owner.person] ?? reader.person } : {}
    if (may(reader, 'create', type, { ...row, ...person })) {
      if (code === 'done') added.add(type)
      return code === 'noRight' ? ['refused within his scope'] : []
    }
    outside++
    return code === 'noRight' || code === 'invalid' ? [] : [`adding answers ${code} outside his scope`]
  })
  expect(problems).toEqual([])
  expect(outside).toBeGreaterThan(50)
  expect([...added]).toEqual(
    expect.arrayContaining(['sample.case', 'privileges.departmentProcedure', 'staff.title', 'directory.identifier']),
  )
}, 90_000)

test('the recycle bin gives back to whoever may delete, and forgets for whoever may purge', async () => {
  let [purged, restored] = [0, 0]
  const problems = await everyRow(async (reader, type, row) => {
    if (!may(reader, 'delete', type) && !may(reader, 'purge', type)) return []
    const deleted = (then: (tx: Context) => Promise<unknown>) =>
      tried(reader, async (tx) => {
        await setDeleted(h.kernel, tx, type, row.id, true, null, { byModule: true }).catch((error: unknown) => {
          // What others point at stays: then there is nothing to look at.
          throw error instanceof Refusal ? invalid([]) : error
        })
        await then(tx)
      })
    const back = await deleted((tx) => setDeleted(h.kernel, tx, type, row.id, false, null))
    const gone = await deleted((tx) => purgeRecord(h.kernel, tx, type, row.id, '重复录入'))
    if (back.code === 'invalid' && gone.code === 'invalid') return []
    const found: string[] = []
    const mayRestore = may(reader, 'delete', type, row) && may(reader, 'read', type, row) && typeOf(type).writtenBy !== 'module'
    if (mayRestore) restored++
    if (gone.code === 'done') purged++
    if ((back.code === 'done') !== mayRestore) found.push(`giving back answers ${back.code}`)
    // What others still name is refused to him who may.
    if ((gone.code === 'done' || gone.code === 'referenced') !== may(reader, 'purge', type, row))
      found.push(`forgetting answers ${gone.code}`)
    return found
  })
  expect(problems).toEqual([])
  expect(purged).toBeGreaterThan(10)
  expect(restored).toBeGreaterThan(100)
}, 90_000)

/** Types whose import is a verb of their module, with a right of its own. */
const byVerb: Readonly<Record<string, string>> = { 'privileges.grant': 'privileges.manage' }
test('what belongs to a whole type — export, import, many at once, past an approval, closing — is open to whom the policy opens it', async () => {
  const problems: string[] = []
  const say = (reader: Named, type: string, what: string) => void problems.push(`${reader.name}, ${type}: ${what}`)
  for (const reader of h.readers)
    for (const [type, rows] of h.rows) {
      const ctx = contexts.get(reader.person)!
      const { writtenBy } = typeOf(type)
      const expected = rows.filter((row) => may(reader, 'export', type, row) && may(reader, 'read', type, row)).map(({ id }) => id)
      const taken = await exported(ctx, type)
      if (may(reader, 'export', type) && may(reader, 'read', type) ? JSON.stringify(taken) !== JSON.stringify(expected.sort()) : taken !== 'noRight')
        say(reader, type, `export takes ${taken.length}, not ${expected.length}`)
      const imported = await refusalOf(() => h.house.imports.offered(ctx, type))
      const mayImport = byVerb[type] ? mayUse(h.policy.defs, reader.roles, byVerb[type]) : may(reader, 'import', type) && writtenBy !== 'module'
      if ((imported === 'noRight') === mayImport) say(reader, type, `import answers ${imported}`)
      const many = open(await tried(reader, (tx) => writeMany(h.kernel, tx, type, [{ id: rows[0]!.id, version: 1, changes: {} }])))
      if ((many === 'noRight') === may(reader, 'update', type)) say(reader, type, `many at once answers ${many}`)
      const directly = open(await tried(reader, (tx) => createRecord(h.kernel, tx, type, {}, { directly: '补录' })))
      if ((directly === 'noRight') === may(reader, 'writeDirectly', type)) say(reader, type, `past the approval answers ${directly}`)
      const closing = open(await tried(reader, (tx) => moveClosing(h.kernel, tx, type, { act: 'close', through: '2026-01-31', reason: '月结' })))
      if ((closing === 'noRight') === may(reader, 'close', type)) say(reader, type, `closing answers ${closing}`)
    }
  expect(problems).toEqual([])
}, 90_000) // prettier-ignore

test('no protected or hidden value leaves in an export', async () => {
  let compared = 0
  const problems: string[] = []
  for (const reader of h.readers)
    for (const [type, rows] of h.rows) {
      if (!may(reader, 'export', type) || !may(reader, 'read', type)) continue
      const keys = Object.keys(typeOf(type).fields).filter((key) => typeOf(type).fields[key]!.kind !== 'rows')
      const text = await exportedText(contexts.get(reader.person)!, type, keys)
      for (const row of rows)
        for (const key of keys) {
          const [field, value] = [typeOf(type).fields[key]!, row[key]]
          if (typeof value !== 'string' || value.length < 8 || !/\d{4}/.test(value)) continue
          // A number that was drawn twice is told by whichever of the two is open.
          if (rows.some((another) => another !== row && another[key] === value)) continue
          if (!isProtected(field) && field.kind !== 'text' && field.kind !== 'longText') continue
          const isTaken = may(reader, 'export', type, row) && may(reader, 'read', type, row)
          const isOpen = isTaken && h.policy.seen(reader, type, key, row) === 'plain' && !kindOf(field).isWriteOnly
          compared++
          if (text.includes(value) !== isOpen) problems.push(`${reader.name}, ${type}: ${key} ${isOpen ? 'is missing' : 'leaves'}`)
        }
    }
  expect([...new Set(problems)]).toEqual([])
  expect(compared).toBeGreaterThan(500)
}, 60_000)

async function exportedText(ctx: Context, type: string, columns: string[]): Promise<string> {
  const { stream } = await exportRecords(h.kernel, ctx, type, { columns, format: 'csv' })
  return (await stream.toArray()).join('')
}
async function exported(ctx: Context, type: string): Promise<string[] | string> {
  try {
    const text = await exportedText(ctx, type, ['id'])
    return (text.match(/^[0-9a-f-]{36}/gm) ?? []).sort()
  } catch (error) {
    if (error instanceof Refusal) return error.code
    throw error
  }
}
async function refusalOf(work: () => unknown): Promise<string> {
  try {
    await work()
    return 'open'
  } catch (error) {
    if (error instanceof Refusal) return error.code
    throw error
  }
}
