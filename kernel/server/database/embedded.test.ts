import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startEmbedded, type Embedded, type EmbeddedOptions } from './embedded.ts'
import { isAlive, isGoneWithin } from './processes.ts'
import { prepareRoles, withClient, withLogin } from './roles.ts'

const settings = { shared_buffers: '32MB' }
let dataDir: string
const running: Embedded[] = []

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'xinglin-embedded-'))
  chmodSync(dataDir, 0o755)
})

afterEach(async () => {
  for (const server of running.splice(0)) await server.stop()
  rmSync(dataDir, { recursive: true, force: true })
})

async function start(options: Partial<EmbeddedOptions> = {}): Promise<Embedded> {
  const server = await startEmbedded({ dataDir: join(dataDir, 'database'), settings, ...options })
  running.push(server)
  return server
}

const ask = (url: string, sql: string) => withClient(url, async (client) => (await client.query(sql)).rows?.[0] as unknown)

test('a first start makes the database with an owner and a serving role, and a later one finds the data again', async () => {
  const first = await start()
  expect(first.origin).toBe('started')
  await ask(first.ownerUrl, `create table public.ward (name text); insert into ward values ('内科'); grant select on ward to xinglin_app`)
  expect(await ask(first.appUrl, 'select name, current_user as me from ward')).toEqual({ name: '内科', me: 'xinglin_app' })
  await first.stop()
  const second = await start()
  expect(await ask(second.appUrl, 'select name from ward')).toEqual({ name: '内科' })
})

test('a data directory from before the sealer had a login gets one', async () => {
  const first = await start()
  await ask(withLogin(first.adminUrl, 'xinglin_admin', new URL(first.adminUrl).password, 'xinglin'), 'drop owned by xinglin_sealer')
  await ask(first.adminUrl, 'revoke all on database xinglin from xinglin_sealer; drop role xinglin_sealer')
  await first.stop()
  const file = join(first.dataDir, 'secrets.json')
  const { sealer, ...older } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>
  expect(sealer).toEqual(expect.any(String))
  writeFileSync(file, JSON.stringify(older))
  const second = await start()
  expect(await ask(second.sealerUrl, 'select current_user as me')).toEqual({ me: 'xinglin_sealer' })
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ ...older, sealer: expect.any(String) as string })
  expect(statSync(file).mode & 0o077).toBe(0)
})

test('a server killed by SIGKILL is started again on the same port with what was committed', async () => {
  const events: string[] = []
  const server = await start({ onDown: () => events.push('down'), onUp: () => events.push('up') })
  await ask(server.ownerUrl, 'create table kept (a int); insert into kept values (7)')
  process.kill(server.pid()!, 'SIGKILL')
  await expect.poll(() => events, { timeout: 10_000 }).toEqual(['down', 'up'])
  expect(await ask(server.ownerUrl, 'select a from kept')).toEqual({ a: 7 })
})

