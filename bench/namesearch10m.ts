// Encrypted names by two and three letters, among 10,000,000: asked as people ask, by the search box and by a condition, of names that are there — the common ones as often as they are borne.
import { bench, claim, line, load, median, p95, serveOurs, type Served } from './harness.ts'
import { nameMaker, namesDatabase, rowsOf } from './names-data.ts'
import { signInAs } from './register-data.ts'

export default bench({
  async prepare(ctx) {
    await (await namesDatabase(ctx))[Symbol.asyncDispose]()
  },
  async run(ctx) {
    await using database = await namesDatabase(ctx)
    ctx.log(`  ${rowsOf(ctx).toLocaleString('en')} encrypted names, fsync on`)
    await using ours = await serveOurs(database)
    const words = parts(400)
    const plan = { url: ours.url, connections: 4, method: 'GET', headers: await signInAs(ours.url, 'office'), seconds: ctx.quick ? 5 : 30 } as const
    const ask = async (label: string, pathOf: (word: string) => string) => {
      const found = await load({ ...plan, calls: words.map((word) => ({ path: pathOf(word) })), expect: '"rows":[{' })
      ctx.log(`  ${label}  ${line(found)}`)
      return found
    }
    ctx.log(`  cold start  ${await coldStart(ours, plan.headers, words)}`)
    const searched = await ask('search box', (word) => pathOf({ search: word }))
    const filtered = await ask('condition ', (word) => pathOf({ filter: JSON.stringify({ field: 'name', op: 'contains', value: word }) }))
    ctx.log(`  the most common, alone   ${await slowest(ours)}`)
    return [claim(ctx, 'namesearch10m.p95_ms', Math.max(searched.p95, filtered.p95), 'ms', '<=300', { ours: searched.p95 })]
  },
}) // prettier-ignore

const columns = 'name,code,sex,bornOn,department'
const pathOf = (asked: Record<string, string>): string =>
  `/api/records/names.patient?${new URLSearchParams({ limit: '50', columns, ...asked }).toString()}`
/** Two or three letters out of names of the register itself. */
function parts(many: number): string[] {
  const make = nameMaker(2026)
  return Array.from({ length: many }, (_, n) => {
    const letters = [...make()]
    const length = n % 2 ? Math.min(3, letters.length) : 2
    const from = letters.length > length && n % 3 === 0 ? letters.length - length : 0
    return letters.slice(from, from + length).join('')
  })
}
/** A server that has just started: each word for the first time, its rows read from the disk. What takes too long is refused, as a person would be told. */
async function coldStart(ours: Served, headers: Record<string, string>, words: readonly string[]): Promise<string> {
  const times: number[] = []
  let [refused, next] = [0, 0]
  const one = async () => {
    for (let word = words[next++]; word !== undefined; word = words[next++]) {
      const begun = performance.now()
      const answer = await fetch(ours.url + pathOf({ search: word }), { headers })
      await answer.arrayBuffer()
      times.push(performance.now() - begun)
      if (answer.status !== 200) refused++
    }
  }
  await Promise.all(Array.from({ length: 4 }, one))
  return `P50 ${median(times).toFixed(0)}   P95 ${p95(times).toFixed(0)} ms   ${refused} of ${words.length} refused`
}
/** What most people would bear, and what nobody does, each for the first time. */
async function slowest(ours: Served): Promise<string> {
  const headers = await signInAs(ours.url, 'office')
  const told: string[] = []
  for (const word of ['王伟', '张伟', '李芳', '王伟芳', '陈建国', '龘靐']) {
    const begun = performance.now()
    const answer = await fetch(ours.url + pathOf({ search: word }), { headers })
    const body = (await answer.json()) as { rows?: unknown[]; detail?: string }
    if (answer.status !== 200) throw new Error(`${word}: ${answer.status} ${body.detail ?? ''}`)
    told.push(`${word} ${body.rows!.length}: ${(performance.now() - begun).toFixed(0)} ms`)
  }
  return told.join(' · ')
}
