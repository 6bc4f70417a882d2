// Patients' names as they are: a few surnames that everybody has, given names of common and of rare letters. The same for every run of one size.
import { join } from 'node:path'
import { v7 as uuidv7 } from 'uuid'
import { giveAccounts } from './accounts.ts'
import { extraModules, productDefinitions } from '#app/definitions.ts'
import { openHouse } from '#app/house.ts'
import { openDatabase } from '#kernel/server/database/database.ts'
import { copyText } from '#kernel/server/store/bulk.ts'
import { columnValues, type CompiledResource } from '#kernel/server/store/compiled.ts'
import { RecordSeals } from '#kernel/server/store/sealing.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { fill, keptDatabase, type BenchContext, type BenchDatabase } from './harness.ts'
import { finish, randomOf, stopwatch, units, uuid } from './large-data.ts'
import { id, password, prepareRegister } from './register-data.ts'

const table = 'names.patient'
export const rowsOf = (ctx: Pick<BenchContext, 'quick'>): number => (ctx.quick ? 1_000_000 : 10_000_000)

/** The database with so many patients, built where it is not there yet. */
export async function namesDatabase(ctx: BenchContext): Promise<BenchDatabase> {
  process.env['XINGLIN_EXTRA_MODULES'] = join(import.meta.dirname, 'names')
  const rows = rowsOf(ctx)
  const { database, isNew } = await keptDatabase(`names_${rows}`)
  if (!isNew) return database
  ctx.log(`  preparing ${rows.toLocaleString('en')} encrypted names, kept for later runs`)
  await prepareRegister(database)
  const [head, envelope] = ['version, state, created_at, updated_at', `1, 'approved', now(), now()`]
  await fill(database, `INSERT INTO directory.role_assignment (id, ${head}, status, role, person) VALUES (${id('assignment', '7')}, ${envelope}, 'active', 'medicalOffice', ${id('person', '7')})`) // prettier-ignore
  await giveAccounts(database, password, [{ name: 'office', person: uuid('person', 7) }])
  const seconds = stopwatch()
  await fillPatients(database, rows)
  ctx.log(`  filled in ${seconds()} s`)
  await finish(database, table)
  ctx.log(`  indexed in ${seconds()} s`)
  return database
} // prettier-ignore

async function fillPatients(database: BenchDatabase, rows: number): Promise<void> {
  // Built once the rows are there: the migrator finds them missing and makes them again.
  await fill(database, `DO $$ DECLARE i text; BEGIN FOR i IN SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = '${table}'::regclass AND NOT indisprimary LOOP EXECUTE 'DROP INDEX ' || i; END LOOP; END $$`) // prettier-ignore
  const house = await openHouse({ defs: productDefinitions(await extraModules()), appUrl: database.appUrl, dataFolder: database.folder, poolSize: 2 })
  const owner = openDatabase(database.ownerUrl, { max: 1 })
  try {
    const c = house.kernel.resource(table)
    await owner.transaction(async (tx) => {
      await tx.once(`SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0`)
      await tx.copyIn(`COPY ${c.table} (${c.insertHead}) FROM STDIN`, patientLines(house.kernel, c, rows))
    })
  } finally {
    await owner.close()
    await house.close()
  }
} // prettier-ignore

