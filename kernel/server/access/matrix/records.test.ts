import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isFoundByPart, isProtected, Refusal, is, kindOf, where, type ApiRecord } from '#model'
import { matrixHospital, type MatrixHospital, type Named } from '#app/testing/matrix-hospital.ts'
import { mayType, type Stored } from '#app/testing/policy.ts'
import type { Context } from '../../context.ts'
import { openField } from '../../records/open-field.ts'
import { countRecords, getRecord, listRecords } from '../../records/read.ts'
import { usedValues } from '../../records/choices.ts'
import { summarise } from '../../records/summarise.ts'

let h: MatrixHospital
const contexts = new Map<string, Context>()
beforeAll(async () => {
  h = await matrixHospital()
  for (const { person } of h.readers) contexts.set(person, await h.as(person))
}, 60_000)
afterAll(() => h[Symbol.asyncDispose]())

const contextOf = (reader: Named): Context => contexts.get(reader.person)!
/** What the program says: the answer, or the code of its refusal. */
const outcomeOf = async <T>(work: Promise<T>): Promise<T | string> =>
  work.catch((error: unknown) => {
    if (error instanceof Refusal) return error.code
    throw error
  })
const sorted = (ids: Iterable<string>): string[] => [...ids].sort()
/** Goes through every reader and type; collects what disagrees, so that a fault shows its whole extent. */
async function everyType(look: (reader: Named, type: string, rows: readonly Stored[]) => Promise<string[]>): Promise<string[]> {
  const found: string[] = []
  for (const reader of h.readers)
    for (const [type, rows] of h.rows)
      for (const problem of await look(reader, type, rows)) found.push(`${reader.name}, ${type}: ${problem}`)
  return found
}
/** How the fields of a record came out, against what the policy says of each. */
function fieldProblems(reader: Named, type: string, row: Stored, shown: ApiRecord, isInList = false): string[] {
  const problems: string[] = []
  for (const [key, field] of Object.entries(h.kernel.defs.resource(type).fields)) {
    // Lists carry no sub-tables.
    if (isInList && field.kind === 'rows') continue
    const [stored, got] = [row[key] ?? null, shown[key] ?? null]
    if (field.kind === 'rows' && h.policy.seen(reader, type, key, row) !== 'masked')
      problems.push(...cellProblems(reader, type, key, row, got))
    const isSame = JSON.stringify(stored) === JSON.stringify(got) || (field.kind === 'rows' && got !== null)
    const as = !(key in shown) ? 'absent' : isSame && !(kindOf(field).isWriteOnly && stored !== null) ? 'plain' : 'masked'
    const expected = kindOf(field).isWriteOnly && stored !== null ? 'masked' : h.policy.seen(reader, type, key, row)
    // Of nothing there is nothing to mask.
    if (as !== expected && !(stored === null && as !== 'absent' && expected !== 'absent')) problems.push(`${key} is ${as}, not ${expected}`)
  }
  return problems
}

/** How each cell of a sub-table came out. */
function cellProblems(reader: Named, type: string, key: string, row: Stored, got: unknown): string[] {
  const [was, is] = [(row[key] ?? []) as Record<string, unknown>[], got as Record<string, unknown>[] | null]
  if (!is) return []
  return was.flatMap((line, at) =>
    Object.keys(line).flatMap((column) => {
      if (column === 'id' || line[column] === null) return []
      cells++
      const as = is[at]?.[column] === line[column] ? 'plain' : is[at]?.[column] === undefined ? 'absent' : 'masked'
      const expected = h.policy.seen(reader, type, `${key}.${column}`, row)
      return as === expected ? [] : [`${key}.${column} is ${as}, not ${expected}`]
    }),
  )
}
let cells = 0

/** Which masked values the answer offers to open, against the policy; and that these open and no others. */
async function openProblems(reader: Named, type: string, row: Stored, shown: ApiRecord): Promise<string[]> {
  const problems: string[] = []
  for (const [key, field] of Object.entries(h.kernel.defs.resource(type).fields)) {
    if (field.kind === 'rows') problems.push(...(await openCellProblems(reader, type, key, row, shown)))
    if (!isProtected(field) || row[key] == null) continue
    const may = h.policy.mayOpen(reader, type, key, row)
    if ((shown.openable?.includes(key) ?? false) !== may) problems.push(`${key} is ${may ? 'not ' : ''}offered to be opened`)
    const got = await outcomeOf(openField(h.kernel, contextOf(reader), type, row.id, { field: key, reason: '核对' }))
    const expected = may ? { field: key, value: row[key] } : 'noRight'
    if (JSON.stringify(got) !== JSON.stringify(expected)) problems.push(`${key} opens as ${JSON.stringify(got)}`)
    opened += Number(may)
  }
  return problems
}
/** The same of the cells of a sub-table. */
async function openCellProblems(reader: Named, type: string, key: string, row: Stored, shown: ApiRecord): Promise<string[]> {
  const problems: string[] = []
  for (const line of (row[key] ?? []) as Record<string, unknown>[])
    for (const column of Object.keys(line)) {
      const name = `${key}.${column}`
      if (column === 'id' || line[column] == null) continue
      const may = h.policy.seen(reader, type, key, row) !== 'absent' && h.policy.mayOpen(reader, type, name, row)
      if ((shown.openable?.includes(name) ?? false) !== may) problems.push(`${name} is ${may ? 'not ' : ''}offered to be opened`)
      const got = await outcomeOf(
        openField(h.kernel, contextOf(reader), type, row.id, { field: name, row: line['id'] as string, reason: '核对' }),
      )
      const expected = may ? { field: name, value: line[column] } : 'noRight'
      if (JSON.stringify(got) !== JSON.stringify(expected)) problems.push(`${name} opens as ${JSON.stringify(got)}`)
      openedCells += Number(may)
    }
  return problems
}
let [opened, openedCells] = [0, 0]

