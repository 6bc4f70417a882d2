import { execFile } from 'node:child_process'
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hospital, type TestHospital } from '#app/testing/hospital.ts'
import { anchorOnce } from '../anchor.ts'
import { entryHash, macOf, merkleRoot, packEntries, sealHash } from '../entries.ts'
import { sealOnce } from '../sealer.ts'
import { exportArchive, type ExportOptions } from './export.ts'
import { manifestFile, readArchiveLine, sealLine, verifierFile, type EntryParts, type Manifest } from './format.ts'

let h: TestHospital
/** Outside the project: nothing of it can be found from there. */
let bare: string
const key = Buffer.alloc(32, 7)
beforeAll(async () => {
  bare = await mkdtemp(join(tmpdir(), 'xinglin-auditor-'))
  h = await hospital()
  const outside = { syslog: null, anchorFile: join(bare, 'anchors.jsonl') }
  for (const name of ['张海涛', '李卫东', '郑毅', '孙宁']) {
    await h.person(name)
    await sealOnce(h.house.sealer!, h.clock, key)
    if (name === '郑毅') await anchorOnce(h.house.sealer!, h.clock, outside)
  }
  await h.kernel.db.once(`INSERT INTO kernel.audit_entry (at, actor_name, act, outcome, detail) SELECT now(), '𠮷野\\n"长', 'x', 'done', jsonb_build_object('n', n, 'é', '😀') FROM generate_series(1, 12000) n`) // prettier-ignore
  await sealOnce(h.house.sealer!, h.clock, key)
  await exported('whole', { streams: ['audit', 'history'], from: null, to: null, now: h.clock.now() })
  await writeFile(join(bare, 'seal.key'), key.toString('base64'))
})
afterAll(async () => {
  await rm(bare, { recursive: true, force: true })
  await h[Symbol.asyncDispose]()
})

async function exported(name: string, options: ExportOptions): Promise<Manifest> {
  const client = await h.kernel.db.pool.connect()
  try {
    return await exportArchive(client, join(bare, name), options)
  } finally {
    client.release()
  }
}

/** Runs the one file as an auditor does: in a bare folder, by Node alone. */
function verify(...args: string[]): Promise<{ code: number; said: string }> {
  return new Promise((resolve) =>
    execFile(process.execPath, [join(bare, 'whole', verifierFile), ...args], { cwd: bare, env: {} }, (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, said: out + err }),
    ),
  )
}
type Line = ReturnType<typeof readArchiveLine>
/** A copy of the archive whose first audit file somebody has changed; `alsoManifest`: who knew to mend the list of files too. */
async function tampered(name: string, change: (lines: string[]) => string[], alsoManifest = true): Promise<string> {
  await rm(join(bare, name), { recursive: true, force: true })
  await cp(join(bare, 'whole'), join(bare, name), { recursive: true })
  const file = join(bare, name, 'audit-00001.jsonl.gz')
  const lines = change(
    gunzipSync(await readFile(file))
      .toString('utf8')
      .trimEnd()
      .split('\n'),
  )
  const bytes = gzipSync(`${lines.join('\n')}\n`)
  await writeFile(file, bytes)
  if (!alsoManifest) return name
  const manifest = JSON.parse(await readFile(join(bare, name, manifestFile), 'utf8')) as Manifest
  const stated = manifest.streams.audit!
  const seals = lines.map(readArchiveLine).filter((line) => line && !Array.isArray(line))
  const last = seals.at(-1)! as Exclude<Line, EntryParts | null>
  Object.assign(stated.files[0]!, { sha256: createHash('sha256').update(bytes).digest('hex'), seals: seals.length, entries: lines.length - seals.length }) // prettier-ignore
  Object.assign(stated.last!, { number: last.number, hash: last.hash.toString('hex') })
  await writeFile(join(bare, name, manifestFile), JSON.stringify(manifest))
  return name
}
const isEntry = (line: string): boolean => line.startsWith('[')
const entryLines = (lines: string[]) => lines.flatMap((line, i) => (isEntry(line) ? [i] : []))
const seqOf = (line: string): number => Number((JSON.parse(line) as string[])[0])

