import { createCipheriv, createSecretKey, randomBytes } from 'node:crypto'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { is, may, module, phone, resource, rows, text, type ApiRecord } from '#model'
import { productDefinitions } from '#app/definitions.ts'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { openDatabase, type Database } from '../database/database.ts'
import { listRecords } from '../records/read.ts'
import { keyOf, openUnder, sealUnder, unwrapKey, type Place } from './cipher.ts'
import { KeyRing } from './key-ring.ts'
import { SubjectKeys } from './subject-keys.ts'
import { masterKey, nextOf, openKeys } from './master-key.ts'
import { addDataKey, changeMasterFile, grace, wrapAnew } from './rotation.ts'
import { sealAnew, sealedTables, supersedeKeys, wrapKeysAnew } from './seal-anew.ts'

const card = resource('trial.card', {
  label: '卡片',
  title: 'name',
  fields: {
    name: text('名称', { required: true }),
    mobile: phone('电话'),
    account: text('账号', { class: 'sensitive' }),
    contacts: rows('联系人', { who: text('姓名'), phone: phone('电话') }),
  },
})
const trial = module('trial', {
  label: '试用',
  resources: [card],
  roles: { medicalOffice: [may.all(card, 'hospital', { show: 'all' })] },
})

let h: TestHospital
let owner: Database
let file: string
let session: HttpSession
beforeEach(async () => {
  h = await hospital({ defs: productDefinitions([trial]) })
  owner = openDatabase(h.database.ownerUrl, { max: 2 })
  file = join(h.dataFolder, 'keys', 'master.key')
  session = await h.signIn(await h.person('周敏', { unit: '医务处', roles: ['medicalOffice'] }))
})
afterEach(async () => {
  await owner.close()
  await h[Symbol.asyncDispose]()
})
const mobilePlace = (record: string): Place => ({ resource: 'trial.card', record, field: 'mobile' })
const numberOf = (i: number): string => `138${String(10_000_000 + i)}`
const make = (i: number) =>
  session.call('POST', '/api/records/trial.card', { name: `卡 ${i}`, mobile: numberOf(i), account: `6222${i}`, contacts: [{ who: '家属', phone: numberOf(i + 500) }] }) // prettier-ignore
const find = async (mobile: string): Promise<ApiRecord[]> => {
  const officer = await h.kernel.context({ kind: 'system', reason: '测试' }, 'test')
  return (await listRecords(h.kernel, officer, 'trial.card', { filter: is('mobile', mobile), limit: 10 })).rows
}
const ring = async () =>
  KeyRing.open(
    h.kernel.db,
    () => masterKey(file),
    () => h.clock.now(),
  )

describe('the master key', () => {
  test('is changed while the program runs: who runs goes on, who starts later needs the new one, and what was indexed is found', async () => {
    expect((await make(1)).status).toBe(201)
    const old = await masterKey(file)
    expect(await changeMasterFile(owner, file)).toBe(2)
    expect((await masterKey(file)).equals(old)).toBe(false)
    await expect(KeyRing.open(h.kernel.db, () => Promise.resolve(old), () => h.clock.now())).rejects.toThrow('主密钥与数据库中的数据密钥不匹配')
    expect((await make(2)).status).toBe(201)
    const later = await ring()
    for (const i of [1, 2]) {
      const found = await find(numberOf(i))
      expect(found).toMatchObject([{ name: `卡 ${i}`, mobile: numberOf(i) }])
      const [stored] = await h.kernel.db.query<{ mobile: Buffer; bi: Buffer }>('SELECT mobile, mobile__bi AS bi FROM trial.card WHERE id = $1', [found[0]!.id])
      const keys = new SubjectKeys(later, h.kernel.db, () => h.clock.now())
      expect((await keys.opener(h.kernel.db, [stored!.mobile])).open(mobilePlace(found[0]!.id), stored!.mobile)).toBe(numberOf(i))
      expect(later.blind('trial.card', 'mobile', numberOf(i)).equals(stored!.bi)).toBe(true)
    }
  }) // prettier-ignore

  test('a change that was cut off between database and file is finished at the next start; before the database it is begun again', async () => {
    const old = await masterKey(file)
    const next = randomBytes(32)
    // Cut off before the database took it: the old one fits.
    await writeFile(nextOf(file), next.toString('base64'))
    await openKeys(h.kernel.db, file, () => h.clock.now())
    expect((await masterKey(file)).equals(old)).toBe(true)
    // Cut off after: the new one takes its place.
    await wrapAnew(owner, old, next)
    await openKeys(h.kernel.db, file, () => h.clock.now())
    expect((await masterKey(file)).equals(next)).toBe(true)
    await expect(readFile(nextOf(file))).rejects.toThrow('ENOENT')
    expect(await changeMasterFile(owner, file)).toBe(2)
    await expect(ring()).resolves.toBeDefined()
  })

  test('one that is lost is told in words, and nothing is made in its place', async () => {
    const keys = () => h.kernel.db.query('SELECT id, wrapped FROM kernel.data_key ORDER BY id')
    const before = await keys()
    await rename(file, `${file}.away`)
    await expect(openKeys(h.kernel.db, file, () => h.clock.now())).rejects.toThrow('主密钥与数据库中的数据密钥不匹配')
    await expect(changeMasterFile(owner, file)).rejects.toThrow()
    await expect(addDataKey(owner, randomBytes(32), h.clock.now())).rejects.toThrow()
    expect(await keys()).toEqual(before)
    await rm(file)
    await rename(`${file}.away`, file)
    await expect(ring()).resolves.toBeDefined()
  })

  test('the serving role can neither change nor remove a key', async () => {
    await expect(h.kernel.db.query('UPDATE kernel.data_key SET wrapped = wrapped')).rejects.toThrow(/permission denied/)
    await expect(h.kernel.db.query('DELETE FROM kernel.data_key')).rejects.toThrow(/permission denied/)
  })
})

