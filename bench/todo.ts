// What waits for a person with five thousand open tasks among two million, some through groups and stand-ins: first and twentieth page, with the badge.
import { applicant, copyApproval, decider, five, preparePeople, signIn, submitOne, surround } from './approvals-data.ts'
import { bench, benchDatabase, claim, fill, line, load, serveOurs } from './harness.ts'

export default bench({
  async run(ctx) {
    process.env['XINGLIN_EXTRA_MODULES'] = new URL('./requests', import.meta.url).pathname
    await using database = await benchDatabase('todo')
    await preparePeople(database)
    await surround(database, ctx.quick ? 300_000 : 2_000_000)
    await using ours = await serveOurs(database)
    const one = await submitOne(ours.url, 'bench.request')
    await copyApproval(database, one, 'bench.request', 5000)
    // Of five thousand, two hundred are to be claimed and a hundred are those of somebody away.
    await fill(
      database,
      `UPDATE kernel.flow_task t SET opened_at = now() - x.n * interval '1 minute', kind = CASE WHEN x.n <= 200 THEN 'claim' ELSE 'decide' END, person = CASE WHEN x.n BETWEEN 201 AND 300 THEN '${five[1]}' ELSE t.person END
         FROM (SELECT instance, row_number() OVER () AS n FROM kernel.flow_task WHERE person = '${decider}') x WHERE x.instance = t.instance AND t.person = '${decider}';
       INSERT INTO kernel.stand_in (id, person, deputy, "from", "to", reason, created_at, created_by) VALUES (gen_random_uuid(), '${five[1]}', '${decider}', current_date - 5, current_date + 30, '', now(), '${applicant}');
       VACUUM ANALYZE kernel.flow_task`.replace(/;\s*VACUUM.*$/s, ''),
    )
    await fill(database, 'VACUUM ANALYZE kernel.flow_task')
    await fill(database, 'VACUUM ANALYZE kernel.flow_instance')
    const headers = await signIn(ours.url, 'decider1')
    let cursor: string | null = null
    for (let page = 1; page < 20; page++) {
      const answer: Response = await fetch(`${ours.url}/api/tasks?view=open${cursor ? `&cursor=${cursor}` : ''}`, { headers })
      cursor = ((await answer.json()) as { next: string }).next
    }
    const calls = [
      { path: '/api/tasks?view=open' },
      { path: '/api/counts' },
      { path: `/api/tasks?view=open&cursor=${cursor}` },
      { path: '/api/counts' },
      { path: '/api/tasks?view=standIn' },
      { path: '/api/tasks?view=claim' },
    ]
    const result = await load({ url: ours.url, connections: 16, method: 'GET', headers, calls, seconds: ctx.quick ? 4 : 15 })
    ctx.log(`  pages and badges       ${line(result)}`)
    return [claim(ctx, 'todo.p95_ms', result.p95, 'ms', '<=100')]
  },
})