test('the one file proves the archive by Node alone, says what it cannot prove without key and anchors, and names what no anchor covers', async () => {
  const content = await readFile(join(bare, 'whole', verifierFile), 'utf8')
  expect([...content.matchAll(/from ["']([^"']+)["']/g)].filter(([, name]) => !name!.startsWith('node:'))).toEqual([])
  expect((await readdir(join(bare, 'whole'))).sort()).toEqual(['anchors.jsonl', 'audit-00001.jsonl.gz', 'history-00001.jsonl.gz', 'manifest.json', 'verify-audit.mjs', '核对说明.txt']) // prettier-ignore
  const plain = await verify('whole')
  expect(plain).toMatchObject({ code: 0, said: expect.stringMatching(/审计：已核对 \d+ 个封存、120\d\d 条记录，0 处问题/) as string })
  expect(plain.said).toMatch(/没有外部锚点覆盖：第 1 至 \d+ 号[^]*签章没有核对[^]*没有给出外部锚点[^]*没有发现问题/)
  const full = await verify('whole', '--key', 'seal.key', '--anchors', 'anchors.jsonl')
  expect(full.code).toBe(0)
  expect(full.said).toMatch(/外部锚点证明到第 3 号\n  没有外部锚点覆盖：第 4 至 \d+ 号封存/)
  expect(full.said).not.toContain('没有给出')
  await writeFile(join(bare, 'other.key'), Buffer.alloc(32, 8).toString('base64'))
  expect(await verify('whole', '--key', 'other.key')).toMatchObject({ code: 1, said: expect.stringContaining('签章不符') as string })
})

test('an entry that was changed, removed, inserted or moved in the archive is named, even where the list of files was mended', async () => {
  let seq = 0
  const changed = await tampered('changed', (lines) => {
    const at = entryLines(lines)[2]!
    const parts = JSON.parse(lines[at]!) as string[]
    seq = Number(parts[0])
    parts[3] = '别人'
    return lines.with(at, JSON.stringify(parts))
  })
  expect(await verify(changed)).toMatchObject({ code: 1, said: expect.stringContaining(`第 ${seq} 条的内容被修改`) as string })
  const removed = await tampered('removed', (lines) => {
    const at = entryLines(lines)[1]!
    seq = seqOf(lines[at]!)
    return lines.toSpliced(at, 1)
  })
  expect(await verify(removed)).toMatchObject({ code: 1, said: expect.stringContaining(`第 ${seq} 条被删除`) as string })
  const inserted = await tampered('inserted', (lines) => {
    const at = entryLines(lines)[1]!
    const parts = JSON.parse(lines[at]!) as string[]
    return lines.toSpliced(at, 0, JSON.stringify(['777777', ...parts.slice(1)]))
  })
  expect(await verify(inserted)).toMatchObject({ code: 1, said: expect.stringContaining('第 777777 条不在封存') as string })
  const reordered = await tampered('reordered', (lines) => {
    const at = entryLines(lines).find((i) => isEntry(lines[i + 1] ?? ''))!
    return lines.with(at, lines[at + 1]!).with(at + 1, lines[at]!)
  })
  expect(await verify(reordered)).toMatchObject({ code: 1, said: expect.stringContaining('的位置被调换') as string })
  const renumbered = await tampered('renumbered', (lines) => {
    const at = entryLines(lines).find((i) => isEntry(lines[i + 1] ?? ''))!
    const [one, other] = [JSON.parse(lines[at]!) as string[], JSON.parse(lines[at + 1]!) as string[]]
    return lines.with(at, JSON.stringify([one[0], ...other.slice(1)])).with(at + 1, JSON.stringify([other[0], ...one.slice(1)]))
  })
  expect((await verify(renumbered)).said.match(/顺序被调换/g)).toHaveLength(2)
  expect(await verify(await tampered('listed', (lines) => lines.toSpliced(entryLines(lines)[1]!, 1), false))).toMatchObject({ said: expect.stringMatching(/SHA-256 与清单不符[^]*应有/) as string }) // prettier-ignore
})

test('a seal taken out, a file cut off, an end cut away: each is said', async () => {
  const withoutSeal = await tampered('seal', (lines) => {
    const [from, to] = lines.flatMap((line, i) => (isEntry(line) ? [] : [i])).slice(1, 3) as [number, number]
    return lines.toSpliced(from, to - from)
  })
  expect(await verify(withoutSeal)).toMatchObject({ code: 1, said: expect.stringMatching(/缺少第 2 号封存[^]*与前一封存不相连/) as string })
  await cp(join(bare, 'whole'), join(bare, 'cut'), { recursive: true })
  const file = join(bare, 'cut', 'audit-00001.jsonl.gz')
  const bytes = await readFile(file)
  await writeFile(file, bytes.subarray(0, bytes.length / 2))
  expect(await verify('cut')).toMatchObject({
    code: 1,
    said: expect.stringMatching(/不能读到末尾，被截断或已损坏[^]*末尾被截去/) as string,
  })
  // Who mends the list as well is found by what is known outside only.
  const short = await tampered('short', (lines) =>
    lines.slice(
      0,
      lines.findIndex((line) => line.includes('"number":2,')),
    ),
  )
  expect((await verify(short, '--key', 'seal.key')).said).toMatch(/外部留存的第 3 号封存在归档中不存在/)
  await writeFile(join(bare, short, 'anchors.jsonl'), '')
  expect(await verify(short, '--key', 'seal.key')).toMatchObject({ code: 0 })
  expect(await verify(short, '--key', 'seal.key', '--anchors', 'anchors.jsonl')).toMatchObject({ code: 1, said: expect.stringContaining('外部留存的第 3 号封存在归档中不存在') as string }) // prettier-ignore
})

