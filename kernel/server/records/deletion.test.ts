import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PointingAnswer, RecordAnswer } from '#model'
import { Definitions, module, reference, references, resource, rows, text } from '#model'
import { productDefinitions } from '#app/definitions.ts'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { kit } from '../flow/testing-kit.ts'

let h: TestHospital
let office: HttpSession
let ward: HttpSession
beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([kit]) })
  office = await h.signIn(await h.person('医务员', { roles: ['medicalOffice'] }))
  ward = await h.signIn(await h.person('赵一'))
})
afterAll(() => h[Symbol.asyncDispose]())

const make = async (noun: string, name: string, more: object = {}) => (await h.create(`kit.${noun}`, { name, ...more })).id
const get = async (noun: string, id: string) => (await office.call('GET', `/api/records/kit.${noun}/${id}`)).json<RecordAnswer>()
const remove = async (noun: string, id: string) =>
  office.call('DELETE', `/api/records/kit.${noun}/${id}?version=${(await get(noun, id)).record.version}`)
const restore = (noun: string, id: string) => office.call('POST', `/api/records/kit.${noun}/${id}/restore`, {})
const purge = (noun: string, id: string, reason = '登记有误') => office.call('POST', `/api/records/kit.${noun}/${id}/purge`, { reason })
const isDeleted = async (noun: string, id: string) => (await get(noun, id)).record.deletedAt !== null

test('S6 a reference keeps what it names when that is deleted, and says so', async () => {
  const room = await make('room', '东库')
  const device = await make('device', '监护仪', { room })
  expect((await remove('room', room)).status).toBe(200)
  const answer = await get('device', device)
  expect(answer.record).toMatchObject({ room, version: 1, deletedAt: null })
  expect(answer.titles['kit.room']![room]).toBe('东库（已删除）')
  // What is deleted is offered to nobody and cannot be chosen again.
  const other = await office.call('POST', '/api/records/kit.device', { name: '呼吸机', room })
  expect(other.json()['problems']).toMatchObject([{ field: 'room', message: '所选库房不存在或已删除' }])
})

test('S6 restrict refuses the deletion and lists what points there; what the asker may not see is only counted', async () => {
  const room = await make('room', '南库')
  const lease = await make('lease', '南库租约', { room })
  const refused = await remove('room', room)
  expect([refused.status, refused.json()['code'], refused.json()['title']]).toEqual([409, 'referenced', '还有“租约”1 条引用它，不能删除'])
  const listed = { resource: 'kit.lease', field: 'room', onDelete: 'restrict', count: 1, isMore: false, records: [{ id: lease, title: '南库租约' }] } // prettier-ignore
  expect(refused.json()['pointing']).toMatchObject([listed])
  const shown = (await office.call('GET', `/api/records/kit.room/${room}/pointing`)).json<PointingAnswer>()
  expect(shown.groups).toMatchObject([listed])
  expect((await ward.call('GET', `/api/records/kit.room/${room}/pointing`)).status).toBe(403)
  expect(await isDeleted('room', room)).toBe(false)
  await remove('lease', lease)
  expect((await remove('room', room)).status).toBe(200)
})

test('S6 clear empties the reference, as a change of its own record that history tells', async () => {
  const room = await make('room', '西库')
  const label = await make('label', '标签甲', { room })
  await remove('room', room)
  expect((await get('label', label)).record).toMatchObject({ room: null, version: 2 })
  const [entry] = await h.kernel.db.query<{ act: string; changes: object }>(`SELECT act, changes FROM kernel.history WHERE record = $1 ORDER BY version DESC LIMIT 1`, [label]) // prettier-ignore
  expect(entry).toEqual({ act: 'clear', changes: { room: [room, null] } })
})

