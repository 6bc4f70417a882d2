import { existsSync } from 'node:fs'
import { appendFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ListAnswer, RecordAnswer } from '#model'
import { startEmbedded } from '#kernel/server/database/embedded.ts'
import { withClient } from '#kernel/server/database/roles.ts'
import { eraseValues } from '#kernel/server/protection/erase.ts'
import type { Manifest } from '../backup/manifest.ts'
import { productDefinitions } from '../definitions.ts'
import { openHouse } from '../house.ts'
import {
  dataFolder,
  firstSignIn,
  ownPassword,
  removeFolder,
  runCommand,
  signInAt,
  startProgram,
  type Call,
  type Program,
} from '#app/testing/program.ts'

const patience = 120_000
let folder: string
let program: Program
let call: Call
const place = (name: string) => join(folder, name)
beforeAll(async () => {
  folder = await dataFolder()
  await mkdir(place('data'))
  program = await startProgram(place('data'))
  call = await firstSignIn(program)
}, patience)
afterAll(async () => {
  await program?.end()
  await removeFolder(folder)
})
const readManifest = async (name: string) => JSON.parse(await readFile(join(place(name), 'manifest.json'), 'utf8')) as Manifest

async function feedLife(data: string): Promise<string> {
  const { appUrl } = await startEmbedded({ dataDir: join(data, 'postgres') })
  return withClient(appUrl, async (client) => (await client.query<{ id: string }>('SELECT id FROM privileges.feed_epoch')).rows[0]!.id)
}
async function sealEpochs(data: string): Promise<number[]> {
  const { appUrl } = await startEmbedded({ dataDir: join(data, 'postgres') })
  return withClient(appUrl, async (client) =>
    (await client.query<{ epoch: number }>('SELECT DISTINCT epoch FROM kernel.seal ORDER BY epoch')).rows.map((row) => row.epoch),
  )
}
async function unitNames(ask: Call): Promise<Set<string>> {
  const names = new Set<string>()
  for (let cursor: string | null = ''; cursor !== null;) {
    const { body }: { body: ListAnswer } = await ask<ListAnswer>(
      'GET',
      `/api/records/directory.unit?limit=200&columns=name${cursor ? `&cursor=${cursor}` : ''}`,
    )
    for (const row of body.rows) names.add(String(row['name']))
    cursor = body.next
  }
  return names
}

