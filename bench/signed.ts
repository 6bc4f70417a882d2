// What signing costs: the privilege check by signed requests — signature, list of addresses, number used once on disk — against the same by a bearer key.
import { openDatabase } from '#kernel/server/database/database.ts'
import { checkQuestions, prepare, recordCount } from './check.ts'
import { alternate, bench, benchDatabase, claim, clientOf, median, serveOurs, type BenchDatabase } from './harness.ts'

// More than a run can send.
const perRun = 80_000

export default bench({
  async run(ctx) {
    await using database = await benchDatabase('signed')
    await prepare(database)
    const { key, secret } = await clientOf(database, ['privileges.check'], { networks: ['10.0.0.0/8', '127.0.0.0/8', '::1'] })
    await using ours = await serveOurs(database)
    const plan = {
      url: ours.url,
      connections: 64,
      method: 'POST',
      calls: checkQuestions().map((question) => ({ path: '/api/privileges/check', body: JSON.stringify(question) })),
      expect: '"record"',
    } as const
    const json = { 'content-type': 'application/json' }
    const before = await recordCount(database)
    const turns = await alternate(
      ctx,
      { ...plan, headers: { ...json, authorization: `Bearer ${secret}` } },
      { ...plan, headers: json, sign: { key, secret, count: perRun } },
    )
    const answered = [...turns.floor, ...turns.ours].reduce((sum, run) => sum + run.count, 0)
    const [records, signed, nonces] = [(await recordCount(database)) - before, turns.ours.reduce((sum, run) => sum + run.count, 0), await nonceCount(database)]
    if (records < answered || nonces < signed) throw new Error(`${answered} answers left, ${signed} of them signed, but ${records} records and ${nonces} numbers are on disk`)
    const [bearer, ratio] = [median(turns.floor.map((run) => run.perSecond)), median(turns.ours.map((run) => run.perSecond))]
    return [claim(ctx, 'check.signed_ratio', ratio / bearer, 'x', '>=0.6', { floor: bearer, ours: ratio, relative: true })]
  },
}) // prettier-ignore

async function nonceCount(database: BenchDatabase): Promise<number> {
  const db = openDatabase(database.appUrl, { max: 1 })
  const [row] = await db.once<{ count: number }>('SELECT count(*)::int AS count FROM kernel.api_nonce')
  await db.close()
  return row!.count
}
