import type pg from 'pg'
import { nameSuspects, type Suspect } from './chain.ts'
import { streams, type Stream } from './entries.ts'
import type { Findings } from './findings.ts'

const page = 5000

/** Reads the suspects' rows again and says what happened to each. */
export async function judgeSuspects(
  client: pg.ClientBase,
  stream: Stream,
  suspects: readonly Suspect[],
  findings: Findings,
): Promise<void> {
  const { table, text } = streams[stream]
  for (let from = 0; from < suspects.length; from += page) {
    const { rows } = await client.query<{ seq: number; at: string; text: string }>(
      `SELECT seq, at, ${text} AS text FROM ${table} WHERE seq = ANY($1::bigint[]) ORDER BY seq`,
      [suspects.slice(from, from + page).map(({ seq }) => seq)],
    )
    nameSuspects(stream, suspects, rows, findings)
  }
}
