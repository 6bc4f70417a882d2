// A register with four protected fields against the same without protection, on one server: lists of 20 rows under 20 keys that nobody has in memory, and
// creates, each of which makes its record's key. Both write the same audit entries; the plain fields are indexed like the blind indexes of the others.
import { openHouse } from '#app/house.ts'
import { extraModules, productDefinitions } from '#app/definitions.ts'
import { bulkCreate } from '#kernel/server/store/bulk.ts'
import { join } from 'node:path'
import { alternate, bench, benchDatabase, claim, fill, median, serveOurs, type BenchDatabase } from './harness.ts'
import { prepareRegister, signInAs } from './register-data.ts'

const rows = 4000
const valuesOf = (n: number) => ({ phone: `139${String(n).padStart(8, '0')}`, idNumber: `4403051990${String(n).padStart(8, '0')}`, address: `广东省深圳市南山区科技园路 ${n} 号`, contact: `张三 138${String(n).padStart(8, '0')}` }) // prettier-ignore

export default bench({
  async run(ctx) {
    process.env['XINGLIN_EXTRA_MODULES'] = join(import.meta.dirname, 'protected')
    process.env['XINGLIN_BENCH_COLD'] = '1'
    await using database = await benchDatabase('protect')
    const { person, unit } = await prepareRegister(database)
    await fillBoth(database, person, unit)
    await using server = await serveOurs(database)
    const headers = await signInAs(server.url, 'head')
    const list = async (name: string) => ({ url: server.url, connections: 32, method: 'GET', expect: '"rows":[{', headers, calls: await pagesOf(server.url, headers, name) }) as const // prettier-ignore
    const lists = await alternate(ctx, await list('bench.open'), await list('bench.sealed'))
    const calls = (name: string, turn: number) =>
      Array.from({ length: 500 }, (_, n) => ({
        path: `/api/records/${name}`,
        body: JSON.stringify({
          practitioner: person,
          department: unit,
          name: '随访登记',
          happenedOn: '2026-05-01',
          ...valuesOf(turn * 1000 + n),
        }),
      }))
    const create = (name: string) => (turn: number) => ({ url: server.url, connections: 32, method: 'POST', expect: '"record"', headers: { 'content-type': 'application/json', ...headers }, calls: calls(name, turn) }) as const // prettier-ignore
    const creates = await alternate(ctx, create('bench.open'), create('bench.sealed'))
    const rate = (results: readonly { perSecond: number }[]) => median(results.map((r) => r.perSecond))
    const claimed = (id: string, { floor, ours }: typeof lists) =>
      claim(ctx, id, rate(ours) / rate(floor), 'x', '>=0.75', { floor: rate(floor), ours: rate(ours), relative: true })
    return [claimed('protect.ratio', lists), claimed('protect.write_ratio', creates)]
  },
})

/** Sixty pages of 20 rows each: no two have a key in common. */
async function pagesOf(url: string, headers: Record<string, string>, name: string): Promise<{ path: string }[]> {
  const pages: { path: string }[] = []
  for (let cursor = ''; pages.length < 60;) {
    const path = `/api/records/${name}?limit=20${cursor && `&cursor=${encodeURIComponent(cursor)}`}`
    pages.push({ path })
    cursor = ((await (await fetch(url + path, { headers })).json()) as { next: string }).next
  }
  return pages
}
async function fillBoth(database: BenchDatabase, practitioner: string, department: string): Promise<void> {
  const house = await openHouse({ defs: productDefinitions(await extraModules()), appUrl: database.appUrl, dataFolder: database.folder, poolSize: 2 })
  try {
    const ctx = await house.kernel.context({ kind: 'system', reason: '测量' }, 'system')
    for (const name of ['bench.open', 'bench.sealed'])
      for (let from = 0; from < rows; from += 2000) {
        const records = Array.from({ length: 2000 }, (_, i) => ({ practitioner, department, name: `登记 ${from + i}`, happenedOn: '2026-05-01', ...valuesOf(from + i) }))
        await house.kernel.transaction(ctx, (tx) => bulkCreate(house.kernel, tx, name, records, { act: 'demo', batch: '测量' }))
      }
  } finally {
    await house.close()
  }
  await fill(database, 'ANALYZE; CHECKPOINT')
} // prettier-ignore