test('the server of a killed process is adopted, watched and stopped by the next one', async () => {
  const script = `
    import { startEmbedded } from ${JSON.stringify(join(import.meta.dirname, 'embedded.ts'))}
    const server = await startEmbedded({ dataDir: ${JSON.stringify(join(dataDir, 'database'))} })
    console.log(server.pid())
    setInterval(() => undefined, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const orphan = Number(line.toString())
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(isAlive(orphan)).toBe(true)

  let ups = 0
  const server = await start({ onUp: () => ups++ })
  expect([server.origin, server.pid()]).toEqual(['adopted', orphan])
  process.kill(orphan, 'SIGKILL')
  await expect.poll(() => ups, { timeout: 10_000 }).toBe(1)
  const again = server.pid()!
  await server.stop()
  expect(await isGoneWithin(again, 1000)).toBe(true)
})

test('a copy made of a folder whose server runs does not lead to the other’s data: it is refused until that server has ended', async () => {
  const first = await start()
  // With owners and rights: the cluster belongs to the user whom the server runs as.
  execFileSync('cp', ['-a', join(dataDir, 'database'), join(dataDir, 'copy')])
  const refused = {
    code: 'copy-of-running',
    message: expect.stringContaining(realpathSync(join(dataDir, 'database', 'cluster'))) as string,
  }
  await expect(start({ dataDir: join(dataDir, 'copy') })).rejects.toMatchObject(refused)
  rmSync(join(dataDir, 'copy', 'owner'))
  await expect(start({ dataDir: join(dataDir, 'copy') })).rejects.toMatchObject(refused)
  expect(isAlive(first.pid()!)).toBe(true)
  await first.stop()
  const copy = await start({ dataDir: join(dataDir, 'copy') })
  expect(copy.origin).toBe('started')
})

test('a second process on the same data joins the running server and leaves it running', async () => {
  const first = await start()
  const second = await start()
  expect([second.origin, second.pid(), second.url]).toEqual(['joined', first.pid(), first.url])
  await second.stop()
  expect(await ask(first.url, 'select 1 as one')).toEqual({ one: 1 })
})

test('data of another major version is refused untouched, with both versions named', async () => {
  const cluster = join(dataDir, 'database', 'cluster')
  mkdirSync(cluster, { recursive: true })
  writeFileSync(join(cluster, 'PG_VERSION'), '15\n')
  await expect(start()).rejects.toMatchObject({
    code: 'other-major-version',
    message: expect.stringMatching(/PostgreSQL 15.*PostgreSQL 18/) as string,
  })
  expect(readFileSync(join(cluster, 'PG_VERSION'), 'utf8')).toBe('15\n')
})

test('a port that is taken is refused by name, and a free one is found when none was asked for', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  await expect(start({ port })).rejects.toMatchObject({ code: 'port-in-use', message: expect.stringContaining(String(port)) as string })
  expect((await start()).port).not.toBe(port)
  other.close()
})

test.runIf(process.getuid?.() === 0)(
  'data below a private folder of root is kept where the server can reach it, and found again',
  async () => {
    chmodSync(dataDir, 0o700)
    const server = await start()
    const link = join(dataDir, 'database', 'cluster')
    expect(lstatSync(link).isSymbolicLink()).toBe(true)
    await server.stop()
    expect(await ask((await start()).url, 'select 1 as one')).toEqual({ one: 1 })
    for (const one of running.splice(0)) await one.stop()
    rmSync(dirname(realpathSync(link)), { recursive: true })
  },
)

test('an initdb that was killed half-way does not spoil the next start', async () => {
  mkdirSync(join(dataDir, 'database', 'cluster.half', 'base'), { recursive: true })
  expect((await start()).origin).toBe('started')
})

test('a number in postmaster.pid that another program has now does not stop the start', async () => {
  const server = await start()
  await server.stop()
  writeFileSync(join(dataDir, 'database', 'cluster', 'postmaster.pid'), `${process.pid}\n/x\n0\n5432\n\n127.0.0.1\n\nready\n`)
  expect((await start()).origin).toBe('started')
})

describe('on one running server', () => {
  let folder: string
  let shared: Embedded

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'xinglin-embedded-'))
    chmodSync(folder, 0o755)
    shared = await startEmbedded({ dataDir: folder, settings })
  })

  afterAll(async () => {
    await shared.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  test('the serving role may neither define tables, schemas and databases nor see the password of others', async () => {
    const { appUrl } = shared
    for (const sql of ['create table t (a int)', 'create schema s', 'create database d', 'create role r', 'select * from pg_authid'])
      await expect(ask(appUrl, sql), sql).rejects.toMatchObject({ code: '42501' })
  })

  test('nobody signs in without the password, and only the starter can read the passwords', async () => {
    const server = shared
    await expect(ask(withLogin(server.adminUrl, 'xinglin_admin', 'guess', 'postgres'), 'select 1')).rejects.toMatchObject({ code: '28P01' })
    expect(statSync(join(server.dataDir, 'secrets.json')).mode & 0o077).toBe(0)
  })

  test('text sorts by code point and trigrams know Chinese', async () => {
    const { adminUrl, url } = shared
    await ask(withLogin(adminUrl, 'xinglin_admin', new URL(adminUrl).password, 'xinglin'), 'create extension pg_trgm')
    expect(await ask(url, `select array_length(show_trgm('阑尾切除'), 1) as trigrams, lower('É') as low, 'B' < 'a' as code`)).toEqual({
      trigrams: 5,
      low: 'é',
      code: true,
    })
  })

  test('roles are prepared on any server, again and again, by an administrator who is no superuser', async () => {
    const server = shared
    const admin = withLogin(server.adminUrl, 'dba', 'secret', 'postgres')
    await ask(
      server.adminUrl,
      `create role dba login createrole createdb password 'secret'; alter role xinglin_owner rename to a; alter role xinglin_app rename to b; alter role xinglin_sealer rename to c`,
    )
    const roles = await prepareRoles(admin, { database: 'hospital' })
    const again = await prepareRoles(admin, { database: 'hospital', ownerPassword: 'one', appPassword: 'two' })
    await expect(ask(roles.appUrl, 'select 1')).rejects.toMatchObject({ code: '28P01' })
    await ask(again.ownerUrl, 'create schema kernel')
    expect(await ask(again.appUrl, 'select current_database() as name')).toEqual({ name: 'hospital' })
    expect(await ask(again.sealerUrl, 'select current_user as me')).toEqual({ me: 'xinglin_sealer' })
  })
})