test('S6 withParent goes along and comes back with the act that deleted it; what was deleted before by itself stays deleted', async () => {
  const room = await make('room', '北库')
  const [one, two] = [await make('shelf', '架一', { room }), await make('shelf', '架二', { room })]
  await remove('shelf', two)
  expect((await remove('room', room)).status).toBe(200)
  expect([await isDeleted('shelf', one), await isDeleted('shelf', two)]).toEqual([true, true])
  // A part does not come back before the whole.
  expect((await restore('shelf', one)).json()['title']).toBe('它所属的“库房”已删除，请先恢复那一条')
  expect((await restore('room', room)).status).toBe(200)
  expect([await isDeleted('room', room), await isDeleted('shelf', one), await isDeleted('shelf', two)]).toEqual([false, false, true])
  // The second time it is another act: what came back by itself is asked for by itself.
  await remove('shelf', one)
  await remove('room', room)
  await restore('room', room)
  expect(await isDeleted('shelf', one)).toBe(true)
})

test('S6 a deletion that one reference forbids deletes and empties nothing', async () => {
  const room = await make('room', '中库')
  const [shelf, label] = [await make('shelf', '架三', { room }), await make('label', '标签乙', { room })]
  await make('lease', '中库租约', { room })
  expect((await remove('room', room)).status).toBe(409)
  expect(await isDeleted('shelf', shelf)).toBe(false)
  expect((await get('label', label)).record['room']).toBe(room)
})

test('S6 purge needs its right, a reason and the recycle bin; it is refused with the list while a reference would lead nowhere', async () => {
  const room = await make('room', '旧库')
  const device = await make('device', '除颤仪', { room })
  expect((await purge('room', room)).json()['title']).toContain('只有回收站里')
  await remove('room', room)
  expect((await get('room', room)).record.may).toMatchObject({ restore: true, purge: true })
  expect((await ward.call('POST', `/api/records/kit.room/${room}/purge`, { reason: '误' })).status).toBe(403)
  expect((await purge('room', room, ' ')).json()['problems']).toMatchObject([{ field: 'reason' }])
  const refused = await purge('room', room)
  expect([refused.status, refused.json()['title']]).toEqual([409, '还有“在库设备”1 条引用它，不能彻底删除'])
  expect(refused.json()['pointing']).toMatchObject([{ records: [{ id: device, title: '除颤仪' }] }])
})

test('S6 what is purged leaves its title where it was named, and takes along what was deleted with it', async () => {
  const room = await make('room', '临时库')
  const shelf = await make('shelf', '临时架', { room })
  const tour = await make('tour', '六月巡查', { rooms: [room] })
  await remove('room', room)
  const done = await purge('room', room)
  expect(done.status, done.text).toBe(204)
  expect((await get('tour', tour)).titles['kit.room']![room]).toBe('临时库（已彻底删除）')
  const gone = await office.call('GET', `/api/records/kit.room/${room}`)
  expect([gone.status, gone.json()['title']]).toEqual([404, '库房“临时库”已彻底删除'])
  expect((await office.call('GET', `/api/records/kit.shelf/${shelf}`)).json()['title']).toBe('货架“临时架”已彻底删除')
  const audited = await h.kernel.db.query(`SELECT detail FROM kernel.audit_entry WHERE act = 'purge' AND record = $1`, [room])
  expect(audited).toEqual([{ detail: { reason: '登记有误' } }])
})

test('S6 a declaration that cannot be kept is found at the start', () => {
  const target = resource('odd.room', { label: '库房', title: 'name', fields: { name: text('名称', { required: true }) } })
  const odd = resource('odd.thing', {
    label: '物品',
    title: 'name',
    fields: {
      name: text('名称', { required: true }),
      room: reference('库房', 'odd.room', { required: true, onDelete: 'clear' }),
      rooms: references('库房', 'odd.room', { onDelete: 'withParent' }),
      lines: rows('明细', { room: reference('库房', 'odd.room', { onDelete: 'withParent' }) }),
    },
  })
  const problems = new Definitions([module('odd', { label: '奇', resources: [target, odd] })], []).prove()
  expect(problems).toEqual([
    'odd.thing: room.onDelete: a required reference cannot be emptied',
    'odd.thing: rooms.onDelete: only a record with one such reference can be deleted along',
    'odd.thing: lines.room.onDelete: only a record with one such reference can be deleted along',
  ])
})
