// Our server as it is started, over the bench's database.
import type { AddressInfo } from 'node:net'
import { extraModules, productDefinitions } from '#app/definitions.ts'
import { audit } from '#kernel/server/audit/audit.ts'
import { openHouse, type ProcessRole } from '#app/house.ts'
import { poolSize } from './harness.ts'

const roles = process.env['XINGLIN_BENCH_ROLES']
const house = await openHouse({
  defs: productDefinitions(await extraModules()),
  appUrl: process.env['XINGLIN_APP_URL']!,
  sealerUrl: process.env['XINGLIN_SEALER_URL']!,
  ...(process.env['XINGLIN_OWNER_URL'] ? { ownerUrl: process.env['XINGLIN_OWNER_URL'] } : {}),
  dataFolder: process.env['XINGLIN_BENCH_FOLDER']!,
  poolSize,
  profile: { level: 'level2', exposure: 'intranet' },
  ...(roles ? { roles: new Set(roles.split(',') as ProcessRole[]) } : {}),
})
// Nobody's key is in memory: each request begins as after a start.
if (process.env['XINGLIN_BENCH_COLD'])
  house.server.app.addHook('onRequest', (_request, _reply, done) => {
    house.kernel.subjectKeys.forget()
    done()
  })
// The audit of a list that shows protected values, for the register that has none: the same entry as `noteListed` writes.
if (process.env['XINGLIN_BENCH_COLD'])
  house.server.app.addHook('preSerialization', async (request, _reply, answer) => {
    const { rows } = answer as { rows?: unknown[] }
    if (rows && request.url.startsWith('/api/records/bench.open?'))
      await audit(await house.server.contextOf(request), { act: 'read.many', outcome: 'done', resource: 'bench.open', detail: { count: rows.length, opened: ['phone', 'idNumber', 'address', 'contact'] } }) // prettier-ignore
    return answer
  })
await house.startWork()
await house.server.app.listen({ port: 0, host: '127.0.0.1' })
process.send?.({ port: (house.server.app.server.address() as AddressInfo).port })
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void house.close().then(() => process.exit(0)))
