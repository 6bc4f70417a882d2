// npm run bench -- NAME… [--quick] [--json]: measures what the figures claim, ours and the floor in one run.
// npm run bench -- --prepare NAME [--quick]: builds the large data of a measurement once, into a database that is kept.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { machine, type Bench, type Claim } from './harness.ts'

const parts = new Set([
  'run',
  'harness',
  'load',
  'house',
  'floor',
  'register-data',
  'sessions',
  'approvals-data',
  'large-data',
  'names-data',
  'audit-verify',
  'audit-data',
  'wire',
  'crowd',
  'open-page',
  'accounts',
  'program',
])
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    prepare: { type: 'boolean', default: false },
  },
})
const all = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.ts')).map((file) => file.slice(0, -3)).filter((name) => !parts.has(name)) // prettier-ignore
const names = positionals.length ? positionals : all
for (const name of names.filter((one) => !existsSync(join(import.meta.dirname, `${one}.ts`)) || parts.has(one))) {
  console.error(`没有名为“${name}”的测量；已有：${all.join('、')}`)
  process.exit(2)
}

const claims: Claim[] = []
for (const name of names) {
  console.log(`\n${name}${values.quick ? '（快速）' : ''}`)
  const { default: bench } = (await import(`./${name}.ts`)) as { default: Bench }
  const ctx = { quick: values.quick, log: (line: string) => console.log(line) }
  if (values.prepare) {
    await bench.prepare?.(ctx)
    continue
  }
  const found = await bench.run(ctx)
  for (const c of found)
    console.log(
      `  ${c.id.padEnd(22)} ${`${c.value} ${c.unit}`.padEnd(14)} ${c.target.padEnd(8)} ${c.holds === null ? '—' : c.holds ? '✓' : '✗ 未达到'}${c.floor === null ? '' : `   floor ${Math.round(c.floor)}  ours ${Math.round(c.ours ?? 0)}`}`,
    )
  claims.push(...found)
  if (values.quick) continue
  mkdirSync(join(import.meta.dirname, 'results'), { recursive: true })
  writeFileSync(
    join(import.meta.dirname, `results/${name}.json`),
    `${JSON.stringify({ claims: found, machine: machine(), at: new Date().toISOString() }, null, 2)}\n`,
  )
}
if (values.json) console.log(JSON.stringify({ claims, machine: machine() }))
process.exit(claims.some((c) => c.holds === false) ? 1 : 0)
