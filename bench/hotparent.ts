// Thirty-two people write lines of one and the same account, whose figures add them up; against lines of a folder that adds up nothing. The same route, the same server.
import { join } from 'node:path'
import { giveAccounts } from './accounts.ts'
import { withClient } from '#kernel/server/database/roles.ts'
import { alternate, bench, benchDatabase, claim, fill, median, serveOurs, type BenchDatabase } from './harness.ts'
import { id, idOf, password, prepareRegister, signInAs } from './register-data.ts'

const envelope = `1, 'approved', now(), now()`
const head = 'version, state, created_at, updated_at'

export default bench({
  async run(ctx) {
    process.env['XINGLIN_EXTRA_MODULES'] = join(import.meta.dirname, 'hot')
    await using database = await benchDatabase('hotparent')
    await prepare(database)
    await using ours = await serveOurs(database)
    const headers = { 'content-type': 'application/json', ...(await signInAs(ours.url, 'office')) }
    const planOf = (line: string, parent: string) => ({
      url: ours.url,
      connections: 32,
      method: 'POST' as const,
      headers,
      expect: '"record"',
      calls: [
        {
          path: `/api/records/${line}`,
          body: JSON.stringify({ account: idOf(parent, 0), name: '试剂采购', fee: '12.50', day: '2026-05-01' }),
        },
      ],
    })
    const turns = await alternate(ctx, planOf('hot.sheet', 'folder'), planOf('hot.line', 'account'))
    await exact(database)
    const [without, within] = [median(turns.floor.map((r) => r.perSecond)), median(turns.ours.map((r) => r.perSecond))]
    return [claim(ctx, 'hotparent.ratio', within / without, 'x', '>=0.3', { floor: without, ours: within, relative: true })]
  },
})

async function prepare(database: BenchDatabase): Promise<void> {
  const { unit } = await prepareRegister(database)
  await fill(
    database,
    `INSERT INTO directory.role_assignment (id, ${head}, status, role, person) VALUES (${id('assignment', '7')}, ${envelope}, 'active', 'medicalOffice', ${id('person', '7')});
     INSERT INTO hot.account (id, ${head}, name, department) VALUES (${id('account', '0')}, ${envelope}, '专项经费', '${unit}');
     INSERT INTO hot.folder (id, ${head}, name, department) VALUES (${id('folder', '0')}, ${envelope}, '资料夹', '${unit}')`,
  )
  await giveAccounts(database, password, [{ name: 'office', person: idOf('person', 7) }])
}

/** The figures are those of the lines, to the last one, when the last answer has come. */
async function exact(database: BenchDatabase): Promise<void> {
  await withClient(database.adminUrl, async (admin) => {
    const { rows } = await admin.query<{ kept: string; counted: string; due: string }>(
      `SELECT a.lines || ' ' || a.spent AS kept, (SELECT count(*) || ' ' || sum(fee) FROM hot.line) AS counted, (SELECT count(*)::text FROM kernel.derived_due) AS due FROM hot.account a`,
    )
    const { kept, counted, due } = rows[0]!
    if (kept !== counted || due !== '0') throw new Error(`the account says ${kept}, its lines ${counted}, ${due} left to do`)
  })
}
