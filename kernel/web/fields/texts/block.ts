/** A block of cells as spreadsheets put it on the clipboard: rows by line, cells by tab; a cell with breaks or tabs in quotes. */
export function readBlock(text: string): string[][] {
  const rows: string[][] = [[]]
  let [cell, isQuoted] = ['', false]
  const body = text.replaceAll('\r\n', '\n').replace(/\n$/, '')
  for (let at = 0; at < body.length; at++) {
    const char = body[at]!
    if (isQuoted) {
      if (char !== '"') cell += char
      else if (body[at + 1] === '"') cell += body[++at]!
      else isQuoted = false
    } else if (char === '"' && cell === '') isQuoted = true
    else if (char === '\t') {
      rows.at(-1)!.push(cell)
      cell = ''
    } else if (char === '\n') {
      rows.at(-1)!.push(cell)
      rows.push([])
      cell = ''
    } else cell += char
  }
  rows.at(-1)!.push(cell)
  return rows
}
/** The same, on the way out. */
export const writeBlock = (rows: readonly (readonly string[])[]): string =>
  rows.map((row) => row.map((cell) => (/[\t\n"]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join('\t')).join('\n')

export interface Place {
  row: number
  column: number
}
export interface Area {
  from: Place
  to: Place
}
export const areaOf = (a: Place, b: Place): Area => ({
  from: { row: Math.min(a.row, b.row), column: Math.min(a.column, b.column) },
  to: { row: Math.max(a.row, b.row), column: Math.max(a.column, b.column) },
})
export const holds = ({ from, to }: Area, { row, column }: Place): boolean =>
  row >= from.row && row <= to.row && column >= from.column && column <= to.column

/**
 * Where each cell of a pasted block goes: from the area's first cell on; one cell or line fills an area that is a multiple of it. What would lie outside
 * `rows` × `columns` is left out.
 */
export function placeBlock(
  block: readonly (readonly string[])[],
  area: Area,
  rows: number,
  columns: number,
): { at: Place; text: string }[] {
  const [tall, wide] = [block.length, Math.max(...block.map((row) => row.length))]
  const [areaTall, areaWide] = [area.to.row - area.from.row + 1, area.to.column - area.from.column + 1]
  const fills = areaTall % tall === 0 && areaWide % wide === 0
  const [down, across] = fills ? [areaTall, areaWide] : [tall, wide]
  const placed: { at: Place; text: string }[] = []
  for (let r = 0; r < down; r++)
    for (let c = 0; c < across; c++) {
      const text = block[r % tall]![c % wide]
      const at = { row: area.from.row + r, column: area.from.column + c }
      if (text !== undefined && at.row < rows && at.column < columns) placed.push({ at, text })
    }
  return placed
}
