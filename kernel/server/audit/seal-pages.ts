import type pg from 'pg'
import type { StoredSeal } from './chain.ts'
import type { Stream } from './entries.ts'

/** Where a seal stands in its stream. */
export interface Place {
  epoch: number
  number: number
}
// As many seals at a time as hold about this many entries.
const batchEntries = 8000
const batchSeals = 500
const columns = `stream, epoch, number, sealed_at AS "sealedAt", first_seq AS "firstSeq", last_seq AS "lastSeq", count, snapshot::text AS snapshot, root, previous, hash, mac, entries`

/** The next seals behind `after`, up to `upTo`; none when there are no more. */
export async function nextSeals(client: pg.ClientBase, stream: Stream, after: Place, upTo: Place): Promise<StoredSeal[]> {
  const { rows } = await client.query<StoredSeal>(
    `SELECT ${columns} FROM (
       SELECT *, sum(length(entries) / 40) OVER (ORDER BY epoch, number) - length(entries) / 40 AS before FROM (
         SELECT * FROM kernel.seal WHERE stream = $1 AND (epoch, number) > ($2, $3) AND (epoch, number) <= ($4, $5) ORDER BY epoch, number LIMIT ${batchSeals}) s) t
     WHERE before < ${batchEntries} ORDER BY epoch, number`,
    [stream, after.epoch, after.number, upTo.epoch, upTo.number],
  )
  return rows
}
