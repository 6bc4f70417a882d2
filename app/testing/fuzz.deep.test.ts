import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Fuzz } from './fuzz.ts'

const [each, mutated] = [10, 100_000]
/** How often every route is to have let somebody in. */
const least = 50

test('a hundred thousand requests of every kind to every route by every role break nothing, nothing is logged as a fault, and every route lets in whoever may', async () => {
  await using fuzz = await Fuzz.open()
  const result = await fuzz.run({ each, mutated, least, seed: 20_260_615 })
  const short = fuzz.short(least)
  note({ requests: result.requests, broken: result.broken.length, faults: result.faults.length, short: short.length })
  console.log(`${result.requests} requests: ${[...result.byStatus].map(([status, count]) => `${status} ${count}`).join(', ')}`)
  const toldShort = short.map((route) => `${route} ${result.letIn.get(route) ?? 0} ${result.refused.get(route)?.slice(0, 300) ?? ''}`)
  expect(result.requests).toBeGreaterThanOrEqual(100_000)
  expect([result.broken, result.faults]).toEqual([[], []])
  expect(toldShort, `let in less than ${least} times`).toEqual([])
}, 3_600_000)

/** As the other figures are kept (bench/run.ts). */
function note({ requests, broken, faults, short }: Record<'requests' | 'broken' | 'faults' | 'short', number>): void {
  const claim = (id: string, value: number, target: string, holds: boolean) => ({ id, value, unit: '', floor: null, ours: null, target, holds }) // prettier-ignore
  const claims = [
    claim('fuzz.requests', requests, '>=100000', requests >= 100_000),
    claim('fuzz.5xx', broken, '<=0', broken === 0),
    claim('fuzz.faults_logged', faults, '<=0', faults === 0),
    claim('fuzz.routes_short', short, '<=0', short === 0),
  ]
  const machine = { cpu: cpus()[0]?.model ?? '', cores: cpus().length, memoryGb: Math.round(totalmem() / 1024 ** 3), node: process.version }
  const folder = join(import.meta.dirname, '..', '..', 'bench', 'results')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'fuzz.json'), `${JSON.stringify({ claims, machine, at: new Date().toISOString() }, null, 2)}\n`)
}