/** What the answer says that he may do with it: a page obeys nothing else. */
function mayProblems(reader: Named, type: string, row: Stored, { may }: ApiRecord): string[] {
  const { approval, writtenBy } = h.policy.defs.resource(type)
  const policy = (action: 'update' | 'delete' | 'writeDirectly') => writtenBy !== 'module' && h.policy.may(reader, action, type, row)
  const expected = {
    update: policy('update') && !approval,
    delete: policy('delete') && !approval,
    requestChange: policy('update') && approval !== undefined,
    requestDeletion: policy('delete') && approval !== undefined,
    restore: false,
    purge: false,
    writeDirectly: policy('writeDirectly') && approval !== undefined,
  }
  return Object.entries(expected).flatMap(([act, is]) =>
    may?.[act as keyof typeof expected] === is ? [] : [`may.${act} is ${String(!is)}`],
  )
}

describe('rows and fields', () => {
  test('every reader lists and counts of every type the records that the policy gives him, and no others, each field as it says', async () => {
    let compared = 0
    const problems = await everyType(async (reader, type, rows) => {
      const found = await outcomeOf(listRecords(h.kernel, contextOf(reader), type, { limit: 500 }))
      const count = await outcomeOf(countRecords(h.kernel, contextOf(reader), type, {}))
      if (!mayType(h.policy.defs, reader.roles, 'read', type)) return found === 'noRight' && count === 'noRight' ? [] : [`listed without a right`]
      if (typeof found === 'string' || typeof count === 'string') return [`list answers ${JSON.stringify(found)}, count ${JSON.stringify(count)}`]
      const expected = rows.filter((row) => h.policy.may(reader, 'read', type, row))
      const byId = new Map(expected.map((row) => [row.id, row]))
      if (JSON.stringify(sorted(byId.keys())) !== JSON.stringify(sorted(found.rows.map(({ id }) => id)))) return [`lists ${found.rows.length} records, not ${expected.length}`]
      compared += expected.length
      return [
        ...(count.count === expected.length ? [] : [`counts ${count.count}, not ${expected.length}`]),
        ...found.rows.flatMap((shown) => fieldProblems(reader, type, byId.get(shown.id)!, shown, true)),
      ]
    }) // prettier-ignore
    expect([...new Set(problems)]).toEqual([])
    expect(compared).toBeGreaterThan(3000)
  }, 90_000)

  test('one record opens to whoever the policy gives it, the same way', async () => {
    const problems = await everyType(async (reader, type, rows) => {
      const found: string[] = []
      for (const row of rows) {
        const answer = await outcomeOf(getRecord(h.kernel, contextOf(reader), type, row.id))
        const expected = h.policy.may(reader, 'read', type, row) ? 'record' : mayType(h.policy.defs, reader.roles, 'read', type) ? 'notFound' : 'noRight' // prettier-ignore
        const got = typeof answer === 'string' ? answer : 'record'
        if (got !== expected) found.push(`opening answers ${got}, not ${expected}`)
        else if (typeof answer !== 'string')
          found.push(
            ...fieldProblems(reader, type, row, answer.record),
            ...mayProblems(reader, type, row, answer.record),
            ...(await openProblems(reader, type, row, answer.record)),
          )
      }
      return found
    })
    expect([...new Set(problems)]).toEqual([])
    expect(opened).toBeGreaterThan(20)
    expect(cells).toBeGreaterThan(500)
    expect(openedCells).toBeGreaterThan(20)
  }, 90_000)
})

