// A record is entered: validated, with history, audit and event, all in one commit; against a hand-written route with one INSERT. Same pool, same commit settings.
import { alternate, bench, benchDatabase, claim, fill, median, serveFloor, serveOurs } from './harness.ts'
import { prepareRegister, registerFolder, signInAs } from './register-data.ts'
import { randomUUID } from 'node:crypto'

export default bench({
  floor(app, pool) {
    app.post<{ Body: Record<string, string> }>('/entry', async (request) => {
      const { practitioner, department, name, level, status, happenedOn, amount, note } = request.body
      const at = new Date().toISOString()
      const id = randomUUID()
      await pool.query({
        name: 'insert',
        text: `INSERT INTO plain_entry (id, version, state, created_at, created_by, updated_at, updated_by, practitioner, department, name, level, status, happened_on, amount, note)
               VALUES ($1, 1, 'approved', $2, $3, $2, $3, $3, $4, $5, $6, $7, $8, $9, $10)`,
        values: [id, at, practitioner, department, name, level, status, happenedOn, amount, note],
      })
      return { record: { id, version: 1 } }
    })
  },
  async run(ctx) {
    process.env['XINGLIN_EXTRA_MODULES'] = registerFolder
    await using database = await benchDatabase('create')
    const { person, unit } = await prepareRegister(database)
    await fill(
      database,
      `CREATE TABLE plain_entry (LIKE bench.entry INCLUDING ALL); ALTER TABLE plain_entry ADD FOREIGN KEY (practitioner) REFERENCES directory.person, ADD FOREIGN KEY (department) REFERENCES directory.unit;
       GRANT SELECT, INSERT ON plain_entry TO xinglin_app; GRANT USAGE ON SCHEMA public TO xinglin_app`,
    )
    await using floor = await serveFloor(database, 'create')
    await using ours = await serveOurs(database)
    const headers = { 'content-type': 'application/json', ...(await signInAs(ours.url, 'head')) }
    const body = JSON.stringify({
      practitioner: person,
      department: unit,
      name: '省级科技进步奖申报',
      level: 'provincial',
      status: 'open',
      happenedOn: '2026-05-01',
      amount: '1200.50',
      note: '首次登记',
    })
    const plan = { connections: 32, method: 'POST', expect: '"record"' } as const
    const turns = await alternate(
      ctx,
      { ...plan, url: floor.url, headers: { 'content-type': 'application/json' }, calls: [{ path: '/entry', body }] },
      { ...plan, url: ours.url, headers, calls: [{ path: '/api/records/bench.entry', body }] },
    )
    const [floorRate, oursRate] = [median(turns.floor.map((r) => r.perSecond)), median(turns.ours.map((r) => r.perSecond))]
    return [claim(ctx, 'create.ratio', oursRate / floorRate, 'x', '>=0.4', { floor: floorRate, ours: oursRate, relative: true })]
  },
})
