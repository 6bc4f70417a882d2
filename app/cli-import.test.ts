import { fork, type ChildProcess } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runExport, runImport } from './cli-import.ts'
import { hospital, type TestHospital } from './testing/hospital.ts'
import { generatedCatalogue } from './testing/imports.ts'

let h: TestHospital
let folder: string
beforeAll(async () => {
  h = await hospital()
  folder = await mkdtemp(join(tmpdir(), 'xinglin-cli-'))
})
afterAll(async () => {
  await h[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})
async function command(run: typeof runImport, ...args: string[]): Promise<{ code: number; text: string }> {
  const lines: string[] = []
  const code = await run(h.house, args, (line) => lines.push(line))
  return { code, text: lines.join('\n') }
}
async function file(name: string, content: string): Promise<string> {
  await writeFile(join(folder, name), content)
  return join(folder, name)
}
const count = async () =>
  (await h.kernel.db.query<{ n: number }>(`SELECT count(*)::int AS n FROM privileges.standard_procedure WHERE deleted_at IS NULL`))[0]!.n

test('the command line imports with columns and values given, writes the errors, and takes the batch back by its number', async () => {
  const path = await file('a.csv', '甲,乙\n47.0901,阑尾切除术\n51.2300,\n')
  const wrong = await command(runImport, 'privileges.catalogue', path)
  expect([wrong.code, wrong.text]).toEqual([1, expect.stringContaining('没有一列能识别') as string])
  const map = ['--map', '甲=手术编码', '--map', '乙=name', '--set', '版本=3.0']
  const dry = await command(runImport, 'privileges.catalogue', path, ...map, '--dry-run')
  expect([dry.code, await count(), dry.text]).toEqual([1, 0, expect.stringContaining('将新增 1') as string])
  const errors = join(folder, 'errors.csv')
  const done = await command(runImport, 'privileges.catalogue', path, ...map, '--errors', errors)
  expect([done.code, await count(), await readFile(errors, 'utf8')]).toEqual([
    3,
    1,
    '\uFEFF甲,乙,错误原因\r\n51.2300,,第 3 行：乙：请填写手术名称\r\n',
  ])
  const number = /第 (\d+) 批/.exec(done.text)![1]!
  const undone = await command(runImport, '--undo', number)
  expect([undone.code, await count()]).toEqual([0, 0])
})
test('wrong usage, a missing file and an unknown field are said, each with its exit code', async () => {
  expect((await command(runImport)).code).toBe(2)
  expect((await command(runImport, '--what')).code).toBe(2)
  expect(await command(runImport, 'privileges.catalogue', '/nowhere.csv')).toMatchObject({
    code: 1,
    text: expect.stringContaining('没有这个文件') as string,
  })
  const path = await file('b.csv', 'code,name\n1.1,a\n')
  expect(await command(runImport, 'privileges.catalogue', path, '--set', '颜色=红')).toMatchObject({
    code: 1,
    text: expect.stringContaining('没有“颜色”这个字段') as string,
  })
  expect(await command(runImport, 'nothing.here', path)).toMatchObject({ code: 1 })
})
test('the command line exports what a filter selects', async () => {
  await command(runImport, 'privileges.catalogue', await file('c.csv', 'code,name\n47.0901,阑尾切除术\n51.2300,胆囊切除术\n'))
  const path = join(folder, 'out.csv')
  const done = await command(
    runExport,
    'privileges.standardProcedure',
    '-o',
    path,
    '--columns',
    'code,name',
    '--filter',
    '{"field":"code","op":"startsWith","value":"47"}',
  )
  expect([done.code, (await readFile(path, 'utf8')).split('\r\n').slice(0, 2)]).toEqual([
    0,
    ['\uFEFF手术编码,手术名称', '47.0901,阑尾切除术'],
  ])
  expect((await command(runExport, 'privileges.standardProcedure', '--filter', '{')).code).toBe(1)
})

test('Ctrl-C while it writes leaves nothing behind, and the same file imports afterwards', async () => {
  const before = await count()
  const path = await file('large.csv', generatedCatalogue(20_000))
  const child = fork(
    join(import.meta.dirname, 'testing/import-process.ts'),
    [h.database.appUrl, dirname(h.house.files.folder), 'privileges.catalogue', path, '--set', '版本=取消'],
    { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] },
  )
  await new Promise<void>((ready, failed) => {
    child.once('message', () => ready())
    child.once('exit', () => failed(new Error('ended before it wrote')))
  })
  child.kill('SIGINT')
  const { code, text } = await ended(child)
  expect([code, text]).toEqual([130, expect.stringContaining('没有写入任何内容') as string])
  expect(await count()).toBe(before)
  const [batch] = await h.kernel.db.query(`SELECT state FROM kernel.import_batch WHERE file_name = 'large.csv'`)
  expect(batch).toEqual({ state: 'cancelled' })
  expect((await command(runImport, 'privileges.catalogue', path, '--set', '版本=取消')).text).toContain('已新增')
}, 60_000)
function ended(child: ChildProcess): Promise<{ code: number | null; text: string }> {
  let text = ''
  child.stdout?.on('data', (part: Buffer) => (text += part.toString()))
  return new Promise((done) => child.once('close', (code) => done({ code, text })))
}
