import type pg from 'pg'
import { shaOf, streams, type Stream } from './entries.ts'
import type { Findings } from './findings.ts'

/** A row whose content is not what its seal says. */
export interface Suspect {
  seq: number
  /** As sealed. */
  hash: string
}

// Each is tried at the place of each other: beyond this, only "altered" is said.
const tried = 300
const page = 5000

/** An entry whose content is right under another sealed number has been moved there; otherwise its content was altered. */
export async function judgeSuspects(
  client: pg.ClientBase,
  stream: Stream,
  suspects: readonly Suspect[],
  findings: Findings,
): Promise<void> {
  const { table, text } = streams[stream]
  for (let from = 0; from < suspects.length; from += page) {
    const some = suspects.slice(from, from + page)
    const { rows } = await client.query<{ seq: number; at: string; text: string }>(
      `SELECT seq, at, ${text} AS text FROM ${table} WHERE seq = ANY($1::bigint[]) ORDER BY seq`,
      [some.map(({ seq }) => seq)],
    )
    for (const row of rows) {
      const rest = row.text.slice(prefix(row.seq).length)
      const home =
        suspects.length <= tried
          ? suspects.find((other) => other.seq !== row.seq && shaOf(prefix(other.seq) + rest) === other.hash)
          : undefined
      if (home) findings.add(stream, 'moved', row.seq, `第 ${row.seq} 条的内容原是第 ${home.seq} 条，顺序被调换`)
      else findings.add(stream, 'altered', row.seq, `第 ${row.seq} 条的内容被修改（${row.at}）`)
    }
  }
}

// The text of an entry begins with its number.
const prefix = (seq: number): string => `${String(seq).length}:${seq}`
