// Ten million sealed entries of a year: how long the whole proof takes, and the auditor's own questions, each asked as his page asks it.
import { addDays, dayOf } from '#model'
import { askAudit, readQuestion, type AskedOf } from '#kernel/server/audit/questions.ts'
import { openDatabase } from '#kernel/server/database/database.ts'
import { bench, benchDatabase, claim, fill, p95, type BenchContext, type BenchDatabase, type Claim } from './harness.ts'
import { fillSealed, verifyInProcess } from './audit-data.ts'

/** Four thousand people; one in a hundred acts is a refusal, one in a thousand an export; 100,000 records. */
const select = `now() - (365 - n * 365.0 / TOTAL) * interval '1 day', PERSON, '张海涛',
  CASE WHEN n % 1000 = 0 THEN 'export' WHEN n % 7 = 0 THEN 'update' WHEN n % 31 = 0 THEN 'signIn' ELSE 'read' END, CASE WHEN n % 100 = 3 THEN 'refused' ELSE 'done' END,
  (ARRAY['staff.practitioner', 'staff.certificate', 'privileges.grant', 'privileges.application'])[1 + n % 4], RECORD,
  '10.20.' || n % 40 || '.' || n % 250, jsonb_build_object('fields', jsonb_build_array('name', 'mobile'), 'reason', '门诊会诊调阅', 'n', n)`
const person = (n: string) => `('00000000-0000-7000-8000-' || lpad(to_hex(${n} % 4000), 12, '0'))::uuid`
const record = (n: string) => `('00000000-0000-7000-9000-' || lpad(to_hex(${n} % 100000), 12, '0'))::uuid`
const idOf = (group: string, n: number) => `00000000-0000-7000-${group}-${n.toString(16).padStart(12, '0')}`

export default bench({
  async run(ctx) {
    await using database = await benchDatabase('verify10m')
    const rows = ctx.quick ? 200_000 : 10_000_000
    await months(database)
    const filled = select
      .replace('TOTAL', String(rows))
      .replace('PERSON', person('(n::bigint * 7919)'))
      .replace('RECORD', record('(n::bigint * 104729)'))
    await fillSealed(ctx, database, { rows, step: rows / 400, select: filled })
    return [await proof(ctx, database, rows), ...(await questions(ctx, database))]
  },
})

/** The parts of the table for a year back: the program only ever makes those to come. */
async function months(database: BenchDatabase): Promise<void> {
  await fill(
    database,
    `DO $$ DECLARE m date; BEGIN
       FOR m IN SELECT generate_series(date_trunc('month', now()) - interval '13 months', date_trunc('month', now()) - interval '1 month', interval '1 month')::date LOOP
         EXECUTE format('CREATE TABLE IF NOT EXISTS kernel.audit_entry_%s PARTITION OF kernel.audit_entry FOR VALUES FROM (%L) TO (%L)', to_char(m, 'YYYY_MM'), m || ' 00:00+00', (m + interval '1 month')::date || ' 00:00+00');
       END LOOP; END $$`,
  )
}

async function proof(ctx: BenchContext, database: BenchDatabase, rows: number): Promise<Claim> {
  const { seconds, found, entries, peakMb } = await verifyInProcess(database)
  if (found || entries !== rows) throw new Error(`the verifier found ${found} of ${entries}`)
  ctx.log(`  proved in ${seconds.toFixed(1)} s, peak ${peakMb} MB`)
  return claim(ctx, 'verify.minutes', seconds / 60, 'min', '<=5')
}

/** Every question with other values each time; the first page and a page deep in. */
async function questions(ctx: BenchContext, database: BenchDatabase): Promise<Claim[]> {
  const db = openDatabase(database.appUrl, { max: 1 })
  const today = dayOf(new Date())
  const asked: Record<string, (n: number) => AskedOf> = {
    all: () => ({}),
    actor: (n) => ({ actor: idOf('8000', (n * 37) % 4000) }),
    record: (n) => ({ record: idOf('9000', (n * 997) % 100_000) }),
    refused: () => ({ outcome: 'refused' }),
    actOfActor: (n) => ({ actor: idOf('8000', (n * 41) % 4000), act: 'export' }),
    typeInDays: (n) => ({ resource: 'privileges.grant', from: addDays(today, -30 - n), to: addDays(today, -20 - n) }),
    address: (n) => ({ address: `10.20.${n % 40}.${n % 250}` }),
    rare: () => ({ act: 'dictionary.change' }),
  }
  const claims: Claim[] = []
  for (const [name, of] of Object.entries(asked)) {
    const times: number[] = []
    for (let n = 0; n < 60; n++) {
      const question = readQuestion(of(n))
      for (const before of [null, deep(n)]) {
        const started = performance.now()
        await askAudit(db, question, before, 50)
        times.push(performance.now() - started)
      }
    }
    ctx.log(`  ${name.padEnd(12)} p95 ${p95(times).toFixed(1)} ms, longest ${Math.max(...times).toFixed(1)} ms`)
    claims.push(claim(ctx, `audit10m.${name}_ms`, p95(times), 'ms', '<=100'))
  }
  await db.close()
  return claims
}
/** A place some months back. */
const deep = (n: number): string => `${(Date.now() - (100 + n) * 86_400_000) * 1000}.${5_000_000}`
