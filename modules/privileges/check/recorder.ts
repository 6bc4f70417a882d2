import { Refusal } from '#model'
import type { Claim } from '#kernel/server/access/clients/claims.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { keeperOf, newsCondition, type Keeper } from './keeper.ts'

/** A row of privileges.check_record. Instants as ISO text. */
export interface RecordRow {
  id: string; created_at: string; created_by: string | null; asker: string; asked_at: string; act_at: string; practitioner: string | null
  unit: string | null; identifier: string; code_system: string; code: string; procedure: string | null; role: string; urgency: string | null
  case_id: string | null; replay_of: string | null; result: string; would: string | null; mode: string; sentence: string; reasons: string | null
  explanation: string | null; latency_micros: number
} // prettier-ignore
// Each column with its own reader: read by a name that varies, every value of every row would be looked up anew.
const columns: readonly (readonly [name: keyof RecordRow, type: string, read: (row: RecordRow) => string | number | null])[] = [
  ['id', 'uuid', (row) => row.id],
  ['created_at', 'timestamptz', (row) => row.created_at],
  ['created_by', 'uuid', (row) => row.created_by],
  ['asker', 'text', (row) => row.asker],
  ['asked_at', 'timestamptz', (row) => row.asked_at],
  ['act_at', 'timestamptz', (row) => row.act_at],
  ['practitioner', 'uuid', (row) => row.practitioner],
  ['unit', 'uuid', (row) => row.unit],
  ['identifier', 'text', (row) => row.identifier],
  ['code_system', 'text', (row) => row.code_system],
  ['code', 'text', (row) => row.code],
  ['procedure', 'uuid', (row) => row.procedure],
  ['role', 'text', (row) => row.role],
  ['urgency', 'text', (row) => row.urgency],
  ['case_id', 'text', (row) => row.case_id],
  ['replay_of', 'text', (row) => row.replay_of],
  ['result', 'text', (row) => row.result],
  ['would', 'text', (row) => row.would],
  ['mode', 'text', (row) => row.mode],
  ['sentence', 'text', (row) => row.sentence],
  ['reasons', 'text', (row) => row.reasons],
  ['explanation', 'text', (row) => row.explanation],
  ['latency_micros', 'integer', (row) => row.latency_micros],
]

const names = columns.map(([name]) => name).join(', ')
const arrays = (from: number): string => columns.map(([, type], i) => `$${i + from}::${type}[]`).join(', ')
const news = `news AS MATERIALIZED (
    SELECT EXISTS (SELECT 1 FROM privileges.change c WHERE ${newsCondition('$1::pg_snapshot')} AND ($2::uuid[] IS NULL OR c.practitioner IS NULL OR c.practitioner = ANY ($2::uuid[]))) AS stale)`
const into = `INSERT INTO privileges.check_record (version, state, updated_at, updated_by, ${names})`
const listOf = (prefix: string): string => columns.map(([name]) => `${prefix}.${name}`).join(', ')
// One statement, one snapshot: it sees whether anything has changed that the answers were made without, and writes only when nothing has.
const insertWhenFresh = `WITH ${news},
  written AS (${into}
    SELECT 1, 'approved', r.created_at, r.created_by, r.* FROM unnest(${arrays(3)}) AS r (${names}), news WHERE NOT news.stale)
  SELECT stale, NULL::text[] AS taken FROM news`
// The same where signed requests are among them: each takes its number used once in the commit of its answer, and one whose number was used before writes nothing.
const insertWithClaims = `WITH ${news},
  claimed AS (INSERT INTO kernel.api_nonce (slot, digest) SELECT c.slot, c.digest FROM unnest($3::smallint[], $4::uuid[]) AS c (slot, digest), news WHERE NOT news.stale
    ON CONFLICT DO NOTHING RETURNING digest),
  written AS (${into}
    SELECT 1, 'approved', r.created_at, r.created_by, ${listOf('r')} FROM unnest(${arrays(6)}, $5::uuid[]) AS r (${names}, claim), news
    WHERE NOT news.stale AND (r.claim IS NULL OR r.claim IN (SELECT digest FROM claimed)))
  SELECT stale, CASE WHEN (SELECT count(*) FROM claimed) < cardinality($4::uuid[]) THEN ARRAY(SELECT replace(digest::text, '-', '') FROM claimed) END AS taken FROM news`

export interface Evaluated<A> {
  answer: A
  rows: readonly RecordRow[]
}
interface Waiting {
  evaluate: () => Evaluated<unknown>
  /** Of the signed request that asks; it stands or falls with the answer's record. */
  claim: Claim | null
  done: (answer: unknown) => void
  failed: (error: unknown) => void
}
interface Made extends Waiting {
  made: Evaluated<unknown>
}

const batchesAtOnce = 2
const rowsABatch = 2000
const tries = 5

/** Makes answers and their durable records: those that come within the same few milliseconds share one statement and one commit, and each waits for its own. */
export class Recorder {
  private queue: Waiting[] = []
  private inFlight = 0
  private scheduled = false
  private readonly kernel: Kernel
  private readonly keeper: Keeper

  constructor(kernel: Kernel) {
    this.kernel = kernel
    this.keeper = keeperOf(kernel)
  }