describe('asking', () => {
  const ask = async (reader: Named, type: string, query: Parameters<typeof listRecords>[3]) => {
    const answer = await outcomeOf(listRecords(h.kernel, contextOf(reader), type, { limit: 500, ...query }))
    return typeof answer === 'string' ? answer : answer.rows.map(({ id }) => id)
  }
  const group = (reader: Named, type: string, key: string) =>
    outcomeOf(summarise(h.kernel, contextOf(reader), type, { group: [key], totals: [] }))

  test('nobody filters, sorts or groups by what he does not see, nor sorts, groups or searches in parts of what he sees masked', async () => {
    let [refused, answered] = [0, 0]
    const problems = await everyType(async (reader, type) => {
      if (!mayType(h.policy.defs, reader.roles, 'read', type)) return []
      const found: string[] = []
      for (const [key, field] of Object.entries(h.policy.defs.resource(type).fields)) {
        if (field.kind === 'rows') continue
        const seen = h.policy.seen(reader, type, key, null)
        if (seen === 'plain') {
          // What lies encrypted is asked about by its whole value, unless it is found by parts.
          if (field.kind !== 'text' || (isProtected(field) && !isFoundByPart(field))) continue
          answered++
          if ((await ask(reader, type, { filter: where(key, 'contains', '乙补') })) === 'badFilter') found.push(`${key} cannot be asked about`)
          if (((await group(reader, type, key)) === 'badFilter') !== isProtected(field)) found.push(`cannot be grouped by ${key}`)
          continue
        }
        refused++
        const tries = {
          sorted: await ask(reader, type, { sort: [`-${key}`] }),
          grouped: await group(reader, type, key),
          parts: await ask(reader, type, { filter: where(key, 'startsWith', '1') }),
          ...(seen === 'absent' ? { filled: await ask(reader, type, { filter: where(key, 'notEmpty') }), whole: await ask(reader, type, { filter: is(key, '1') }) } : {}),
        }
        for (const [how, answer] of Object.entries(tries)) if (answer !== 'badFilter') found.push(`${key}, ${seen}, is ${how}: ${JSON.stringify(answer).slice(0, 60)}`)
      }
      return found
    }) // prettier-ignore
    expect(problems).toEqual([])
    expect(refused).toBeGreaterThan(50)
    expect(answered).toBeGreaterThan(500)
  }, 90_000)

  test('the words used in a field of words are told to whoever sees them plainly', async () => {
    let [told, refused] = [0, 0]
    const problems = await everyType(async (reader, type) => {
      const found: string[] = []
      for (const [key, field] of Object.entries(h.policy.defs.resource(type).fields)) {
        if (field.kind !== 'tags') continue
        const isOpen = mayType(h.policy.defs, reader.roles, 'read', type) && h.policy.seen(reader, type, key, null) === 'plain'
        const answer = await outcomeOf(usedValues(h.kernel, contextOf(reader), type, key))
        if (isOpen) told++
        else refused++
        if ((typeof answer !== 'string') !== isOpen) found.push(`${key} ${isOpen ? 'is refused' : 'is told'}`)
      }
      return found
    })
    expect(problems).toEqual([])
    expect(told).toBeGreaterThan(5)
    expect(refused).toBeGreaterThan(5)
  })

  test('nor through a reference: a path ends where the right to its record ends', async () => {
    let looked = 0
    const problems = await everyType(async (reader, type) => {
      if (!mayType(h.policy.defs, reader.roles, 'read', type)) return []
      const found: string[] = []
      for (const [key, field] of Object.entries(h.policy.defs.resource(type).fields)) {
        const { target } = field.options as { target?: string }
        if (!target || field.kind === 'references' || h.policy.seen(reader, type, key, null) !== 'plain') continue
        const mayRead = mayType(h.policy.defs, reader.roles, 'read', target)
        for (const [inner, one] of Object.entries(h.policy.defs.resource(target).fields)) {
          const isGuarded = isProtected(one)
          const seen = mayRead ? h.policy.seen(reader, target, inner, null) : isGuarded ? 'absent' : 'plain'
          if (seen === 'plain' || one.kind === 'rows') continue
          looked++
          const path = `${key}.${inner}`
          const closed = [{ sort: [path] }, { filter: where(path, 'startsWith', '1') }]
          for (const query of seen === 'masked' ? closed : [...closed, { columns: [path] }, { filter: where(path, 'notEmpty') }])
            if ((await ask(reader, type, query)) !== 'badFilter') found.push(`${path} answers ${JSON.stringify(query)}`)
        }
      }
      return found
    }) // prettier-ignore
    expect(problems).toEqual([])
    expect(looked).toBeGreaterThan(20)
  }, 60_000)

  test('a search finds a record by what its reader sees of it, and by nothing else', async () => {
    let [hits, misses] = [0, 0]
    const problems = await everyType(async (reader, type, rows) => {
      const { defs } = h.policy
      if (!h.kernel.resource(type).hasSearch || !mayType(defs, reader.roles, 'read', type)) return []
      const found: string[] = []
      const keys = Object.entries(defs.resource(type).fields).filter(([, field]) => field.search === true)
      for (const [key] of keys)
        for (const row of rows.filter((_, at) => at % 5 === 0)) {
          const word = row[key]
          if (typeof word !== 'string' || word.length < 6) continue
          const expected = h.policy.may(reader, 'read', type, row) && h.policy.seen(reader, type, key, null) === 'plain'
          const answer = await ask(reader, type, { search: word })
          if (expected) hits++
          else misses++
          if (answer.includes(row.id) !== expected) found.push(`${key} ${expected ? 'does not find' : 'finds'} a record`)
        }
      return found
    })
    expect([...new Set(problems)]).toEqual([])
    expect(hits).toBeGreaterThan(100)
    expect(misses).toBeGreaterThan(100)
  }, 60_000)
})
