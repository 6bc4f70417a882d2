import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { profileLabel, type Profile } from '#model'
import { createAccount } from '#kernel/server/access/accounts.ts'
import { hashPassword, oneTimePassword } from '#kernel/server/access/passwords.ts'
import { networkProblem } from '#kernel/server/access/networks.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { outgoingFromEnvironment } from '#kernel/server/outgoing.ts'
import { createRecord } from '#kernel/server/records/write.ts'
import { demoAccounts, demoHisKey, demoHisKeyId, demoPassword } from '../demo/accounts.ts'
import { buildDemo, type DemoSize } from '../demo/demo.ts'
import { extraModules, productDefinitions } from '../definitions.ts'
import { readProfile } from '../profile.ts'
import { openHouse, processRoles, type House, type HouseOptions, type ProcessRole } from '../house.ts'
import { root } from '../paths.ts'
import { openPlace, type Place } from './place.ts'
import { isQuarantined } from './quarantine.ts'

const loopback = new Set(['127.0.0.1', 'localhost', '::1'])

/** `xinglin start`: database, schema, demonstration hospital, page; until a signal ends it. */
export async function start(args: string[]): Promise<undefined> {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: 'string', default: process.env['PORT'] ?? '8080' },
      host: { type: 'string', default: '127.0.0.1' },
      'admin-host': { type: 'string', default: process.env['XINGLIN_ADMIN_HOST'] ?? '127.0.0.1' },
      'admin-port': { type: 'string', default: process.env['XINGLIN_ADMIN_PORT'] },
      demo: { type: 'string' },
      role: { type: 'string', multiple: true },
      modules: { type: 'string' },
      level: { type: 'string' },
      exposure: { type: 'string' },
      data: { type: 'string', default: process.env['XINGLIN_DATA'] ?? 'data' },
    },
  })
  const port = readPort(values.port)
  const management = values['admin-port'] ? { host: values['admin-host'], port: readPort(values['admin-port']) } : null
  const demo = demoSize(values.demo)
  const roles = readRoles(values.role)
  const profile = readProfile(values, demo !== 'none')
  if (demo !== 'none' && !loopback.has(values.host))
    throw new Error('演示医院的账号和密码是公开的，只能在 127.0.0.1 上启动；对外服务请加 --demo none')
  // Wrong declarations are told before anything is started.
  const defs = productDefinitions(await extraModules())
  // Heard from here on, not only once all is up: a database that was started must end with the program that started it.
  const asked = endAsked()
  const place = await openPlace(values.data, {
    onDown: () => console.error('数据库中断，正在重启……'),
    onUp: () => console.error('数据库已恢复'),
  })
  const rising = rise(place, { defs, roles, profile, demo, port, host: values.host, management, modules: values.modules })
  let house: House | void
  try {
    house = await Promise.race([rising, asked])
    await asked
    await house?.close()
  } finally {
    // Whatever ends this, the database that was started for it ends too.
    await place.stop()
  }
  // Cut off on the way up it fails, for want of its database; or it was up in that very moment.
  if (!house) await rising.then((late) => late.close()).catch(() => undefined)
  return undefined
}

interface Wanted {
  defs: ReturnType<typeof productDefinitions>
  roles: Set<ProcessRole>
  profile: Profile
  demo: DemoSize
  port: number
  host: string
  /** Where the management listens apart; null: with everybody. */
  management: { host: string; port: number } | null
  modules: string | undefined
}
/** Schema, demonstration or first accounts, page and work, and the lines that say so. */
async function rise(place: Place, { defs, roles, profile, demo, port, host, management, modules }: Wanted): Promise<House> {
  const house = await openHouse({
    appUrl: place.appUrl,
    ownerUrl: place.ownerUrl,
    sealerUrl: place.sealerUrl,
    outside: place.outside,
    s3: place.s3,
    scanning: place.scanning,
    signIn: place.signIn,
    dataFolder: place.dataFolder,
    defs,
    pageFolder: join(root, 'dist/web'),
    logger: process.env['XINGLIN_LOG'] === '1',
    roles,
    profile,
    proxies: readProxies(process.env['XINGLIN_PROXIES']),
    // A demonstration speaks with what stands beside it.
    outgoing: [...outgoingFromEnvironment(process.env), ...(demo === 'none' ? [] : ['127.0.0.0/8', '::1'])],
    bounds: readBounds(process.env['XINGLIN_REQUESTS']),
    ...(modules ? { serve: new Set(modules.split(',')) } : {}),
  })
  try {
    const first = demo === 'none' ? await firstOfficers(house.kernel) : (await buildDemo(house.kernel, demo), [])
    if (roles.has('web')) await listen(house, port, host)
    const apart = management && roles.has('web') ? await house.server.management.listen(management) : null
    const isHeld = isQuarantined(place.dataFolder)
    if (!isHeld) await house.startWork()
    const address = house.server.app.addresses()[0] as { port: number } | undefined
    announce(`http://${host}:${address?.port ?? port}`, demo, profile, first)
    if (apart !== null) console.log(`  管理端口     http://${management!.host}:${apart}（安全、账号、权限、审计、系统设置只在此处）\n`)
    if (!place.sealerUrl) console.error('没有封存账号，审计记录不会封存；npm run xinglin -- doctor 说明如何补上')
    if (isHeld)
      console.log(
        `  隔离中（从备份恢复）：不发消息、不推送、不跑任务。核对无误后：npm run xinglin -- restore --release --data ${place.dataFolder}\n`,
      )
    return house
  } catch (error) {
    await house.close()
    throw error
  }
}