test(
  'a backup of the running program, with people writing all the while, is restored elsewhere: whatever was saved before its end is there',
  { timeout: patience },
  async () => {
    const person = await call<RecordAnswer>('POST', '/api/records/directory.person', {
      name: '欧阳·峰',
      status: 'active',
      mobile: '13900001111',
    })
    expect(person.status).toBe(201)
    const form = new FormData()
    form.append('file', new File(['值班表\n'], '值班.csv', { type: 'text/csv' }))
    const file = await call<{ id: string }>('POST', '/api/files', form)
    expect(file.status, JSON.stringify(file.body)).toBeLessThan(300)
    const saved: { name: string; at: number }[] = []
    let isOver = false
    let number = 0
    const writers = Array.from({ length: 4 }, async () => {
      while (!isOver) {
        const name = `科室${++number}`
        const { status } = await call('POST', '/api/records/directory.unit', { code: name, name, kind: 'department' })
        expect(status).toBe(201)
        saved.push({ name, at: Date.now() })
      }
    })
    await expect.poll(() => saved.length, { timeout: 30_000 }).toBeGreaterThan(20)
    const before = saved.length
    const made = await runCommand(['backup', '--data', place('data'), '--to', place('backup'), '--with-keys'])
    isOver = true
    await Promise.all(writers)
    expect([made.code, made.output], made.output).toEqual([0, expect.stringContaining(`密钥另存于 ${place('backup')}.keys`)])
    const manifest = await readManifest('backup')
    const due = saved.filter((one) => one.at < Date.parse(manifest.stoppedAt)).map((one) => one.name)
    expect(due.length).toBeGreaterThan(before)

    const restored = await runCommand([
      'restore',
      '--from',
      place('backup'),
      '--data',
      place('restored'),
      '--keys',
      `${place('backup')}.keys`,
    ])
    expect(restored.code, restored.output).toBe(0)
    expect(restored.output).toMatch(/已恢复到[^]*人员 4，账号 3[^]*隔离/)
    const verified = await runCommand(['audit', 'verify', '--data', place('restored')])
    expect([verified.code, verified.output], verified.output).toEqual([0, expect.stringContaining('发现 0 处问题')])
    await using copy = await startProgram(place('restored'))
    await expect.poll(() => copy.output()).toContain('隔离中')
    const ask = await signInAt(copy.url, 'sysadmin', ownPassword)
    const names = await unitNames(ask)
    expect(due.filter((name) => !names.has(name))).toEqual([])
    // Encrypted under the master key that was copied apart: opened, then masked.
    expect((await ask<RecordAnswer>('GET', `/api/records/directory.person/${person.body.record.id}`)).body.record).toMatchObject({
      name: '欧阳·峰',
      mobile: '139****1111',
    })
    expect((await ask<string>('GET', `/api/files/${file.body.id}`)).body).toBe('值班表\n')
    // Places in the feed that the original gave out mean nothing to the copy.
    const lives = await Promise.all([place('data'), place('restored')].map(feedLife))
    expect(lives[0]).not.toBe(lives[1])
    expect((await ask('POST', '/api/records/directory.unit', { code: 'N', name: '恢复之后', kind: 'department' })).status).toBe(201)
    await copy.end()

    expect((await runCommand(['restore', '--release', '--data', place('restored')])).code).toBe(0)
    await using free = await startProgram(place('restored'))
    expect(free.output()).not.toContain('隔离')
    await expect
      .poll(async () => (await runCommand(['audit', 'verify', '--data', place('restored')])).output, { timeout: 20_000 })
      .toMatch(/发现 0 处问题\s*$/)
    // What the original sealed after the backup and what the copy seals bear other names.
    expect(await sealEpochs(place('restored'))).toEqual([1, 2])
  },
)

test(
  'a backup is never written over, nor into the data, and an outside database is named instead of half copied',
  { timeout: patience },
  async () => {
    const again = await runCommand(['backup', '--data', place('data'), '--to', place('backup')])
    expect([again.code, again.output]).toEqual([1, expect.stringContaining('已存在且不是空的，不覆盖')])
    expect((await runCommand(['backup', '--data', place('data'), '--to', place('data/files/here')])).output).toContain(
      '不能放在数据目录的 files 之内',
    )
    expect(
      (await runCommand(['backup', '--data', place('data'), '--to', place('x')], { DATABASE_URL: 'postgres://a@db.example/x' })).output,
    ).toContain('数据库在 db.example 上')
    expect((await runCommand(['backup'])).code).toBe(2)
    expect(existsSync(place('x'))).toBe(false)
  },
)

test(
  'a backup that is not whole, of another kind or without its manifest is refused, each fault by name, and nothing is written',
  { timeout: patience },
  async () => {
    const made = await runCommand(['backup', '--data', place('data'), '--to', place('second')])
    expect(made.output).toContain('不含密钥')
    expect(existsSync(`${place('second')}.keys`)).toBe(false)
    expect((await readdir(folder)).filter((name) => name.startsWith('.'))).toEqual([])
    const to = ['--data', place('never')]
    const refused = async (message: string | RegExp) => {
      const { code, output } = await runCommand(['restore', '--from', place('second'), ...to])
      expect([code, output]).toEqual([1, expect.stringMatching(message)])
      expect(existsSync(place('never'))).toBe(false)
    }
    const { files } = await readManifest('second')
    const victim = files.find((file) => file.path.startsWith('cluster/base/') && file.bytes > 8192)!
    const good = await readFile(join(place('second'), victim.path))
    await appendFile(join(place('second'), victim.path), 'x')
    await refused(`✗ ${victim.path} 的内容与清单不符`)
    await rm(join(place('second'), victim.path))
    await refused(`✗ 缺少 ${victim.path}`)
    await writeFile(join(place('second'), victim.path), good)
    await writeFile(join(place('second'), 'cluster', 'postgresql.auto.conf.d'), 'restore_command = evil')
    await refused('✗ 清单之外的文件 cluster/postgresql.auto.conf.d')
    await rm(join(place('second'), 'cluster', 'postgresql.auto.conf.d'))

    await mkdir(place('used'))
    await writeFile(join(place('used'), 'mine'), '')
    expect((await runCommand(['restore', '--from', place('second'), '--data', place('used')])).output).toContain('不是空的')
    expect((await runCommand(['restore', '--from', place('second'), ...to, '--keys', place('used')])).output).toContain('不是密钥文件夹')
    const manifest = await readManifest('second')
    await writeFile(
      join(place('second'), 'manifest.json'),
      JSON.stringify({ ...manifest, postgres: { ...manifest.postgres, major: 15, version: '15.4' } }),
    )
    await refused(/PostgreSQL 15\.4.*PostgreSQL 18/)
    await rm(join(place('second'), 'manifest.json'))
    await refused('不是完整的备份')
  },
)

