import { spawnSync } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { v7 as uuidv7 } from 'uuid'
import { expect, test } from 'vitest'
import type { ListAnswer } from '#model'
import {
  dataFolder,
  firstSignIn,
  postgresOf,
  removeFolder,
  runCommand,
  startProgram,
  type Call,
  type WebAnswer,
} from '#app/testing/program.ts'

const patience = 120_000
interface Writing {
  actId: string
  name: string
}
/** Makes a unit under an act id, as the page does: the answer may be lost, the act is repeated under the same name. */
const write = (call: Call, { actId, name }: Writing) =>
  call('POST', '/api/records/directory.unit', { code: name, name, kind: 'department' }, { 'x-act-id': actId })
const next = (number: number): Writing => ({ actId: uuidv7(), name: `科室${number}` })
async function namesIn(call: Call): Promise<string[]> {
  const names: string[] = []
  for (let cursor: string | null = ''; cursor !== null;) {
    const { body }: { body: ListAnswer } = await call<ListAnswer>(
      'GET',
      `/api/records/directory.unit?limit=200&columns=name${cursor ? `&cursor=${cursor}` : ''}`,
    )
    names.push(...body.rows.map((row) => String(row['name'])))
    cursor = body.next
  }
  return names
}

test(
  'the database is killed while people write: 503 with retry-after, then it works again by itself, nothing is lost and nothing is there twice',
  { timeout: patience },
  async () => {
    const data = await dataFolder()
    try {
      await using program = await startProgram(data)
      const call = await firstSignIn(program)
      const done: Writing[] = []
      const unanswered: Writing[] = []
      const refused: Pick<WebAnswer<unknown>, 'status' | 'retryAfter'>[] = []
      let number = 0
      let isOver = false
      const writers = Array.from({ length: 6 }, async () => {
        while (!isOver) {
          const writing = next(++number)
          const { status, retryAfter } = await write(call, writing)
          if (status === 201) done.push(writing)
          else {
            unanswered.push(writing)
            refused.push({ status, retryAfter })
            await sleep(20)
          }
        }
      })
      await expect.poll(() => done.length, { timeout: 30_000 }).toBeGreaterThan(30)
      const killed = postgresOf(data)!
      process.kill(killed, 'SIGKILL')
      const before = done.length
      await expect.poll(() => refused.length > 0 && done.length > before + 30, { timeout: 60_000 }).toBe(true)
      isOver = true
      await Promise.all(writers)

      expect(new Set(refused.map((r) => `${r.status} ${r.retryAfter}`))).toEqual(new Set(['503 2']))
      expect(postgresOf(data)).not.toBe(killed)
      for (const writing of unanswered) expect((await write(call, writing)).status).toBe(201)
      const names = await namesIn(call)
      expect([...names].sort()).toEqual([...done, ...unanswered].map((w) => w.name).sort())
      expect(program.output()).toMatch(/数据库中断[^]*数据库已恢复/)
    } finally {
      await removeFolder(data)
    }
  },
)

/** A disk of its own, a few megabytes large; null where mounting is not allowed. */
function mount(folder: string, megabytes: number): (() => void) | null {
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=755`, 'tmpfs', folder])
  return status === 0 ? () => void spawnSync('umount', ['-l', folder]) : null
}
const noMount = '这里不允许挂载 tmpfs（需要 root），磁盘写满的情形没有检验'

test('a disk without room for a database is named at the start', { timeout: patience }, async ({ skip }) => {
  const data = await dataFolder()
  const unmount = mount(data, 24)
  try {
    if (!unmount) return skip(noMount)
    const { code, output } = await runCommand(['start', '--demo', 'none', '--port', '0', '--data', data])
    expect(code).toBe(1)
    expect(output).toMatch(/磁盘(空间不足|已满)/)
  } finally {
    unmount?.()
    await removeFolder(data)
  }
})

let toldWhenFull: string[] = []
test(
  'a disk that fills up while people write: they are told, and when there is room again the same writing succeeds',
  { timeout: patience },
  async ({ skip }) => {
    const data = await dataFolder()
    const unmount = mount(data, 400)
    try {
      if (!unmount) return skip(noMount)
      await using program = await startProgram(data)
      const call = await firstSignIn(program)
      const done = [next(0)]
      expect((await write(call, done[0]!)).status).toBe(201)
      await fill(join(data, 'ballast'))
      const failed: (Writing & { status: number; code: unknown })[] = []
      for (let number = 1; failed.length < 5; number++) {
        const writing = next(number)
        const { status, body } = await write(call, writing)
        if (status === 201) done.push(writing)
        else failed.push({ ...writing, status, code: body['code'] })
      }
      toldWhenFull = failed.map((f) => `${f.status} ${String(f.code)}`)
      await rm(join(data, 'ballast'))
      for (const writing of failed)
        await expect.poll(async () => (await write(call, writing)).status, { timeout: 60_000, interval: 200 }).toBe(201)
      expect((await namesIn(call)).sort()).toEqual([...done, ...failed].map((w) => w.name).sort())
    } finally {
      unmount?.()
      await removeFolder(data)
    }
  },
)

test('whoever writes to a full disk is told 503, to be repeated, not a fault', ({ skip }) => {
  if (toldWhenFull.length === 0) skip(noMount)
  expect(new Set(toldWhenFull)).toEqual(new Set(['503 unavailable']))
})

/** Writes until there is no room left. */
async function fill(path: string): Promise<void> {
  const file = createWriteStream(path)
  const megabyte = Buffer.alloc(2 ** 20)
  await new Promise<void>((resolve) => {
    file.once('error', () => resolve())
    const more = (): void => void file.write(megabyte, (error) => (error ? resolve() : more()))
    more()
  })
  file.destroy()
}
