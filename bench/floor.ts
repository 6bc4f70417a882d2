// The floor of a bench: bare Fastify, a bare pool, hand-written SQL. Nothing of ours.
import type { AddressInfo } from 'node:net'
import Fastify from 'fastify'
import pg from 'pg'
import type { Bench } from './harness.ts'

const poolSize = 20
const { default: bench } = (await import(`./${process.argv[2]}.ts`)) as { default: Bench }
const pool = new pg.Pool({ connectionString: process.env['XINGLIN_APP_URL'], max: poolSize })
const app = Fastify()
bench.floor?.(app, pool)
await app.listen({ port: 0, host: '127.0.0.1' })
process.send?.({ port: (app.server.address() as AddressInfo).port })
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(0))
