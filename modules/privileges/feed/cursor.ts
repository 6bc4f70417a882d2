import { Refusal } from '#model'

/**
 * Where a reader of the feed stands: all that was visible in `from` has been told; of what became visible until `to`, everything up to
 * `after`. Snapshots, not numbers: a lower number may commit later, and would be a hole. `epoch` is the database's life.
 */
export interface Cursor {
  epoch: string
  from: string
  to: string | null
  after: number
}
/** Before the first change. */
export const beginning = '1:1:'

export const writeCursor = ({ epoch, from, to, after }: Cursor): string =>
  Buffer.from(JSON.stringify([epoch, from, to, after])).toString('base64url')

const snapshotText = /^\d{1,20}:\d{1,20}:(\d{1,20}(,\d{1,20})*)?$/
/** Reads a cursor that was given out before; one of another life of the database gets 410. */
export function readCursor(text: string | undefined, epoch: string): Cursor {
  if (!text) return { epoch, from: beginning, to: null, after: 0 }
  const [given, from, to, after] = parts(text)
  const isWhole = typeof given === 'string' && isSnapshot(from) && (to === null || isSnapshot(to)) && Number.isSafeInteger(after)
  if (!isWhole) throw new Refusal('badCursor')
  if (given !== epoch) throw new Refusal('feedRestart', undefined, { epoch })
  return { epoch, from, to, after: after as number }
}
const isSnapshot = (value: unknown): value is string => typeof value === 'string' && value.length < 20_000 && snapshotText.test(value)
function parts(text: string): unknown[] {
  try {
    const read: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
    return Array.isArray(read) ? (read as unknown[]) : []
  } catch {
    return []
  }
}