test('without its keys a restored hospital says so, and does not open', { timeout: patience }, async () => {
  await program.end()
  expect((await runCommand(['backup', '--data', place('data'), '--to', place('stopped')])).code).toBe(0)
  const restored = await runCommand(['restore', '--from', place('stopped'), '--data', place('keyless')])
  expect([restored.code, restored.output]).toEqual([0, expect.stringContaining('没有密钥')])
  const opened = await runCommand(['start', '--demo', 'none', '--port', '0', '--data', place('keyless')])
  expect([opened.code, opened.output]).toEqual([1, expect.stringContaining('主密钥与数据库中的数据密钥不匹配')])
})

test('what was erased after the backup is erased again before anybody is served, where its ledger is taken along; without it the restored copy is told', { timeout: patience }, async () => {
  const [data, keys] = [place('data'), ['--keys', place('data/keys')]]
  await program.end()
  expect((await runCommand(['backup', '--data', data, '--to', place('before')])).code).toBe(0)
  const { appUrl } = await startEmbedded({ dataDir: join(data, 'postgres') })
  const house = await openHouse({ defs: productDefinitions(), appUrl, dataFolder: data, poolSize: 2 })
  const [person] = await house.kernel.db.query<{ id: string }>(`SELECT id FROM directory.person WHERE name = '欧阳·峰'`)
  const ctx = await house.kernel.context({ kind: 'system', reason: '测试' }, 'test')
  await house.kernel.transaction(ctx, (tx) => eraseValues(house.kernel, tx, house.kernel.resource('directory.person'), person!.id, { isGone: false }))
  await house.close()
  const mobileIn = async (name: string) => {
    await using copy = await startProgram(place(name))
    const ask = await signInAt(copy.url, 'sysadmin', ownPassword)
    const { record } = (await ask<RecordAnswer>('GET', `/api/records/directory.person/${person!.id}`)).body
    return [record['mobile'], record.unreadable]
  }
  const restore = (to: string, ...more: string[]) => runCommand(['restore', '--from', place('before'), '--data', place(to), ...keys, ...more])
  const ledger = place('data/erasures/ledger.jsonl')
  expect(await restore('none', '--ledger', place('nowhere.jsonl'))).toMatchObject({ code: 1, output: expect.stringContaining('没有') as string })
  expect(existsSync(place('none'))).toBe(false)

  const taken = await restore('taken', '--ledger', ledger)
  expect([taken.code, taken.output.includes('没有删除台账')]).toEqual([0, false])
  expect(await readFile(place('taken/erasures/ledger.jsonl'), 'utf8')).toBe(await readFile(ledger, 'utf8'))
  expect(await mobileIn('taken')).toEqual([null, { mobile: 'erased' }])
  // Once it is done it is done: the file is no longer needed.
  await rm(place('taken/erasures'), { recursive: true })
  expect(await mobileIn('taken')).toEqual([null, { mobile: 'erased' }])
  expect(await readFile(place('taken/erasures/ledger.jsonl'), 'utf8')).toContain(person!.id)

  const without = await restore('without')
  expect([without.code, without.output]).toEqual([0, expect.stringContaining('没有删除台账：启动前请把原系统的 erasures/ledger.jsonl 放到')])
  expect(await mobileIn('without')).toEqual(['139****1111', undefined])
}) // prettier-ignore
