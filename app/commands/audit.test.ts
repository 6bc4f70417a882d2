import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startEmbedded } from '#kernel/server/database/embedded.ts'
import { withClient, withDatabase } from '#kernel/server/database/roles.ts'
import { dataFolder, firstSignIn, removeFolder, runCommand, startProgram } from '#app/testing/program.ts'
import { SyslogReceiver } from '#app/testing/syslog-receiver.ts'

const patience = 120_000
let folder: string
beforeEach(async () => {
  folder = await dataFolder()
  await mkdir(join(folder, 'data'))
})
afterEach(() => removeFolder(folder))

test(
  'the program sends its audit to the log server within seconds and anchors it outside; the command finds what was changed against either copy, and doctor tells how it stands',
  { timeout: patience },
  async () => {
    const data = join(folder, 'data')
    const anchors = join(folder, 'anchors.jsonl')
    await using receiver = new SyslogReceiver(join(folder, 'syslog'))
    await receiver.begin()
    const env = { XINGLIN_SYSLOG: `tcp://127.0.0.1:${receiver.port}`, XINGLIN_ANCHOR: anchors }
    const program = await startProgram(data, undefined, env)
    await firstSignIn(program)
    const signIns = () => receiver.lines().filter((line) => line.includes('act="changePassword"')).length
    await expect.poll(signIns, { timeout: 5000, interval: 100 }).toBe(1)
    await expect.poll(() => existsSync(anchors), { timeout: 20_000 }).toBe(true)
    await expect.poll(() => receiver.lines().some((line) => line.includes('[anchor@')), { timeout: 5000 }).toBe(true)

    const doctor = await runCommand(['doctor', '--data', data], env)
    expect(doctor.output).toContain('✓ 封存账号 xinglin_sealer：只能新增封存')
    expect(doctor.output).toContain('✓ 服务账号不能改动审计、历史和封存')
    expect(doctor.output).toContain(`✓ 审计日志送往 tcp://127.0.0.1:${receiver.port}，已送`)
    expect(doctor.output).toContain(`✓ 每日外部锚点：${anchors}、tcp://127.0.0.1:${receiver.port}，最近 20`)
    await program.end()

    const verify = (...more: string[]) => runCommand(['audit', 'verify', '--data', data, ...more])
    const whole = await verify('--anchors', anchors, '--anchors', receiver.file)
    expect([whole.code, whole.output]).toEqual([
      0,
      expect.stringMatching(/发现 0 处问题[^]*anchors.jsonl 比对 2 个封存[^]*0 处不符[^]*0 处不符/),
    ])

    const archive = join(folder, 'archive')
    const written = await runCommand(['audit', 'export', '--data', data, '--into', archive, '--history'])
    expect([written.code, written.output]).toEqual([0, expect.stringMatching(/审计：\d+ 个封存、\d+ 条记录\n历史：[^]*核对：node/)])
    const alone = ['--key', join(data, 'keys', 'seal.key'), '--anchors', anchors, '--anchors', receiver.file]
    const said = execFileSync(process.execPath, [join(archive, 'verify-audit.mjs'), archive, ...alone], { cwd: folder, encoding: 'utf8' })
    expect(said).toMatch(/外部锚点证明到第 [1-9]\d* 号[^]*没有发现问题/)
    expect((await runCommand(['audit', 'export', '--data', data, '--into', archive])).output).toContain('不是空的')

    const [line] = (await readFile(anchors, 'utf8')).split('\n')
    const anchor = JSON.parse(line!) as { seals: { hash: string }[] }
    anchor.seals[0]!.hash = '0'.repeat(64)
    await writeFile(anchors, JSON.stringify(anchor))
    const otherwise = await verify('--anchors', anchors)
    expect([otherwise.code, otherwise.output]).toEqual([1, expect.stringContaining('与外部留存不符')])

    await using server = await disposable(startEmbedded({ dataDir: join(data, 'postgres') }))
    const processes = await withClient(withDatabase(server.adminUrl, 'xinglin'), (admin) =>
      admin.query<{ act: string }>(`SELECT act FROM kernel.audit_entry WHERE act LIKE 'system.%' ORDER BY at`),
    )
    expect(processes.rows.map(({ act }) => act)).toEqual(['system.start', 'system.stop'])
    await withClient(withDatabase(server.adminUrl, 'xinglin'), (admin) =>
      admin.query(`DELETE FROM kernel.audit_entry WHERE act = 'changePassword'`),
    )
    const dropped = await verify('--anchors', receiver.file)
    expect([dropped.code, dropped.output]).toEqual([1, expect.stringMatching(/条被删除（封存[^]*条已送往 syslog，在库中不存在/)])
    expect((await verify('--from', '2020-01-01', '--to', '2020-12-31')).output).toMatch(/已核对 0 个封存、0 条记录，发现 0 处问题\s*$/)
    expect((await verify('--from', 'gestern')).code).toBe(2)
    expect(await verify('--anchors', join(folder, 'none'))).toMatchObject({
      code: 1,
      output: expect.stringContaining('没有文件') as string,
    })
  },
)

test(
  'with an outside database whose administrator made no sealer, doctor says what is missing; the program serves and the seals wait',
  { timeout: patience },
  async () => {
    await using server = await disposable(startEmbedded({ dataDir: join(folder, 'postgres') }))
    const asAdmin = (sql: string) => withClient(server.adminUrl, (admin) => admin.query(sql))
    await withClient(withDatabase(server.adminUrl, 'xinglin'), (admin) => admin.query('DROP OWNED BY xinglin_sealer'))
    await asAdmin('DROP OWNED BY xinglin_sealer; DROP ROLE xinglin_sealer')
    const data = join(folder, 'data')
    const env = { DATABASE_URL: server.appUrl, DATABASE_OWNER_URL: server.ownerUrl }
    await using program = await startProgram(data, undefined, env)
    await firstSignIn(program)
    expect(program.output()).toContain('没有封存账号')
    const missing = await runCommand(['doctor', '--data', data], env)
    expect([missing.code, missing.output]).toEqual([1, expect.stringContaining('✗ 没有封存账号，审计不会封存')])

    await asAdmin(`CREATE ROLE xinglin_sealer LOGIN PASSWORD 'for-this-test'; GRANT CONNECT ON DATABASE xinglin TO xinglin_sealer`)
    const sealer = new URL(server.sealerUrl)
    sealer.password = 'for-this-test'
    const given = { ...env, SEALER_DATABASE_URL: sealer.href }
    expect((await runCommand(['doctor', '--data', data], given)).output).toContain('✗ 封存账号不能登录或不能查看封存')
    await program.end()
    await using again = await startProgram(data, undefined, given)
    await expect
      .poll(async () => (await runCommand(['audit', 'verify', '--data', data], given)).output, { timeout: 30_000 })
      .toMatch(/已核对 [1-9]\d* 个封存、[1-9]\d* 条记录，发现 0 处问题/)
    expect((await runCommand(['doctor', '--data', data], given)).output).toContain('✓ 封存账号 xinglin_sealer：只能新增封存')
    expect(again.output()).not.toContain('没有封存账号')
  },
)

async function disposable<T extends { stop(): Promise<void> }>(starting: Promise<T>): Promise<T & AsyncDisposable> {
  const server = await starting
  return Object.assign(server, { [Symbol.asyncDispose]: () => server.stop() })
}
