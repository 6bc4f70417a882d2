/** One line of a file as a person counts it (the first is 1), its cells as text. */
export interface FileRow {
  at: number
  cells: string[]
  /** Why the line cannot be read. */
  broken?: string
}
/** A file that can be read line by line, again and again, in bounded memory. */
export interface FileTable {
  /** What it was recognised as, in words. */
  format: string
  sheets: string[]
  bytes: number
  /** Lines in portions; `onBytes` is told how far into the file the reading has come. */
  read(options: { sheet?: string | null; onBytes?: (done: number) => void }): AsyncGenerator<FileRow[]>
}
export const isBlank = (row: FileRow): boolean => row.broken === undefined && row.cells.every((cell) => cell.trim() === '')
