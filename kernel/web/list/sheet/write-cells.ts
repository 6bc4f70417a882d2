import type { ApiRecord, ChangeManyAnswer, WriteManyAnswer } from '#model'
import { api } from '../../api/client.ts'
import type { Entry, RowToWrite } from './staged.ts'
import type { ReadCell } from '../../fields/texts/read-texts.ts'

const portion = 500
interface Outcome {
  ok: boolean
  version: number | null
  message: string
  problems: WriteManyAnswer['results'][number]['problems']
  current: ApiRecord | null
}
/** What became of the cells (`done`), what takes back those that were written (`taken`), and what kept the rest from being tried. */
export interface Written {
  done: Entry[]
  taken: Entry[]
  error: Error | null
}
export interface ChangeOfRow {
  id: string
  seenVersion: number
  changes: Record<string, unknown>
}
/** Asks for changes where they wait for an approval. */
export type Request = (records: readonly ChangeOfRow[]) => Promise<ChangeManyAnswer>
/** Writes rows in portions, as changes or as a request for them. What was written before a fault stays written and is told. */
export async function writeCells(resource: string, asked: readonly RowToWrite[], request?: Request): Promise<Written> {
  const [done, taken]: [Entry[], Entry[]] = [[], []]
  try {
    for (let at = 0; at < asked.length; at += portion) {
      const some = asked.slice(at, at + portion)
      const results = request ? (await request(some.map(asChange))).results.map(asOutcome) : await write(resource, some)
      for (const [i, result] of results.entries()) {
        const { row, changes } = some[i]!
        const next = { ...row, ...changes, version: result.version ?? row.version }
        for (const [key, value] of Object.entries(changes)) {
          if (result.ok) {
            done.push({ row: next, key, cell: null })
            taken.push({ row: next, key, cell: { value: row[key] ?? null } })
          } else done.push({ row: result.current ?? row, key, cell: { value, ...wordsFor(result, key, new Set(Object.keys(changes))) } })
        }
      }
    }
  } catch (error) {
    return { done, taken, error: error instanceof Error ? error : new Error(String(error)) }
  }
  return { done, taken, error: null }
}
async function write(resource: string, asked: readonly RowToWrite[]): Promise<Outcome[]> {
  const records = asked.map(({ row, changes }) => ({ id: row.id, version: row.version, changes }))
  return (await api.patch<WriteManyAnswer>(`/api/records/${resource}`, { records })).results
}
const asChange = ({ row, changes }: RowToWrite): ChangeOfRow => ({ id: row.id, seenVersion: row.version, changes })
const asOutcome = ({ ok, message }: ChangeManyAnswer['results'][number]): Outcome => ({
  ok,
  version: null,
  message,
  problems: [],
  current: null,
})
/** Why a cell was not written, said at the cell. What somebody else has written meanwhile is no mistake of ours: writing again is a decision. */
function wordsFor(
  { message, problems, current }: Outcome,
  key: string,
  changed: ReadonlySet<string>,
): Pick<ReadCell, 'problem' | 'notice'> {
  if (current) return { notice: '这一格所在的记录刚被别人改过：再次保存以你的为准，清除此格则保留别人的' }
  const own = problems.find(({ field }) => field.split('.')[0] === key)
  if (own) return { problem: own.message }
  // What is wrong may stand in a field that was not edited: it no longer fits this one.
  const elsewhere = problems.find(({ field }) => !changed.has(field.split('.')[0]!))
  return elsewhere
    ? { problem: elsewhere.message }
    : problems.length
      ? { notice: '同一条记录的另一格有误，这一格还没有保存' }
      : { problem: message }
}
