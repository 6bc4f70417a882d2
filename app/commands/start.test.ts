import { existsSync, readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  firstSignIn,
  dataFolder,
  ownPassword,
  postgresOf,
  printedOfficer,
  removeFolder,
  runCommand,
  signInAt,
  spawnProgram,
  startProgram,
} from '#app/testing/program.ts'

const patience = 60_000
let data: string
beforeEach(async () => {
  data = await dataFolder()
})
afterEach(() => removeFolder(data))

describe('a start that cannot be is refused in words, with code 1, and leaves no database running', () => {
  test('on a port that another program has', { timeout: patience }, async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    const { code, output } = await runCommand(['start', '--demo', 'none', '--data', data, '--port', String(port)])
    other.close()
    expect([code, output.trim()]).toEqual([1, `端口 ${port} 已被占用，请用 --port 换一个`])
    expect(postgresOf(data)).toBeUndefined()
  })

  test('with a declaration that is wrong', { timeout: patience }, async () => {
    const extra = join(data, 'module')
    await mkdir(extra)
    await writeFile(
      join(extra, 'module.ts'),
      `export default { name: 'wrong', label: '错', menu: [{ label: '错', entries: [{ kind: 'list', resource: 'wrong.missing' }] }] }`,
    )
    const { code, output } = await runCommand(['start', '--demo', 'none', '--data', data, '--port', '0'], { XINGLIN_EXTRA_MODULES: extra })
    expect(code).toBe(1)
    expect(output).toContain('wrong.missing')
    expect(postgresOf(data)).toBeUndefined()
  })

  test('with the demonstration open to the network: its passwords are public', async () => {
    const { code, output } = await runCommand(['start', '--demo', 'small', '--host', '0.0.0.0', '--data', data])
    expect(code).toBe(1)
    expect(output).toMatch(/只能在 127\.0\.0\.1 上启动.*--demo none/)
    expect(existsSync(join(data, 'postgres'))).toBe(false)
  })

  test('on the data of another major version, which stay untouched', async () => {
    const cluster = join(data, 'postgres', 'cluster')
    await mkdir(cluster, { recursive: true })
    await writeFile(join(cluster, 'PG_VERSION'), '15\n')
    const { code, output } = await runCommand(['start', '--demo', 'none', '--data', data])
    expect(code).toBe(1)
    expect(output).toMatch(/PostgreSQL 15.*PostgreSQL 18.*backup.*restore/)
    expect(readFileSync(join(cluster, 'PG_VERSION'), 'utf8')).toBe('15\n')
  })

  test.each([
    ['--port', '70000', '端口“70000”不对'],
    ['--demo', 'big', '--demo 只能是 none、small 或 large'],
  ])('with %s %s', async (option, value, message) => {
    const { code, output } = await runCommand(['start', '--data', data, option, value])
    expect(code).toBe(1)
    expect(output).toContain(message)
  })
})

describe('asked to end before it is up, the program ends itself and its database', () => {
  const starting = () => spawnProgram(['start', '--port', '0', '--demo', 'none', '--data', data])

  test('while the schema is being made', { timeout: patience }, async () => {
    const { child, said } = starting()
    await expect.poll(() => postgresOf(data), { timeout: patience, interval: 10 }).toBeDefined()
    child.kill('SIGTERM')
    expect(await once(child, 'close')).toEqual([0, null])
    expect([said.text, postgresOf(data)]).toEqual(['', undefined])
    // What it left half done is no hindrance.
    await using again = await startProgram(data)
    expect((await fetch(again.url)).status).toBe(200)
  })

  test('in the moment in which it says that it is up', { timeout: patience }, async () => {
    const { child, said } = starting()
    child.stdout.on('data', () => said.text.includes('杏林已启动') && child.kill('SIGTERM'))
    expect(await once(child, 'close')).toEqual([0, null])
    expect(postgresOf(data)).toBeUndefined()
  })
})

test(
  'the first start without demonstration prints the passwords of three officers once; a killed program’s database is adopted with all that was written',
  { timeout: patience },
  async () => {
    const first = await startProgram(data)
    const { account, password } = printedOfficer(first.output())
    expect(first.output().match(/一次性初始密码： \S+/g)).toHaveLength(3)
    const call = await firstSignIn(first)
    const { status, body } = await call<{ record: { id: string } }>('POST', '/api/records/directory.unit', {
      code: 'K1',
      name: '心内科',
      kind: 'department',
    })
    expect(status).toBe(201)
    await first.end('SIGKILL')
    const orphan = postgresOf(data)
    expect(orphan).toBeDefined()
    await using second = await startProgram(data)
    expect(postgresOf(data)).toBe(orphan)
    expect(second.output()).not.toContain('一次性初始密码')
    const again = await signInAt(second.url, account, ownPassword)
    expect((await again('GET', `/api/records/directory.unit/${body.record.id}`)).body).toMatchObject({ record: { name: '心内科' } })
    await expect(signInAt(second.url, account, password)).rejects.toThrow('401')
    await second.end()
    expect(postgresOf(data)).toBeUndefined()
  },
)