  /**
   * Evaluates out of the memory, records, and answers once the record is on disk. Evaluated again when the facts have moved on meanwhile. A claim is taken in the
   * same commit; one that was taken before is refused, and nothing is recorded.
   */
  answer<A>(evaluate: () => Evaluated<A>, claim: Claim | null = null): Promise<A> {
    return new Promise<A>((done, failed) => {
      this.queue.push({ evaluate, claim, done: done as (answer: unknown) => void, failed })
      this.schedule()
    })
  }
  private schedule(): void {
    if (this.scheduled || this.inFlight >= batchesAtOnce || this.queue.length === 0) return
    this.scheduled = true
    // After the sockets that are readable now have been read: what came together goes together.
    setImmediate(() => {
      this.scheduled = false
      this.begin()
    })
  }
  private begin(): void {
    if (this.inFlight >= batchesAtOnce || this.queue.length === 0) return
    this.inFlight++
    void this.write(this.take()).then((tell) => {
      this.inFlight--
      // The next batch is on its way before the answers of this one are sent: the database need not wait for our sockets.
      this.begin()
      setImmediate(tell)
    })
  }
  /** Evaluates what waits, up to a statement's rows. */
  private take(): Made[] {
    const batch: Made[] = []
    const claims = new Set<string>()
    let [at, rows] = [0, 0]
    for (; at < this.queue.length && rows < rowsABatch; at++) {
      const waiting = this.queue[at]!
      const { claim } = waiting
      // Twice within one statement: which of the two it is could not be told.
      if (claim && claims.size === claims.add(claim.digest).size) {
        waiting.failed(new Refusal('replayed'))
        continue
      }
      const one = this.make(waiting)
      if (one) batch.push(one)
      rows += one?.made.rows.length ?? 0
    }
    this.queue = this.queue.slice(at)
    return batch
  }
  private make(waiting: Waiting): Made | null {
    try {
      return { ...waiting, made: waiting.evaluate() }
    } catch (error) {
      waiting.failed(error)
      return null
    }
  }

  /** Writes a batch; answers how its waiters are told, well or badly. Never throws. */
  private async write(batch: Made[]): Promise<() => void> {
    try {
      let taken: ReadonlySet<string> | null = null
      for (let attempt = 1; batch.length; attempt++) {
        const written = await this.insert(batch, attempt)
        taken = written.taken
        if (!written.stale) break
        if (attempt === tries) throw new Refusal('unavailable', '授权数据正在大量变更，请稍后重试', { retryAfter: 1 })
        await this.keeper.refresh()
        batch = batch.flatMap((waiting) => this.make(waiting) ?? [])
      }
      const isReplay = ({ claim }: Made) => claim !== null && taken !== null && !taken.has(claim.digest)
      return () => batch.forEach((one) => (isReplay(one) ? one.failed(new Refusal('replayed')) : one.done(one.made.answer)))
    } catch (error) {
      const isAway = error instanceof Refusal && error.code === 'unavailable'
      if (isAway) this.keeper.distrust()
      if (isAway || batch.length === 1) return () => batch.forEach(({ failed }) => failed(error))
      // One answer that cannot be stored must not take the others with it.
      const tells: (() => void)[] = []
      for (const waiting of batch) tells.push(await this.write([waiting]))
      return () => tells.forEach((tell) => tell())
    }
  }
  /** Stale when something has changed; `taken`: the claims that were new, null for all. Late tries look only at what concerns the people of the batch. */
  private async insert(batch: readonly Made[], attempt: number): Promise<{ stale: boolean; taken: ReadonlySet<string> | null }> {
    const rows = batch.length === 1 ? batch[0]!.made.rows : batch.flatMap(({ made }) => made.rows)
    const people = attempt < 3 ? null : [...new Set(rows.map((row) => row.practitioner))].filter((id) => id !== null)
    const values = columns.map(([, type, read]) => columnText(rows, read, type === 'text'))
    const claims = batch.flatMap(({ claim }) => claim ?? [])
    const { db } = this.kernel
    const [news] = claims.length
      ? await db.query<News>(insertWithClaims, [this.keeper.snapshot, people, ...claimsText(batch, claims), ...values])
      : await db.query<News>(insertWhenFresh, [this.keeper.snapshot, people, ...values])
    return { stale: news!.stale, taken: news!.taken && new Set(news!.taken) }
  }
}
interface News {
  stale: boolean
  taken: string[] | null
}
/** Slots and digests of the claims, and for each row whose it is. */
const claimsText = (batch: readonly Made[], claims: readonly Claim[]): string[] => [
  `{${claims.map(({ slot }) => slot).join()}}`,
  `{${claims.map(({ digest }) => digest).join()}}`,
  `{${batch.flatMap(({ claim, made }) => made.rows.map(() => claim?.digest ?? 'NULL')).join()}}`,
]

/** One column of the rows as an array that PostgreSQL reads; only text may hold what needs quotes. A column of nulls is null: unnest pads what is shorter. */
function columnText(rows: readonly RecordRow[], read: (row: RecordRow) => string | number | null, isText: boolean): string | null {
  let [text, isEmpty] = ['{', true]
  for (let i = 0; i < rows.length; i++) {
    const value = read(rows[i]!)
    if (i) text += ','
    if (value === null) text += 'NULL'
    else {
      isEmpty = false
      text += isText ? quoted(value as string) : value
    }
  }
  return isEmpty ? null : `${text}}`
}
const quoted = (value: string): string => `"${needsEscape.test(value) ? value.replace(/["\\]/g, '\\$&') : value}"`
const needsEscape = /["\\]/

const recorders = new WeakMap<Kernel, Recorder>()
/** The one recorder of this process. */
export function recorderOf(kernel: Kernel): Recorder {
  let recorder = recorders.get(kernel)
  if (!recorder) recorders.set(kernel, (recorder = new Recorder(kernel)))
  return recorder
}
