import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type pg from 'pg'
import type { StoredSeal } from '../chain.ts'
import { contents, packedCount, packedSeq, streams, type Stream } from '../entries.ts'
import { nextSeals, type Place } from '../seal-pages.ts'
import { standAloneVerifier } from './bundle.ts'
import {
  anchorsFile,
  formatName,
  manifestFile,
  sealLine,
  verifierFile,
  type ArchivedStream,
  type ArchivePlace,
  type Manifest,
} from './format.ts'
import { readMe, readMeFile } from './read-me.ts'

export interface ExportOptions {
  streams: readonly Stream[]
  /** Only seals made from this instant. */
  from: string | null
  /** Only seals made before this instant. */
  to: string | null
  /** Only seals behind this one of the audit, up to that one: instead of instants. */
  between?: { after: Place | null; upTo: Place }
  now: Date
  /** Told each entry as it is written. */
  onEntry?: (parts: readonly (string | null)[]) => void
}
const perFile = 100_000

/**
 * Writes sealed entries with their seals and the anchors into an empty folder, with the program that proves them and what one must know to run it.
 * The client must stand in one snapshot: what is sealed meanwhile belongs to the next archive.
 */
export async function exportArchive(client: pg.ClientBase, folder: string, options: ExportOptions): Promise<Manifest> {
  await mkdir(folder, { recursive: true, mode: 0o750 })
  if ((await readdir(folder)).length > 0) throw new Error(`文件夹 ${folder} 不是空的，请另选`)
  const manifest: Manifest = { format: formatName, madeAt: options.now.toISOString(), from: options.from, to: options.to, streams: {} }
  for (const stream of options.streams) manifest.streams[stream] = await new StreamExport(client, folder, stream, options).run()
  // What lies behind the last seal is another archive's.
  if (options.between) manifest.to = manifest.streams.audit?.last?.sealedAt ?? null
  await writeFile(join(folder, anchorsFile), await anchorsOf(client))
  await writeFile(join(folder, verifierFile), await standAloneVerifier())
  await writeFile(join(folder, readMeFile), readMe(manifest))
  // Last: a folder without it is no archive.
  await writeFile(join(folder, manifestFile), `${JSON.stringify(manifest, null, 2)}\n`)
  return manifest
}

async function anchorsOf(client: pg.ClientBase): Promise<string> {
  const { rows } = await client.query<{ number: number; at: string; seals: unknown }>(`SELECT number, at, seals FROM kernel.audit_anchor ORDER BY number`)
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('')
} // prettier-ignore

class StreamExport {
  private readonly client: pg.ClientBase
  private readonly folder: string
  private readonly stream: Stream
  private readonly options: ExportOptions
  private readonly made: ArchivedStream
  private waiting: StoredSeal[] = []

  constructor(client: pg.ClientBase, folder: string, stream: Stream, options: ExportOptions) {
    this.client = client
    this.folder = folder
    this.stream = stream
    this.options = options
    this.made = { before: null, last: null, seals: 0, entries: 0, columns: contents[stream].map(([name]) => name), files: [] }
  }

  async run(): Promise<ArchivedStream> {
    const { after, upTo } = this.options.between ?? (await this.bounds())
    if (after) this.made.before = await this.placed(after)
    let place = after ?? { epoch: 0, number: 0 }
    if (!upTo) return this.made
    const fill = async () => {
      this.waiting = await nextSeals(this.client, this.stream, place, upTo)
      place = this.waiting.at(-1) ?? place
    }
    for (await fill(); this.waiting.length > 0;) await this.writeFile(fill)
    return this.made
  }

  private async bounds(): Promise<{ after: Place | null; upTo: Place | null }> {
    const { from, to } = this.options
    const { rows } = await this.client.query<Place & { is: 'after' | 'upTo' }>(
      `(SELECT 'after' AS is, epoch, number FROM kernel.seal WHERE stream = $1 AND sealed_at < $2::timestamptz ORDER BY epoch DESC, number DESC LIMIT 1)
       UNION ALL (SELECT 'upTo', epoch, number FROM kernel.seal WHERE stream = $1 AND ($3::timestamptz IS NULL OR sealed_at < $3) ORDER BY epoch DESC, number DESC LIMIT 1)`,
      [this.stream, from, to],
    )
    const at = (is: string) => rows.find((row) => row.is === is) ?? null
    return { after: at('after'), upTo: at('upTo') }
  }
  private async placed({ epoch, number }: Place): Promise<ArchivePlace & { snapshot: string }> {
    const { rows } = await this.client.query<ArchivePlace & { snapshot: string }>(
      `SELECT epoch, number, encode(hash, 'hex') AS hash, sealed_at AS "sealedAt", snapshot::text AS snapshot FROM kernel.seal WHERE stream = $1 AND epoch = $2 AND number = $3`,
      [this.stream, epoch, number],
    )
    return rows[0]!
  }

  /** One file of whole seals. */
  private async writeFile(fill: () => Promise<void>): Promise<void> {
    const name = `${this.stream}-${String(this.made.files.length + 1).padStart(5, '0')}.jsonl.gz`
    const [sha, file] = [createHash('sha256'), { name, sha256: '', seals: 0, entries: 0 }]
    const tap = new Transform({
      transform(piece: Buffer, _, done) {
        sha.update(piece)
        done(null, piece)
      },
    })
    const target = createWriteStream(join(this.folder, name), { mode: 0o640 })
    await pipeline(Readable.from(this.lines(file, fill)), createGzip(), tap, target)
    this.made.files.push({ ...file, sha256: sha.digest('hex') })
    this.made.seals += file.seals
    this.made.entries += file.entries
  }

  private async *lines(file: { seals: number; entries: number }, fill: () => Promise<void>): AsyncGenerator<string> {
    for (; this.waiting.length > 0 && file.entries < perFile; await fill()) {
      const rows = await this.rowsOf(this.waiting)
      for (const seal of this.waiting) {
        const own = Array.from({ length: packedCount(seal.entries) }, (_, i) => rows.get(packedSeq(seal.entries, i)) ?? []).flat()
        file.seals++
        file.entries += own.length
        for (const parts of own) this.options.onEntry?.(parts)
        yield [sealLine(seal), ...own.map((parts) => JSON.stringify(parts)), ''].join('\n')
      }
      const { epoch, number, hash, sealedAt } = this.waiting.at(-1)!
      this.made.last = { epoch, number, hash: hash.toString('hex'), sealedAt }
    }
  }
  private async rowsOf(seals: readonly StoredSeal[]): Promise<Map<number, (string | null)[][]>> {
    const seqs = seals.flatMap(({ entries }) => Array.from({ length: packedCount(entries) }, (_, i) => packedSeq(entries, i)))
    const { table, parts } = streams[this.stream]
    const { rows } = await this.client.query<{ seq: number; parts: (string | null)[] }>(
      `SELECT seq, ${parts} AS parts FROM ${table} WHERE seq = ANY($1::bigint[]) ORDER BY seq`,
      [seqs],
    )
    const found = new Map<number, (string | null)[][]>()
    for (const row of rows) found.set(row.seq, [...(found.get(row.seq) ?? []), row.parts])
    return found
  }
}