async function listen(house: House, port: number, host: string): Promise<void> {
  try {
    await house.server.app.listen({ port, host })
  } catch (error) {
    throw (error as { code?: string }).code === 'EADDRINUSE' ? new Error(`端口 ${port} 已被占用，请用 --port 换一个`) : error
  }
}

function readPort(given: string): number {
  const port = Number(given)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`端口“${given}”不对，应为 0–65535`)
  return port
}

function readRoles(given: readonly string[] | undefined): Set<ProcessRole> {
  const asked = (given ?? []).flatMap((role) => role.split(','))
  const wrong = asked.find((role) => !(processRoles as readonly string[]).includes(role))
  if (wrong) throw new Error(`--role 只能是 ${processRoles.join('、')}`)
  return new Set(asked.length ? (asked as ProcessRole[]) : processRoles)
}

/** `10.0.0.5,10.1.0.0/24`: whose word about where a request comes from is believed. */
function readProxies(given: string | undefined): string[] {
  const proxies = (given ?? '').split(',').map((one) => one.trim()).filter(Boolean) // prettier-ignore
  const wrong = proxies.find((one) => networkProblem(one))
  if (wrong) throw new Error(`XINGLIN_PROXIES 中的“${wrong}”不对，应为代理的地址或网段，以逗号分开`)
  return proxies
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

function announce(url: string, demo: DemoSize, profile: Profile, first: readonly FirstAccount[]): void {
  const lines = [``, `  杏林已启动   ${url}`, `  防护策略     ${profileLabel(profile)}`, ``]
  if (demo !== 'none')
    lines.push(
      `  演示账号（密码都是 ${demoPassword}）：`,
      ...demoAccounts.map(([account, who]) => `    ${account.padEnd(10)} ${who}`),
      `  HIS 演示密钥： ${demoHisKeyId}（编号） ${demoHisKey}`,
    )
  if (first.length)
    lines.push(
      `  首批账号（三位管理员，须由三个人分别持有）：`,
      ...first.map(({ account, label, password }) => `    ${account.padEnd(10)} ${label}   一次性初始密码： ${password}`),
      `  （登录后须修改；只显示这一次）`,
    )
  console.log([...lines, '', '  按 Ctrl-C 停止', ''].join('\n'))
}

interface FirstAccount {
  account: string
  label: string
  password: string
}
/** The three officers of security: nobody may hold two of these roles. */
const officers = [
  ['sysadmin', 'systemOfficer', '系统管理员'],
  ['secadmin', 'securityOfficer', '安全管理员'],
  ['auditor', 'auditOfficer', '安全审计员'],
] as const
/** A hospital without demonstration begins with its three officers, three different people. Their passwords are shown once and changed at the first sign-in. */
async function firstOfficers(kernel: Kernel): Promise<FirstAccount[]> {
  const [known] = await kernel.db.query<{ count: number }>('SELECT count(*)::int AS count FROM security.account')
  if (known!.count > 0) return []
  const ctx = await kernel.context({ kind: 'system', reason: '首次启动' }, 'system')
  const made: FirstAccount[] = []
  for (const [account, role, label] of officers) {
    const { record } = await createRecord(kernel, ctx, 'directory.person', { name: label, status: 'active' })
    await createRecord(kernel, await kernel.context(ctx.actor, 'system'), 'directory.roleAssignment', { role, person: record.id })
    const password = oneTimePassword()
    await createAccount(kernel, { name: account, person: record.id, passwordHash: await hashPassword(password), mustChange: true })
    made.push({ account, label, password })
  }
  return made
}

/** Resolves at Ctrl-C or a request to end; a second one ends the process at once. */
const endAsked = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
