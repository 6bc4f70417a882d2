import { isGiven, kindOf, type Field, type Fields } from '#model'
import type { ReadCell } from '../texts/read-texts.ts'

/** Lines of texts for a sub-table: which of its fields each column goes to. */
export interface Lines {
  /** Without the head. */
  texts: readonly (readonly string[])[]
  /** Where the head stood, if there was one. */
  head: readonly string[] | null
  /** Column → field; null: left out. No field twice. */
  targets: readonly (string | null)[]
}

/** The fields of a sub-table that a text can fill. */
export const fillable = (fields: Fields): [string, Field][] =>
  Object.entries(fields).filter(([, field]) => {
    const kind = kindOf(field)
    return !kind.notImported && !kind.isOwn && !field.readOnly && !isGiven(field)
  })
const plain = (text: string): string => text.replace(/[\s*＊:：（()）]/g, '').toLowerCase()

/** Reads a block as lines: its first is a head where one of its cells is called as a field, else the columns are taken in the fields' order. */
export function linesOf(block: readonly (readonly string[])[], fields: Fields): Lines {
  const open = fillable(fields)
  const filled = block.filter((row) => row.some((cell) => cell.trim() !== ''))
  const width = Math.max(0, ...filled.map((row) => row.length))
  const named = new Map(open.map(([key, field]) => [plain(field.label), key]))
  const found = Array.from({ length: width }, (_, at) => named.get(plain(filled[0]?.[at] ?? '')) ?? null)
  const isHead = found.some((key) => key !== null)
  const inOrder = Array.from({ length: width }, (_, at) => open[at]?.[0] ?? null)
  return {
    texts: isHead ? filled.slice(1) : filled,
    head: isHead ? filled[0]! : null,
    targets: isHead ? found.map((key, at) => (found.indexOf(key) === at ? key : null)) : inOrder,
  }
}
/** One column goes to this field from now on, and no other does. */
export const retarget = ({ targets, ...lines }: Lines, column: number, key: string | null): Lines => ({
  ...lines,
  targets: targets.map((now, at) => (at === column ? key : now === key ? null : now)),
})

export interface LineRead {
  cells: ReadonlyMap<string, ReadCell>
  /** Key → what is wrong with it. */
  problems: ReadonlyMap<string, string>
}
/** A line with what keeps it out: cells that mean nothing, and required fields that stay empty. */
export function judged(cells: ReadonlyMap<string, ReadCell>, fields: Fields): LineRead {
  const problems = new Map<string, string>()
  for (const [key, field] of Object.entries(fields)) {
    const cell = cells.get(key)
    const isMissing = field.required === true && field.default === undefined && !field.visibleWhen && (cell?.value ?? null) === null
    if (cell?.problem) problems.set(key, cell.problem)
    else if (isMissing) problems.set(key, `没有“${field.label}”`)
  }
  return { cells, problems }
}
