import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { formatInstant } from '#model'
import { auditAlone } from '#kernel/server/audit/audit.ts'
import { openDatabase, type Database } from '#kernel/server/database/database.ts'
import { handedOver, keyFromText, masterKey, nextOf, writeKey } from '#kernel/server/protection/master-key.ts'
import { addDataKey, changeMasterFile, grace, wrapAnew } from '#kernel/server/protection/rotation.ts'
import { sealOwnAnew } from '#kernel/server/protection/own-columns.ts'
import { sealAnew, supersedeKeys, wrapKeysAnew } from '#kernel/server/protection/seal-anew.ts'
import type { House } from '../house.ts'
import { masterFile } from '../paths.ts'
import { alsoUnder, sealSettings, settingsFile } from '../sealed-settings.ts'
import { escrowKey, recoverKey, type EscrowAsked } from './escrow.ts'
import { openPlace, withHouse, type Place } from './place.ts'

const usage = `用法：secrets status | secrets change-master [--new-key <文件>] | secrets change-data [--values] | secrets go-on
      secrets escrow --holder 姓名 --holder 姓名 … [--needed 2] --into <文件夹>   主密钥分给几位保管人
      secrets recover --part <分片文件> --part <分片文件> … --to <新密钥文件>        由几位保管人恢复主密钥
      secrets seal-settings <文件>   数据库地址与各系统的地址、密钥（每行 名称=值）加密保存
      [--data ./data]`

/** `xinglin secrets`: which keys there are, another master key, another data key; while the program runs. */
export async function secrets(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      data: { type: 'string', default: process.env['XINGLIN_DATA'] ?? 'data' }, 'new-key': { type: 'string' }, values: { type: 'boolean', default: false },
      holder: { type: 'string', multiple: true, default: [] }, needed: { type: 'string', default: '2' }, into: { type: 'string' },
      part: { type: 'string', multiple: true, default: [] }, to: { type: 'string' },
    }, // prettier-ignore
  })
  const [verb, file] = positionals
  if (verb === 'status') return withOwner(values.data, status)
  if (verb === 'change-master') return withOwner(values.data, (owner, place) => changeMaster(owner, place, values['new-key']))
  if (verb === 'change-data') return changeData(values.data, values.values)
  if (verb === 'go-on') return withKeys(values.data, goOn)
  const { holder: holders, into, part: parts, to } = values
  if (verb === 'escrow' && into)
    return withOwner(values.data, (owner, place) => escrow(owner, place, { holders, needed: Number(values.needed), into }))
  if (verb === 'recover' && to) return recoverKey(parts, to).then(() => 0)
  if (verb === 'seal-settings' && file) return keepSettings(values.data, file)
  console.error(usage)
  return 2
}

async function withOwner(data: string, work: (owner: Database, place: Place) => Promise<number>): Promise<number> {
  const place = await openPlace(data)
  const owner = openDatabase(place.ownerUrl, { max: 2 })
  try {
    return await work(owner, place)
  } finally {
    await owner.close()
    await place.stop()
  }
}
const note = (db: Database, act: string, detail: Record<string, unknown>) =>
  auditAlone(db, new Date(), { actor: null, name: '命令行', address: null }, { act, outcome: 'done', detail })

async function status(owner: Database, place: Place): Promise<number> {
  const given = handedOver('XINGLIN_MASTER_KEY')
  console.log(
    `主密钥来自：${given === 'environment' ? '环境变量 XINGLIN_MASTER_KEY' : given ? `文件 ${given.file}` : masterFile(place.dataFolder)}`,
  )
  const keys = await owner.query<{ id: number; purpose: 'data' | 'index'; at: string; from: string }>(
    'SELECT id, purpose, created_at AS at, active_from AS "from" FROM kernel.data_key ORDER BY id',
  )
  const now = new Date().toISOString()
  const newest = keys.filter(({ purpose, from }) => purpose === 'data' && from <= now).at(-1)
  for (const { id, purpose, at, from } of keys) {
    const state = purpose === 'index' ? '检索用' : id === newest?.id ? '加密用' : from > now ? `${formatInstant(from)} 起启用` : '仅解密'
    console.log(`${purpose === 'data' ? '数据密钥' : '索引密钥'} ${id}   ${formatInstant(at)} 生成   ${state}`)
  }
  return 0
}