describe('the data key', () => {
  test('a new one is known to every process before it seals; a process whose clock is behind seals as well', async () => {
    const other = await ring()
    const behind = await KeyRing.open(
      h.kernel.db,
      () => masterKey(file),
      () => new Date(h.clock.now().getTime() - 86_400_000),
    )
    expect(behind.open(mobilePlace('1'), behind.seal(mobilePlace('1'), numberOf(1)))).toBe(numberOf(1))
    const id = await addDataKey(owner, await masterKey(file), h.clock.now())
    await h.kernel.protector.refresh(h.kernel.db)
    expect(h.kernel.protector.current).not.toBe(id)
    // A process that looked just before.
    h.clock.set(new Date(h.clock.now().getTime() + grace - 1).toISOString())
    expect(h.kernel.protector.current).not.toBe(id)
    await other.refresh(h.kernel.db)
    h.clock.set(new Date(h.clock.now().getTime() + 1).toISOString())
    expect(h.kernel.protector.current).toBe(id)
    const sealed = h.kernel.protector.seal(mobilePlace('1'), numberOf(1))
    expect([keyOf(sealed), other.open(mobilePlace('1'), sealed)]).toEqual([id, numberOf(1)])
  })

  test('the keys of records are wrapped under the new one while people read, write and search; values, versions and history stay as they are', async () => {
    for (let i = 0; i < 30; i++) expect((await make(i)).status).toBe(201)
    const rows = () => h.kernel.db.query<{ id: string }>('SELECT id, version, mobile, account FROM trial.card ORDER BY id')
    const before = await rows()
    const ids = before.map((one) => one.id)
    const id = await newKey()
    const made = await whilePeopleWork(30, () => wrapKeysAnew(h.kernel, owner))
    expect((await rows()).filter((row) => ids.includes(row.id))).toEqual(before)
    expect(await h.kernel.db.query('SELECT DISTINCT data_key AS id FROM kernel.subject_key')).toEqual([{ id }])
    // Another process, which knows nothing of before, opens what was written before and since.
    h.kernel.subjectKeys.forget()
    for (const i of [0, 29, made - 1]) expect(await find(numberOf(i))).toMatchObject([{ mobile: numberOf(i), account: `6222${i}` }])
    expect(await wrapKeysAnew(h.kernel, owner)).toBe(0)
    expect(await sealAnew(h.kernel)).toBe(0)
  })

  test('where a key was lost with a copy of the data, the values are sealed anew under new keys while people work; history is read under the old ones', async () => {
    for (let i = 0; i < 30; i++) expect((await make(i)).status).toBe(201)
    const versions = await h.kernel.db.query<{ id: string }>('SELECT id, version FROM trial.card ORDER BY id')
    const first = versions.map((one) => one.id)
    const history = () => h.kernel.db.query('SELECT record, version, changes FROM kernel.history WHERE record = ANY ($1) ORDER BY record, version', [first])
    const kept = await history()
    const sealedUnder = async () => {
      const cards = await h.kernel.db.query<{ a: Buffer; b: Buffer }>('SELECT mobile AS a, account AS b FROM trial.card')
      const inner = await h.kernel.db.query<{ phone: Buffer }>('SELECT phone FROM trial.card__contacts')
      return new Set([...cards.flatMap(({ a, b }) => [keyOf(a), keyOf(b)]), ...inner.map(({ phone: one }) => keyOf(one))])
    }
    const old = await sealedUnder()
    await newKey()
    await supersedeKeys(owner, h.clock.now())
    // Half done, and begun again.
    await expect(
      sealAnew(h.kernel, (table) => {
        if (table.includes('__contacts')) throw new Error('cut off')
      }),
    ).rejects.toThrow('cut off')
    const made = await whilePeopleWork(30, () => sealAnew(h.kernel))
    expect((await sealedUnder()).intersection(old)).toEqual(new Set())
    for (const i of [0, 29, made - 1]) expect(await find(numberOf(i))).toMatchObject([{ mobile: numberOf(i), account: `6222${i}` }])
    expect(await history()).toEqual(kept)
    expect(await h.kernel.db.query('SELECT id, version FROM trial.card WHERE id = ANY ($1) ORDER BY id', [first])).toEqual(versions)
    const told = (await session.call('GET', `/api/records/trial.card/${first[0]!}/history`)).text
    expect(told).toContain('"label":"电话"')
    expect(told).not.toContain('无法解密')
    expect(await sealAnew(h.kernel)).toBe(0)
    expect(sealedTables(h.kernel).map(({ table }) => table)).toContain('"trial"."card__contacts"')
  }) // prettier-ignore

  test('a value that stood under a data key, bound to no record, is read and sealed anew under its record\'s own', async () => {
    expect((await make(1)).status).toBe(201)
    const [row] = await h.kernel.db.query<{ id: string }>('SELECT id FROM trial.card')
    const early = await earlySealed(numberOf(1))
    await h.kernel.db.query('UPDATE trial.card SET mobile = $1', [early])
    expect(await find(numberOf(1))).toMatchObject([{ mobile: numberOf(1) }])
    expect(await sealAnew(h.kernel)).toBe(1)
    const [stored] = await h.kernel.db.query<{ mobile: Buffer; account: Buffer }>('SELECT mobile, account FROM trial.card WHERE id = $1', [row!.id])
    expect(keyOf(stored!.mobile)).toBe(keyOf(stored!.account))
    expect(await find(numberOf(1))).toMatchObject([{ mobile: numberOf(1), account: '62221' }])
  }) // prettier-ignore

  test('a cipher text that was carried to another field or record, or shortened, or changed, does not open', () => {
    const key = { name: 7, key: createSecretKey(randomBytes(32)) }
    const place = { resource: 'trial.card', record: 'a', field: 'mobile' }
    for (const named of [key, { ...key, name: '0190b1c2-0000-7000-8000-00000000abcd' }]) {
      const sealed = sealUnder(named, place, numberOf(1))
      expect(keyOf(sealed)).toBe(named.name)
      expect(openUnder(named, place, sealed)).toBe(numberOf(1))
      for (const other of [{ field: 'account' }, { record: 'b' }, { resource: 'trial.card.contacts' }]) expect(() => openUnder(named, { ...place, ...other }, sealed)).toThrow()
      expect(() => openUnder(named, place, sealed.subarray(0, -1))).toThrow()
      expect(() => openUnder(named, place, sealed.subarray(0, 20))).toThrow()
      for (let at = 0; at < sealed.length; at++) {
        const changed = Buffer.from(sealed)
        changed[at]! ^= 1
        expect(() => openUnder({ ...named, name: keyOf(changed) }, place, changed), `byte ${at}`).toThrow()
      }
    }
  }) // prettier-ignore
})

