import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { date, Definitions, module, resource, text, type ListAnswer, type RecordAnswer } from '#model'
import type { HttpSession, TestHospital } from '#app/testing/hospital.ts'
import { setDeleted } from '../records/deletion.ts'
import { purgeRecord } from '../records/purge.ts'
import { erasingHospital, type ErasingHospital } from '#app/testing/erasing-hospital.ts'

let e: ErasingHospital
let h: TestHospital, doctor: string
let who: HttpSession, office: HttpSession, security: HttpSession
let { makeCard, makeProof, decide, ask, erased, keysLeft } = {} as ErasingHospital
beforeAll(async () => {
  e = await erasingHospital()
  ;({ h, doctor, who, office, security, makeCard, makeProof, decide, ask, erased, keysLeft } = e)
})
afterAll(() => e[Symbol.asyncDispose]())

describe('what must be kept', () => {
  const hold = (draft: Record<string, unknown>) =>
    security.call('POST', '/api/records/personal.hold', {
      matter: '张某诉本院劳动争议',
      basis: '（2026）粤0305民初1号调取证据通知书',
      ...draft,
    })
  const problemsOf = (answer: { json: <T>() => T }) => answer.json<{ problems?: { field: string; message: string }[] }>().problems
  /** Both offices agree to a deletion, and the second is told why not; then both restrict it. */
  async function refusedThenRestricted(register: string, record: string, basis: string): Promise<void> {
    const id = await ask(register, record)
    await decide(office, { outcome: 'erase', answer: '同意删除' })
    const refused = await decide(security, { outcome: 'erase', answer: '同意删除' })
    expect([refused.status, refused.text]).toEqual([409, expect.stringContaining(basis)])
    expect(await keysLeft(record)).toContain('person')
    const restricted = await decide(security, { outcome: 'restrict', basis, answer: '保存期满前只保存，不再使用' })
    expect(restricted.status, restricted.text).toBe(200)
    expect((await who.call('GET', `/api/records/personal.request/${id}`)).json<RecordAnswer>().record).toMatchObject({
      progress: 'restricted',
      basis,
    })
    for (const s of [office, who]) expect((await s.call('GET', `/api/records/${register}/${record}`)).status).toBe(404)
    for (const bin of ['', '&deleted=true']) {
      const { rows: found } = (await office.call('GET', `/api/records/${register}?limit=100${bin}`)).json<ListAnswer>()
      expect(found.filter((row) => row.id === record)).toEqual([])
    }
    const searched = (await office.call('GET', `/api/records/${register}?search=${encodeURIComponent('凭证')}`)).text
    expect(searched).not.toContain(record)
  }

  test('while the period runs that its type declares, a deletion is refused with years, day and rule; then the record is neither shown nor searched', async () => {
    const [old, young, undated] = [await makeProof('2011-06-14'), await makeProof('2011-06-17'), await makeProof(null)]
    await refusedThenRestricted('wipe.proof', young.id, '《试用档案管理规定》第十二条')
    // Without its day it counts from when the record was made.
    await setDeleted(h.kernel, await h.system(), 'wipe.proof', undated.id, true, null)
    await expect(purgeRecord(h.kernel, await h.system(), 'wipe.proof', undated.id, '清理')).rejects.toThrow(
      /须保存 15 年，这一条至 2041-06-/,
    )
    expect(await erased('wipe.proof', old.id)).toMatchObject({ progress: 'closed' })
    expect(await keysLeft(old.id)).toEqual([])
  })

  test('what is kept is judged as it stands when it is erased, also of a record that lies in the bin already', async () => {
    const proof = await makeProof('2001-01-01')
    await setDeleted(h.kernel, await h.system(), 'wipe.proof', proof.id, true, null)
    await ask('wipe.proof', proof.id)
    await decide(office, { outcome: 'erase', answer: '同意删除' })
    const { decided } = await h.kernel.db.transaction(async (tx) => {
      await tx.query(`UPDATE wipe.proof SET "on" = '2026-06-01' WHERE id = $1`, [proof.id])
      const begun = decide(security, { outcome: 'erase', answer: '同意删除' })
      const waiting = () =>
        h.kernel.db.once(`SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`)
      await expect.poll(async () => (await waiting()).length).toBeGreaterThan(0)
      return { decided: begun }
    })
    const refused = await decided
    expect([refused.status, refused.text]).toEqual([409, expect.stringContaining('须保存 15 年')])
    expect(await keysLeft(proof.id)).toContain('person')
    expect((await decide(security, { outcome: 'restrict', basis: '保存期内', answer: '保存期满前只保存' })).status).toBe(200)
  })

  test('under a legal hold over a record, a person or one kind of his nothing is destroyed, by a request or out of the bin, until it ends', async () => {
    const [one, two] = [await makeCard(), await makeCard()]
    const placed = (await hold({ register: 'wipe.card', record: one.id })).json<RecordAnswer>().record
    await refusedThenRestricted('wipe.card', one.id, '（2026）粤0305民初1号调取证据通知书')
    await setDeleted(h.kernel, await h.system(), 'wipe.card', two.id, true, null)
    const over = (await hold({ person: doctor, register: 'wipe.card', from: '2026-06-01' })).json<RecordAnswer>().record
    const purge = async () => purgeRecord(h.kernel, await h.system(), 'wipe.card', two.id, '重复')
    await expect(purge()).rejects.toThrow('不能删除：自 2026-06-01 起保全，事由是“张某诉本院劳动争议”')
    expect(await keysLeft(two.id)).toEqual(['person', 'record'])
    // Another kind of his is not held; ended with its last day, with a reason, it holds no longer.
    const other = await makeProof('2001-01-01')
    expect(await erased('wipe.proof', other.id)).toMatchObject({ progress: 'closed' })
    const ending = { until: '2026-06-10' }
    const bare = await security.call('PATCH', `/api/records/personal.hold/${over.id}`, { version: 1, changes: ending })
    expect(problemsOf(bare)).toEqual([{ field: 'ended', message: '有期限或解除的，请写明理由' }])
    expect(
      (await security.call('PATCH', `/api/records/personal.hold/${over.id}`, { version: 1, changes: { ...ending, ended: '已撤诉' } }))
        .status,
    ).toBe(200)
    await purge()
    expect(await keysLeft(two.id)).toEqual([])
    expect(placed['until']).toBeNull()
  })

  test('a declaration of retention that names no plain day, no years or no rule is found at the start', () => {
    const fields = { name: text('名称'), on: date('日期') }
    const odd = resource('odd.thing', { label: '物品', title: 'name', retention: { years: 0, from: 'name', basis: ' ' }, fields })
    const more = resource('odd.more', {
      label: '扩展',
      extends: 'odd.thing',
      title: 'name',
      retention: { years: 1, from: 'on', basis: '某条' },
      fields: {},
    })
    expect(new Definitions([module('odd', { label: '奇', resources: [odd, more] })], []).prove()).toEqual([
      'odd.thing: retention.from: "name" is no plain day',
      'odd.thing: retention.years: from 1',
      'odd.thing: retention.basis: which rule asks for it?',
      'odd.more: retention: belongs to the type that it extends',
    ])
  })

  test('a number of a record, of which no field says what type it is, is found at the start', () => {
    const odd = resource('odd.slip', {
      label: '单',
      title: 'name',
      fields: { name: text('名称'), record: text('相关记录', { idOf: 'name' }) },
    })
    expect(new Definitions([module('odd', { label: '奇', resources: [odd] })], []).prove()).toEqual([
      'odd.slip: record.idOf: "name" names no record type',
    ])
  })

  test('a hold names somebody or one record that there is; the security officer alone places it, and nobody takes it away', async () => {
    const one = await makeCard()
    expect(problemsOf(await hold({}))).toEqual([{ field: 'person', message: '请选择人员，或填写一条记录的类别与编号' }])
    expect(problemsOf(await hold({ record: one.id }))).toEqual([{ field: 'register', message: '请选择这条记录的信息类别' }])
    expect(problemsOf(await hold({ register: 'wipe.card', record: '12' }))).toEqual([{ field: 'record', message: '没有这条“卡片”' }])
    const stranger = await h.person('李静')
    expect(problemsOf(await hold({ register: 'wipe.card', record: one.id, person: stranger }))).toEqual([
      { field: 'person', message: '这条记录不是此人的' },
    ])
    const placed = await hold({ person: doctor, from: '2026-06-01' })
    expect(placed.status, placed.text).toBe(201)
    const { id } = placed.json<RecordAnswer>().record
    expect((await office.call('GET', `/api/records/personal.hold/${id}`)).status).toBe(200)
    expect((await office.call('POST', '/api/records/personal.hold', { matter: '无', basis: '无', person: doctor })).status).toBe(403)
    expect((await who.call('GET', `/api/records/personal.hold/${id}`)).status).toBe(403)
    expect((await security.call('DELETE', `/api/records/personal.hold/${id}?version=1`)).status).toBe(403)
    await security.call('PATCH', `/api/records/personal.hold/${id}`, { version: 1, changes: { until: '2026-06-10', ended: '已结案' } })
  })
})