async function escrow(owner: Database, { dataFolder }: Place, asked: EscrowAsked): Promise<number> {
  const holders = await escrowKey(dataFolder, asked)
  await note(owner, 'key.escrow', { holders: holders.join('、'), needed: asked.needed })
  console.log(`其中任意 ${asked.needed} 位可用 secrets recover 恢复主密钥。更换主密钥后须重新分存。`)
  return 0
}
async function keepSettings(data: string, file: string): Promise<number> {
  const names = await sealSettings(data, await readFile(file, 'utf8'))
  console.log(
    `已加密保存 ${names.length} 项（${names.join('、')}）到 ${settingsFile(data)}。请从配置和 ${file} 中删去它们；下次启动时生效。`,
  )
  return 0
}

async function changeMaster(owner: Database, { dataFolder }: Place, newKey: string | undefined): Promise<number> {
  const file = masterFile(dataFolder)
  if (!newKey) {
    if (!existsSync(nextOf(file)) && !handedOver('XINGLIN_MASTER_KEY')) await writeKey(nextOf(file), randomBytes(32))
    if (existsSync(nextOf(file))) await alsoUnder(dataFolder, keyFromText(await readFile(nextOf(file), 'utf8')))
    const count = await changeMasterFile(owner, file)
    await note(owner, 'key.changeMaster', { keys: count })
    console.log(`已更换主密钥：${count} 个密钥改由新主密钥加密，新主密钥在 ${file}。请重新备份密钥并分别保管；旧主密钥只能打开此前的备份。`)
    return 0
  }
  await alsoUnder(dataFolder, keyFromText(await readFile(newKey, 'utf8')))
  const count = await wrapAnew(owner, await masterKey(file), keyFromText(await readFile(newKey, 'utf8')))
  await note(owner, 'key.changeMaster', { keys: count })
  console.log(`已更换主密钥：${count} 个密钥改由 ${newKey} 中的新主密钥加密。请在提供主密钥的地方换成它并重启；在此之前不要更换数据密钥。`)
  return 0
}

const withKeys = (data: string, work: (house: House, owner: Database, place: Place) => Promise<number>): Promise<number> =>
  withHouse(data, async (house, place) => {
    const owner = openDatabase(place.ownerUrl, { max: 1 })
    try {
      return await work(house, owner, place)
    } finally {
      await owner.close()
    }
  })
/**
 * The new key is known to every process before it seals; then the keys of all records are wrapped under it. With `--values` the values themselves are sealed
 * anew under new keys, too: where the old key was lost together with a copy of the database.
 */
const changeData = (data: string, values: boolean): Promise<number> =>
  withKeys(data, async (house, owner, place) => {
    const { kernel } = house
    const id = await addDataKey(owner, await masterKey(masterFile(place.dataFolder)), new Date())
    console.log(`新的数据密钥 ${id} 将在 ${grace / 1000} 秒后启用……`)
    for (await kernel.protector.refresh(kernel.db); kernel.protector.current < id;) await sleep(200)
    if (values) await supersedeKeys(owner, new Date())
    return goOn(house, owner)
  })
/** Wraps and seals anew whatever does not stand under the newest keys; after having been cut off it goes on where it was. */
async function goOn({ kernel }: House, owner: Database): Promise<number> {
  const keys = await wrapKeysAnew(kernel, owner)
  const onProgress = (table: string, count: number) => process.stderr.isTTY && process.stderr.write(`\r  ${table} ${count} 条`)
  const own = await sealOwnAnew(kernel, owner, onProgress)
  const rows = await sealAnew(kernel, onProgress)
  const key = kernel.protector.current
  await note(kernel.db, 'key.changeData', { key, keys, rows, own: own.sealed })
  const unread = own.unread ? `（另有 ${own.unread} 项打不开，原样保留）` : ''
  console.log(
    `数据密钥 ${key}：${keys} 个记录密钥改由它加密，${rows} 条记录重新加密，系统自存的 ${own.sealed} 项重新加密${unread}。历次备份仍由原密钥解密，原密钥保留。`,
  )
  return 0
}
