// Ten years of a hospital group's cases, the same for every run of one size: skewed surnames, units and statuses, and what makes lists slow – closed units
// and disputed cases, few and old.
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { giveAccounts } from './accounts.ts'
import { openDatabase } from '#kernel/server/database/database.ts'
import { withClient } from '#kernel/server/database/roles.ts'
import { migrate } from '#kernel/server/store/migrate.ts'
import { buildIndexes } from '#kernel/server/store/index-build.ts'
import { searchText } from '#kernel/server/store/search.ts'
import { extraModules, productDefinitions } from '#app/definitions.ts'
import { fill, keptDatabase, type BenchContext, type BenchDatabase, type KeptDatabase } from './harness.ts'
import { id, password, prepareRegister } from './register-data.ts'

export const largeFolder = join(import.meta.dirname, 'large')
const table = 'large."case"'
export const uuid = (kind: string, n: number): string => createHash('md5').update(`${kind}${n}`).digest('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') // prettier-ignore
export const units = Array.from({ length: 600 }, (_, n) => uuid('unit', n))
const people = Array.from({ length: 600 }, (_, n) => uuid('person', n))
/** Every fiftieth from the 49th: a department and its wards, closed in the first year. */
const isClosed = (unit: number): boolean => unit % 50 === 49
/** The heads' units: of wards at work, and of closed ones. */
export const unitsOf = { head: units.filter((_, n) => n % 50 === 0), oldHead: units.filter((_, n) => isClosed(n)) }

export const rowsOf = (ctx: Pick<BenchContext, 'quick'>): number => (ctx.quick ? 1_000_000 : 10_000_000)

/** The database with so many rows, and the types of further modules, built where it is not there yet. The product builds the indexes itself. `name`: one of its own, for what changes the tables. */
export async function largeDatabase(
  ctx: BenchContext,
  folders: readonly string[] = [],
  rows = rowsOf(ctx),
  name = 'large',
): Promise<BenchDatabase> {
  process.env['XINGLIN_EXTRA_MODULES'] = [largeFolder, ...folders].join(':')
  const { database, isNew } = await keptDatabase(`${name}_${rows}`)
  if (!isNew) return database
  ctx.log(`  preparing ${rows.toLocaleString('en')} rows, kept for later runs`)
  await prepareRegister(database)
  await secondAccounts(database)
  const seconds = stopwatch()
  await fillCases(database, rows)
  ctx.log(`  filled in ${seconds()} s`)
  await finish(database, table)
  ctx.log(`  indexed in ${seconds()} s`)
  return database
}
/** Builds what a filled table lacks, as the product does, and keeps it for later runs. */
export async function finish(database: KeptDatabase, table: string): Promise<void> {
  const defs = productDefinitions(await extraModules())
  await migrate(database.ownerUrl, defs, new Date().toISOString().slice(0, 10))
  await fill(database, `ANALYZE ${table}`)
  await buildIndexes(database.ownerUrl, defs, new Date())
  await withClient(database.adminUrl, (admin) => admin.query(`VACUUM (ANALYZE) ${table}`))
  await fill(database, `CHECKPOINT`)
  await database.keep()
}
export const stopwatch = (): (() => number) => {
  let from = performance.now()
  return () => {
    const took = Math.round((performance.now() - from) / 1000)
    from = performance.now()
    return took
  }
}

/** The head of the closed units, and somebody who sees the whole hospital. */
async function secondAccounts(database: BenchDatabase): Promise<void> {
  const head = `version, state, created_at, updated_at`
  const envelope = `1, 'approved', now(), now()`
  await fill(
    database,
    `INSERT INTO directory.membership (id, ${head}, person, unit, post, main) VALUES (${id('membership', '49')}, ${envelope}, ${id('person', '49')}, ${id('unit', '49')}, 'head', true);
     INSERT INTO directory.role_assignment (id, ${head}, status, role, person) VALUES (${id('assignment', '7')}, ${envelope}, 'active', 'medicalOffice', ${id('person', '7')})`,
  )
  await giveAccounts(database, password, [
    { name: 'oldHead', person: people[49]! },
    { name: 'office', person: people[7]! },
  ])
}

async function fillCases(database: BenchDatabase, rows: number): Promise<void> {
  // Built once the rows are there: the migrator finds them missing and makes them again.
  await fill(
    database,
    `DO $$ DECLARE i text; BEGIN FOR i IN SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = '${table}'::regclass AND NOT indisprimary LOOP EXECUTE 'DROP INDEX ' || i; END LOOP; END $$`,
  )
  const owner = openDatabase(database.ownerUrl, { max: 1 })
  await owner.transaction(async (tx) => {
    await tx.once(`SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0`)
    await tx.copyIn(`COPY ${table} (${columns.join(', ')}) FROM STDIN`, caseLines(rows))
  })
  await owner.close()
}

