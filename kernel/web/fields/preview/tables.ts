/** A table out of text of comma-, semicolon- or tab-separated values, as far as it is shown: quotes, doubled quotes and breaks in cells are understood. */
export function readTable(text: string, mostRows: number, mostColumns: number): { rows: string[][]; isCut: boolean } {
  const comma = separatorOf(text)
  const rows: string[][] = []
  let [row, cell, isQuoted, at] = [[] as string[], '', false, 0]
  const endCell = () => {
    row.push(cell)
    cell = ''
  }
  for (; at < text.length && rows.length < mostRows; at++) {
    const char = text[at]!
    if (isQuoted) {
      if (char !== '"') cell += char
      else if (text[at + 1] === '"') cell += text[++at]!
      else isQuoted = false
    } else if (char === '"' && cell === '') isQuoted = true
    else if (char === comma) endCell()
    else if (char === '\n') {
      endCell()
      rows.push(row)
      row = []
    } else if (char !== '\r') cell += char
  }
  if ((cell || row.length) && rows.length < mostRows) {
    endCell()
    rows.push(row)
  }
  const isCut = at < text.length || rows.some(({ length }) => length > mostColumns)
  return { rows: rows.map((one) => one.slice(0, mostColumns)), isCut }
}
/** The one of the usual separators that stands most often in the first line. */
function separatorOf(text: string): string {
  const first = text.slice(0, 2000).split('\n', 1)[0]!
  const count = (char: string) => first.split(char).length
  return [',', '\t', ';'].reduce((best, char) => (count(char) > count(best) ? char : best))
}
/** Text as people wrote it: UTF-8, else the code page of Chinese spreadsheets; null for what is no text. `isCut`: the last character may be half there. */
export function decodeText(bytes: Uint8Array, isCut: boolean): string | null {
  if (bytes.includes(0)) return null
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: isCut })
  } catch {
    return new TextDecoder('gb18030').decode(bytes, { stream: isCut })
  }
}