/** Of a hundred people, by surname (Ministry of Public Security, report on names 2020: the first three are 7 % each, the first hundred 85 %). */
const surnames: readonly (readonly [string, number])[] = [
  ...Object.entries({ 王: 7.2, 李: 7.1, 张: 6.8, 刘: 5.4, 陈: 4.6, 杨: 3.2, 黄: 2.3, 赵: 2.2, 吴: 2.1, 周: 2 }),
  ...[...'徐孙马朱胡郭何林高罗'].map((name) => [name, 1.3] as const),
  ...[...'郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖'].map((name) => [name, 0.6] as const),
  ...[...'石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向汤'].map((name) => [name, 0.3] as const),
  ...['欧阳', '司马', '上官', '诸葛', '阿', '买买提', '单', '解', '仇', '乐'].map((name) => [name, 0.06] as const),
]
const common = '伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀兰霞平刚桂英华玉萍红玲建国志海波宁福生龙元全胜学祥才发武新利清飞彬富顺信子峰旭辰轩睿浩宇泽涵梓欣怡雨桐思彤佳琪诗语晨曦雅婷慧琳晓梅春燕凤云莲真环雪荣爱妹香月莺媛瑞凡佩琴珍贞莉叶璧璐娅琦晶妍茜秋珊莎锦黛青倩婉娴瑾颖露瑶仪荷丹蓉眉君' // prettier-ignore
/** The letters of GB 2312's first level: names hold them all, most of them rarely. */
const firstLevel = (): string[] => {
  const gbk = new TextDecoder('gbk')
  return Array.from({ length: 3755 }, (_, n) => gbk.decode(Uint8Array.of(0xb0 + Math.floor(n / 94), 0xa1 + (n % 94))))
}

/** Draws one after the other, each as often as it weighs. */
function drawer(list: readonly (readonly [string, number])[], random: () => number): () => string {
  const sums: number[] = []
  for (const [, weight] of list) sums.push((sums.at(-1) ?? 0) + weight)
  return () => {
    const at = random() * sums.at(-1)!
    let [low, high] = [0, sums.length - 1]
    while (low < high) {
      const mid = (low + high) >> 1
      if (sums[mid]! > at) high = mid
      else low = mid + 1
    }
    return list[low]![0]
  }
}
/** Names without an end: three in four of three letters. The n-th most common letter of a given name stands in it as often as 1 / (n + 10)^1.25: the first in one of thirty. */
export function nameMaker(seed: number): () => string {
  const random = randomOf(seed)
  const surname = drawer(surnames, random)
  const letters = [...new Set([...common, ...firstLevel()])]
  const letter = drawer(letters.map((one, n) => [one, 1 / (n + 10) ** 1.25] as const), random) // prettier-ignore
  return () => surname() + letter() + (random() < 0.75 ? letter() : '')
}

const from = Date.parse('2016-11-01T00:00:00Z')
const span = Date.parse('2026-11-01T00:00:00Z') - from
/** So many different names: of each its index values are worked out once, as those who bear it share them. */
const differentNames = 300_000
/** Every row is sealed by itself, under the hospital's key as before records had keys of their own: what is measured is the finding, not the fetching of keys. */
function* patientLines({ protector, subjectKeys }: Kernel, c: CompiledResource, rows: number): Generator<string> {
  const make = nameMaker(2026)
  const random = randomOf(11)
  const name = c.byKey.get('name')!
  const any = new RecordSeals(subjectKeys, c, uuidv7())
  const finding = (value: string): string => columnValues(any, name, value).slice(1).map(copyText).join('\t')
  const names = Array.from({ length: Math.min(rows / 10, differentNames) }, () => make()).map((value) => [value, finding(value)] as const)
  let lines = ''
  for (let n = 0; n < rows; n++) {
    const [value, found] = names[Math.floor(random() * names.length)]!
    const at = from + Math.floor((n / rows) * span)
    const hex = at.toString(16).padStart(12, '0')
    const key = `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-${n.toString(16).padStart(12, '0')}`
    const instant = new Date(at).toISOString()
    const sealed = copyText(protector.seal({ resource: c.r.table, record: key, field: name.id }, value))
    const born = `${1935 + Math.floor(random() * 85)}-0${1 + (n % 9)}-1${n % 10}`
    lines += `${key}\t1\tapproved\t${instant}\t\\N\t${instant}\t\\N\t\\N\t${sealed}\t${found}\tP${n}\t${random() < 0.5 ? 'm' : 'f'}\t${born}\t${units[Math.floor(random() ** 1.6 * 600)]}\n`
    if (lines.length > 200_000) {
      yield lines
      lines = ''
    }
  }
  yield lines
}