const columns = [
  'id', 'version', 'state', 'created_at', 'updated_at', 'name', 'search_text', 'code', 'department', 'doctor', 'reviewer', 'status', 'level', 'kind',
  'source', 'sex', 'urgent', 'happened_on', 'due_on', 'reported_at', 'age', 'days', 'score', 'amount', 'place', 'note',
] // prettier-ignore

/** Small, fast, and the same everywhere. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

const surnames =
  '王王王王王王王李李李李李李李张张张张张张刘刘刘刘刘陈陈陈陈杨杨杨黄黄赵赵吴吴周周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严覃武戴莫孔向汤单解仇'
const given =
  '伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀兰霞平刚桂英华玉萍红玲建国志海波宁福生龙元全胜学祥才发武新利清飞彬富顺信子杰峰旭辰轩睿浩宇泽涵梓欣怡雨桐思彤佳琪诗语晨曦雅婷慧琳晓梅春燕凤云莲真环雪荣爱妹香月莺媛瑞凡佩琴珍贞莉桂叶璧璐娅琦晶妍茜秋珊莎锦黛青倩婉娴瑾颖露瑶仪荷丹蓉眉君'
/** Thirty thousand names with what quick search looks into. */
export function caseNames(): [name: string, search: string][] {
  const random = randomOf(7)
  const pick = (from: string) => [...from][Math.floor(random() * [...from].length)]!
  return Array.from({ length: 30_000 }, () => {
    const name = pick(surnames) + pick(given) + (random() < 0.75 ? pick(given) : '')
    return [name, searchText([name])!]
  })
}

const from = Date.parse('2016-11-01T00:00:00Z')
const span = Date.parse('2026-11-01T00:00:00Z') - from
const day = 86_400_000
const notes = ['', '\\N', '术后恢复良好', '家属已知情同意，资料齐全', '需要随访', '外院转入，待补充影像资料', '按计划复查']

function* caseLines(rows: number): Generator<string> {
  const random = randomOf(2026)
  const names = caseNames()
  const one = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!
  const days = Array.from({ length: span / day + 60 }, (_, n) => new Date(from + (n - 30) * day).toISOString().slice(0, 10))
  const dayAt = (at: number): string => days[Math.floor((at - from) / day) + 30]!
  let lines: string[] = []
  for (let n = 0; n < rows; n++) {
    const age = n / rows
    const at = from + Math.floor(age * span)
    const hex = at.toString(16).padStart(12, '0')
    const key = `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-${n.toString(16).padStart(12, '0')}`
    const instant = new Date(at).toISOString()
    let unit = Math.floor(random() ** 1.6 * 600)
    if (isClosed(unit) && (age > 0.03 || random() < 0.6)) unit -= 1
    const [name, search] = one(names)
    const chance = random()
    const status =
      age < 0.2 && chance < 0.000_25 ? 'disputed' : age > 0.95 && chance < 0.5 ? 'open' : chance < 0.9 ? 'done' : chance < 0.93 ? 'waiting' : chance < 0.97 ? 'dropped' : 'open' // prettier-ignore
    const happened = at - Math.floor(random() * 20) * day
    const level = random()
    lines.push(
      `${key}\t1\tapproved\t${instant}\t${instant}\t${name}\t${search}\tA${n}\t${units[unit]}\t${people[(unit + Math.floor(random() * 12) * 50) % 600]}\t${random() < 0.3 ? '\\N' : one(people)}\t${status}\t${level < 0.5 ? 'first' : level < 0.8 ? 'second' : level < 0.97 ? 'third' : 'fourth'}\tk${Math.floor(random() ** 2 * 12)}\t${one(['clinic', 'ward', 'ward', 'emergency', 'outside', '\\N'])}\t${random() < 0.5 ? 'm' : 'f'}\t${random() < 0.04 ? 't' : 'f'}\t${dayAt(happened)}\t${random() < 0.2 ? '\\N' : dayAt(Math.min(at + Math.floor(random() * 25) * day, from + span + 20 * day))}\t${instant}\t${Math.floor(random() * 95)}\t${Math.floor(random() * 30)}\t${Math.floor(random() * 101)}\t${Math.floor(random() ** 3 * 200_000)}.${10 + Math.floor(random() * 90)}\t${1 + (n % 9)}号楼${1 + (n % 17)}层\t${one(notes)}\n`,
    )
    if (lines.length === 1000) {
      yield lines.join('')
      lines = []
    }
  }
  yield lines.join('')
}