test('a line that is cut in its middle is told: of an entry, of a seal, and of an anchor outside, whose end nobody can take away unseen', async () => {
  const cut = async (name: string, isOf: (line: string) => boolean) =>
    verify(
      await tampered(name, (lines) => {
        const at = lines.findLastIndex(isOf)
        return lines.with(at, lines[at]!.slice(0, lines[at]!.length / 2))
      }),
    )
  expect(await cut('entry', isEntry)).toMatchObject({ code: 1, said: expect.stringMatching(/有一行无法识别[^]*条被删除/) as string })
  expect(await cut('sealed', (line) => !isEntry(line))).toMatchObject({ code: 1, said: expect.stringMatching(/有一行无法识别/) as string })
  const anchors = await readFile(join(bare, 'anchors.jsonl'), 'utf8')
  const check = () => verify('whole', '--key', 'seal.key', '--anchors', 'mine.jsonl')
  for (const length of [anchors.trimEnd().length - 1, anchors.length / 2, 2]) {
    await writeFile(join(bare, 'mine.jsonl'), anchors.slice(0, length))
    expect(await check(), String(length)).toMatchObject({
      code: 1,
      said: expect.stringContaining('mine.jsonl 的最后一行不完整：锚点被截断') as string,
    })
  }
  // Cut off by a crash, and written again whole: nothing is lost.
  await writeFile(join(bare, 'mine.jsonl'), `${anchors.slice(0, 40)}\n${anchors}\n`)
  expect(await check()).toMatchObject({ code: 0, said: expect.stringContaining('外部锚点证明到第 3 号') as string })
  // Edited without breaking it: the seal it names is another.
  await writeFile(join(bare, 'mine.jsonl'), anchors.replace(/"hash":"[0-9a-f]{4}/, '"hash":"0000'))
  expect(await check()).toMatchObject({ code: 1, said: expect.stringContaining('与外部留存不符') as string })
})

test('a chain made anew as a whole, with the key, passes without an anchor and fails against one', async () => {
  const rewritten = await tampered('rewritten', (lines) => {
    let previous: Buffer = Buffer.alloc(32)
    const out: string[] = []
    const all = lines.map((line) => readArchiveLine(line)!)
    for (const [i, line] of all.entries()) {
      if (Array.isArray(line)) continue
      const end = all.findIndex((other, j) => j > i && !Array.isArray(other))
      const rows = all.slice(i + 1, end === -1 ? undefined : end) as EntryParts[]
      if (i === 0) rows[0]![3] = '别人'
      const entries = packEntries(rows.map((parts) => ({ seq: Number(parts[0]), hash: entryHash(parts) })))
      const seal = { ...line, entries, root: merkleRoot(entries), previous }
      previous = sealHash(seal)
      out.push(sealLine({ ...seal, hash: previous, mac: macOf(key, previous) }), ...rows.map((parts) => JSON.stringify(parts)))
    }
    return out
  })
  await writeFile(join(bare, rewritten, 'anchors.jsonl'), '')
  expect(await verify(rewritten, '--key', 'seal.key')).toMatchObject({
    code: 0,
    said: expect.stringContaining('整体改写，不会被发现') as string,
  })
  expect(await verify(rewritten, '--key', 'seal.key', '--anchors', 'anchors.jsonl')).toMatchObject({
    code: 1,
    said: expect.stringMatching(/第 3 号封存与外部留存不符[^]*没有外部锚点覆盖：第 1 至/) as string,
  })
})

test('archives of spans of time hold by themselves and together; a folder that is none, or a key that is none, is refused in words', async () => {
  const all = { streams: ['audit'] as const, now: h.clock.now() }
  h.clock.set('2026-06-20')
  await h.person('马超')
  await sealOnce(h.house.sealer!, h.clock, key)
  await exported('first', { ...all, from: null, to: '2026-06-18T00:00:00Z' })
  await exported('second', { ...all, now: h.clock.now(), from: '2026-06-18T00:00:00Z', to: null })
  expect(await verify('second')).toMatchObject({ code: 0, said: expect.stringMatching(/此前的第 \d+ 号不在其中/) as string })
  const both = await verify('second', 'first', '--key', 'seal.key', '--anchors', 'anchors.jsonl')
  expect(both.code).toBe(0)
  expect(both.said).not.toContain('不在其中')
  expect(await verify('.')).toMatchObject({ code: 2, said: expect.stringContaining('不是审计归档') as string })
  expect(await verify()).toMatchObject({ code: 2, said: expect.stringContaining('用法') as string })
  expect(await verify('first', '--key', 'anchors.jsonl')).toMatchObject({
    code: 2,
    said: expect.stringContaining('不是封存密钥') as string,
  })
  await expect(exported('first', { ...all, from: null, to: null })).rejects.toThrow('不是空的')
})