/** A data key that is known and seals at once. */
async function newKey(): Promise<number> {
  const id = await addDataKey(owner, await masterKey(file), new Date(h.clock.now().getTime() - grace))
  await h.kernel.protector.refresh(h.kernel.db)
  return id
}
/** Somebody enters and looks up cards as long as the work lasts; answers how many there are then. */
async function whilePeopleWork(from: number, work: () => Promise<unknown>): Promise<number> {
  let made = from
  let isOver = false
  const people = (async () => {
    do {
      expect((await make(made)).status).toBe(201)
      expect(await find(numberOf(made - 7))).toHaveLength(1)
      made++
    } while (!isOver)
  })()
  await work().finally(() => (isOver = true))
  await people
  return made
}
/** As values were sealed before they were bound to their record: format 1, for table and field alone. */
async function earlySealed(plain: string): Promise<Buffer> {
  const [row] = await h.kernel.db.query<{ id: number; wrapped: Buffer }>(`SELECT id, wrapped FROM kernel.data_key WHERE purpose = 'data' ORDER BY id LIMIT 1`)
  const key = unwrapKey(await masterKey(file), row!.wrapped)
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, iv)
  cipher.setAAD(Buffer.from(`trial.card\nmobile\n${row!.id}`))
  const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
  const head = Buffer.alloc(5)
  head.writeUInt8(1, 0)
  head.writeUInt32BE(row!.id, 1)
  return Buffer.concat([head, iv, cipher.getAuthTag(), body])
} // prettier-ignore
