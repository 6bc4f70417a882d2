// A catalogue from upload to done, and a million rows from a file with a history row each; against COPY into an identical table with the same indexes.
import { createReadStream, createWriteStream, mkdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Context } from '#kernel/server/context.ts'
import { largestImport } from '#kernel/server/exchange/imports.ts'
import { searchText } from '#kernel/server/store/search.ts'
import { openHouse, type House } from '#app/house.ts'
import { catalogueFile, generatedCatalogue } from '#app/testing/imports.ts'
import { v7 as uuidv7 } from 'uuid'
import { bench, benchDatabase, claim, fill, median, type BenchDatabase } from './harness.ts'

const catalogue = 'privileges.catalogue'

export default bench({
  async run(ctx) {
    await using database = await benchDatabase('import')
    const house = await openHouse({ appUrl: database.appUrl, dataFolder: database.folder, poolSize: 4 })
    const files = join(database.folder, 'import')
    mkdirSync(files, { recursive: true })
    try {
      const actor = await house.kernel.context({ kind: 'system', reason: '测量' }, 'bench')
      const rows = ctx.quick ? 60_000 : 1_000_000
      const turns = ctx.quick ? 1 : 3
      const file = join(files, `${rows}.csv`)
      const copy = join(files, `${rows}.copy`)
      await pipeline(Readable.from(csvLines(rows)), createWriteStream(file))
      await pipeline(Readable.from(copyLines(rows)), createWriteStream(copy))
      // LIKE … INCLUDING ALL: the same columns, constraints and indexes.
      await fill(
        database,
        `CREATE TABLE privileges.standard_copy (LIKE privileges.standard_procedure INCLUDING ALL); GRANT ALL ON privileges.standard_copy TO xinglin_app`,
      )
      const catalogues: number[] = []
      for (let turn = 1; turn <= 5; turn++) {
        await empty(database)
        catalogues.push(await seconds(() => importWhole(house, actor, Readable.from([catalogueFile()]), true)))
        ctx.log(`  catalogue ${turn}  ${catalogues.at(-1)!.toFixed(2)} s`)
      }
      const [floors, ours]: [number[], number[]] = [[], []]
      for (let turn = 1; turn <= turns; turn++) {
        await empty(database)
        floors.push(await seconds(() => copyWhole(house, copy)))
        await empty(database)
        ours.push(await seconds(() => importWhole(house, actor, createReadStream(file), false)))
        ctx.log(
          `  run ${turn}  ${rows} rows: COPY ${floors.at(-1)!.toFixed(1)} s, import with history ${ours.at(-1)!.toFixed(1)} s, memory ${Math.round(process.memoryUsage().rss / 2 ** 20)} MB`,
        )
      }
      const [floor, our] = [rows / median(floors), rows / median(ours)]
      return [
        claim(ctx, 'import.catalogue_s', median(catalogues), 's', '<=5', { ours: median(catalogues) }),
        claim(ctx, 'import.copy_ratio', our / floor, 'x', '>=0.3', { floor, ours: our, relative: true }),
      ]
    } finally {
      await house.close()
      await rm(files, { recursive: true, force: true })
    }
  },
})

async function seconds(work: () => Promise<void>): Promise<number> {
  const begun = performance.now()
  await work()
  return (performance.now() - begun) / 1000
}
const empty = (database: BenchDatabase): Promise<void> =>
  fill(
    database,
    `TRUNCATE privileges.standard_copy; TRUNCATE privileges.standard_procedure CASCADE; TRUNCATE kernel.history; TRUNCATE kernel.import_change; CHECKPOINT`,
  )

/** What the page does: upload, look at the preview, run. */
async function importWhole(house: House, ctx: Context, source: Readable, withPreview: boolean): Promise<void> {
  const file = await house.files.put(ctx, '目录.csv', source, largestImport, 'table')
  const id = await house.imports.begin(ctx, catalogue, file)
  if (withPreview) await (await house.imports.preview(ctx, id)).finished
  await (
    await house.imports.run(ctx, id)
  ).finished
  const { counts, state } = await house.imports.detail(ctx, id)
  if (state !== 'done' || counts.refused || counts.created !== counts.rows)
    throw new Error(`not everything was taken: ${JSON.stringify(counts)}`)
}
async function copyWhole(house: House, path: string): Promise<void> {
  await house.kernel.db.transaction(async (tx) => {
    await tx.once('SET LOCAL statement_timeout = 0')
    const columns =
      'id, version, state, created_at, created_by, updated_at, updated_by, deleted_at, code_system, code_version, code, name, operation_type, drg_valid, retired, search_text'
    await tx.copyIn(
      `COPY privileges.standard_copy (${columns}) FROM STDIN`,
      createReadStream(path, { encoding: 'utf8', highWaterMark: 1 << 16 }),
    )
  })
}

/** Names like those of the catalogue; the code counts. */
function* generated(rows: number): Generator<{ code: string; name: string; valid: boolean }> {
  const names = generatedCatalogue(10_000).split('\n').slice(1, 10_001).map((line) => line.split(',')[1]!) // prettier-ignore
  for (let i = 0; i < rows; i++)
    yield {
      code: `${String(i % 100).padStart(2, '0')}.${String(Math.floor(i / 100)).padStart(4, '0')}x001`,
      name: names[i % names.length]!,
      valid: i % 4 !== 0,
    }
}
function* csvLines(rows: number): Generator<string> {
  yield 'code,name,drg_valid\n'
  for (const { code, name, valid } of generated(rows)) yield `${code},${name},${valid ? 1 : 0}\n`
}
function* copyLines(rows: number): Generator<string> {
  const at = '2026-06-15T00:00:00Z'
  for (const { code, name, valid } of generated(rows))
    yield `${uuidv7()}\t1\tapproved\t${at}\t\\N\t${at}\t\\N\t\\N\t医保版\t2.0\t${code}\t${name}\t\\N\t${valid ? 't' : 'f'}\tf\t${searchText([code, name])}\n`
}
