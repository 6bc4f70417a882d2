import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { v7 as uuidv7 } from 'uuid'
import { hashPassword, putAccount } from '#kernel/server/access/sessions.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { createRecord } from '#kernel/server/records/write.ts'
import { buildDemo, demoAccounts, demoHisKey, demoPassword, type DemoSize } from '../demo/demo.ts'
import { extraModules, productDefinitions } from '../definitions.ts'
import { openHouse, processRoles, root, type House, type HouseOptions, type ProcessRole } from '../house.ts'
import { openPlace } from './place.ts'
import { isQuarantined } from './quarantine.ts'

const loopback = new Set(['127.0.0.1', 'localhost', '::1'])

/** `xinglin start`: database, schema, demonstration hospital, page; until a signal ends it. */
export async function start(args: string[]): Promise<undefined> {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: 'string', default: process.env['PORT'] ?? '8080' },
      host: { type: 'string', default: '127.0.0.1' },
      demo: { type: 'string' },
      role: { type: 'string', multiple: true },
      modules: { type: 'string' },
      data: { type: 'string', default: process.env['XINGLIN_DATA'] ?? 'data' },
    },
  })
  const port = Number(values.port)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`端口“${values.port}”不对，应为 0–65535`)
  const demo = demoSize(values.demo)
  const roles = readRoles(values.role)
  if (demo !== 'none' && !loopback.has(values.host))
    throw new Error('演示医院的账号和密码是公开的，只能在 127.0.0.1 上启动；对外服务请加 --demo none')
  // Wrong declarations are told before anything is started.
  const defs = productDefinitions(await extraModules())
  const place = await openPlace(values.data, {
    onDown: () => console.error('数据库中断，正在重启……'),
    onUp: () => console.error('数据库已恢复'),
  })
  // Whatever ends this, the database that was started for it ends too.
  try {
    const house = await openHouse({
      appUrl: place.appUrl,
      ownerUrl: place.ownerUrl,
      sealerUrl: place.sealerUrl,
      outside: place.outside,
      s3: place.s3,
      scanning: place.scanning,
      dataFolder: place.dataFolder,
      defs,
      pageFolder: join(root, 'dist/web'),
      logger: process.env['XINGLIN_LOG'] === '1',
      roles,
      bounds: readBounds(process.env['XINGLIN_REQUESTS']),
      ...(values.modules ? { serve: new Set(values.modules.split(',')) } : {}),
    })
    try {
      const first = demo === 'none' ? await firstOfficer(house.kernel) : (await buildDemo(house.kernel, demo), null)
      if (roles.has('web')) await listen(house, port, values.host)
      const isHeld = isQuarantined(place.dataFolder)
      if (!isHeld) await house.startWork()
      const address = house.server.app.addresses()[0] as { port: number } | undefined
      announce(`http://${values.host}:${address?.port ?? port}`, demo, first)
      if (!place.sealerUrl) console.error('没有封存账号，审计记录不会封存；npm run xinglin -- doctor 说明如何补上')
      if (isHeld)
        console.log(
          `  隔离中（从备份恢复）：不发消息、不推送、不跑任务。核对无误后：npm run xinglin -- restore --release --data ${place.dataFolder}\n`,
        )
      await ended()
    } finally {
      await house.close()
    }
  } finally {
    await place.stop()
  }
  return undefined
}

async function listen(house: House, port: number, host: string): Promise<void> {
  try {
    await house.server.app.listen({ port, host })
  } catch (error) {
    throw (error as { code?: string }).code === 'EADDRINUSE' ? new Error(`端口 ${port} 已被占用，请用 --port 换一个`) : error
  }
}

function readRoles(given: readonly string[] | undefined): Set<ProcessRole> {
  const asked = (given ?? []).flatMap((role) => role.split(','))
  const wrong = asked.find((role) => !(processRoles as readonly string[]).includes(role))
  if (wrong) throw new Error(`--role 只能是 ${processRoles.join('、')}`)
  return new Set(asked.length ? (asked as ProcessRole[]) : processRoles)
}

/** `48,400,1500`: requests of people worked on at once, waiting, and how long at most, ms. */
function readBounds(given: string | undefined): HouseOptions['bounds'] {
  if (!given) return undefined
  const [, atOnce, waiting, waitMs] = /^(\d{1,5}),(\d{1,5}),(\d{1,5})$/.exec(given)?.map(Number) ?? []
  if (!atOnce || waiting === undefined || !waitMs)
    throw new Error(`XINGLIN_REQUESTS“${given}”不对，应为“同时处理数,排队数,最长等待毫秒”，如 48,400,1500`)
  return { people: { atOnce, waiting, waitMs } }
}

function demoSize(given: string | undefined): DemoSize {
  const size = given ?? (process.env['NODE_ENV'] === 'production' ? 'none' : 'small')
  if (size === 'none' || size === 'small' || size === 'large') return size
  throw new Error(`--demo 只能是 none、small 或 large`)
}

function announce(url: string, demo: DemoSize, first: { account: string; password: string } | null): void {
  const lines = [``, `  杏林已启动   ${url}`, ``]
  if (demo !== 'none')
    lines.push(
      `  演示账号（密码都是 ${demoPassword}）：`,
      ...demoAccounts.map(([account, who]) => `    ${account.padEnd(10)} ${who}`),
      `  HIS 演示密钥： ${demoHisKey}`,
    )
  if (first) lines.push(`  首个系统管理员： ${first.account}   一次性初始密码： ${first.password}`, `  （登录后须修改；只显示这一次）`)
  console.log([...lines, '', '  按 Ctrl-C 停止', ''].join('\n'))
}

/** A hospital without demonstration begins with one system officer, whose password is shown once. */
async function firstOfficer(kernel: Kernel): Promise<{ account: string; password: string } | null> {
  const [known] = await kernel.db.query<{ count: number }>('SELECT count(*)::int AS count FROM kernel.account')
  if (known!.count > 0) return null
  const ctx = await kernel.context({ kind: 'system', reason: '首次启动' }, 'system')
  const person = uuidv7()
  await createRecord(kernel, ctx, 'directory.person', { name: '系统管理员', status: 'active' }, { actId: person })
  await createRecord(kernel, await kernel.context(ctx.actor, 'system'), 'directory.roleAssignment', { role: 'systemOfficer', person })
  const password = `${randomBytes(9).toString('base64url')}Aa1!`
  await putAccount(kernel.db, kernel.clock.now(), { name: 'admin', person, passwordHash: await hashPassword(password), mustChange: true })
  return { account: 'admin', password }
}

/** Resolves at Ctrl-C or a request to end. */
const ended = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
