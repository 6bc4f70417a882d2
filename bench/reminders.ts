// Ten thousand certificates that end soon, each somebody else's: until every owner has his message and his to-do, while others go on reading.
import type { ReminderRun } from '#model'
import { bench, benchDatabase, claim, fill, line, load, median, serveOurs, type Served } from './harness.ts'
import { columns, fillEntries, filter } from './list.ts'
import { id, prepareRegister, registerFolder, signInAs } from './register-data.ts'

const everybody = 10_000
const path = '/api/reminders/staff.certificate.to'
type Headers = Record<string, string>

export default bench({
  async run(ctx) {
    process.env['XINGLIN_EXTRA_MODULES'] = registerFolder
    // No longer than a run lasts.
    const seconds = 5
    await using database = await benchDatabase('reminders')
    await prepareRegister(database)
    const envelope = `1, 'approved', now(), now()`
    await fill(
      database,
      `INSERT INTO directory.person (id, version, state, created_at, updated_at, name, staff_number, unit, status)
         SELECT ${id('person', 'n')}, ${envelope}, '人员' || n, lpad(n::text, 5, '0'), ${id('unit', 'n % 600')}, 'active' FROM generate_series(600, ${everybody - 1}) n;
       INSERT INTO directory.role_assignment (id, version, state, created_at, updated_at, status, role, person) VALUES (${id('assignment', '1')}, ${envelope}, 'active', 'medicalOffice', ${id('person', '0')});
       INSERT INTO staff.certificate (id, version, state, created_at, updated_at, practitioner, kind, name, "to")
         SELECT ${id('certificate', 'n')}, 1, 'approved', now() + n * interval '1 ms', now(), ${id('person', 'n')}, 'radiation', '放射工作人员证', current_date + 20 FROM generate_series(0, ${everybody - 1}) n;
       INSERT INTO kernel.reminder (name, is_on, changed_at) VALUES ('staff.certificate.to', false, now()); ANALYZE`,
    )
    await fillEntries(database, 300_000)
    await using ours = await serveOurs(database)
    const head = await signInAs(ours.url, 'head')
    const list = `/api/records/bench.entry?filter=${encodeURIComponent(JSON.stringify(filter))}&sort=-createdAt&limit=50&columns=${columns}`
    const others = { url: ours.url, connections: 8, pause: 100, method: 'GET', headers: head, calls: [{ path: list }], expect: '"rows":[{' } as const
    await load({ ...others, seconds: 4 })
    const took: number[] = []
    const [idle, busy]: [number[], number[]] = [[], []]
    for (let n = 0; n < (ctx.quick ? 2 : 5); n++) {
      const alone = await load({ ...others, seconds })
      const during = load({ ...others, seconds })
      took.push(await remindedIn(ours, head))
      const beside = await during
      idle.push(alone.p95)
      busy.push(beside.p95)
      ctx.log(`  others, idle           ${line(alone)}`)
      ctx.log(`  others, meanwhile      ${line(beside)}`)
      ctx.log(`  ${everybody.toLocaleString('en')} reminders       ${took.at(-1)!.toFixed(2)} s`)
      // As if nobody had been told.
      await ask(ours, head, 'POST', `${path}/switch`, { isOn: false })
      await fill(database, 'TRUNCATE kernel.reminder_told, kernel.reminder_run, kernel.todo; DELETE FROM kernel.message')
    }
    const [floor, beside] = [median(idle), median(busy)]
    return [
      claim(ctx, 'remind.s', Math.max(...took), 's', '<=60'),
      claim(ctx, 'remind.others_ratio', beside / floor, 'x', '<=2', { floor, ours: beside, relative: true }),
    ]
  },
}) // prettier-ignore

async function ask<T>(ours: Served, headers: Headers, method: string, url: string, body?: object): Promise<T> {
  const answer = await fetch(ours.url + url, { method, headers: { ...headers, ...(body ? { 'content-type': 'application/json' } : {}) }, ...(body ? { body: JSON.stringify(body) } : {}) }) // prettier-ignore
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as T
}
/** Switches it on and lets it run now; answers the seconds from its beginning until everybody was told, as the run says. */
async function remindedIn(ours: Served, head: Headers): Promise<number> {
  await ask(ours, head, 'POST', `${path}/switch`, { isOn: true })
  await ask(ours, head, 'POST', `${path}/run`, {})
  for (;;) {
    const { runs } = await ask<{ runs: ReminderRun[] }>(ours, head, 'GET', `${path}/history`)
    const [run] = runs
    if (run?.state === 'failed') throw new Error(run.problem ?? 'failed')
    if (run?.state === 'done') {
      if (run.told !== everybody || run.people !== everybody) throw new Error(`${run.told} messages to ${run.people} people`)
      return (Date.parse(run.endedAt!) - Date.parse(run.startedAt)) / 1000
    }
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
}
