import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  date, identityNumber, may, members, module, person, reference, references, resource, rows, text,
  type DuplicatesAnswer, type MergePreview, type RecordAnswer,
} from '#model' // prettier-ignore
import { productDefinitions } from '#app/definitions.ts'
import { hospital, type HttpAnswer, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { approve, flow, headOf } from '#kernel/model/flow/index.ts'

const maker = resource('trial.maker', {
  label: '厂家',
  title: 'name',
  owner: { person: 'keeper' },
  closing: { date: 'since' },
  fields: {
    name: text('名称', { required: true }),
    code: text('代码'),
    licence: identityNumber('许可证'),
    since: date('起用'),
    keeper: person('负责人'),
    above: reference('上级', 'trial.maker'),
    goods: rows('产品', { name: text('品名'), by: reference('代工', 'trial.maker') }),
  },
  unique: [['code']],
})
const device = resource('trial.device', {
  label: '设备',
  title: 'name',
  closing: { date: 'on' },
  fields: {
    name: text('名称', { required: true }),
    on: date('日期'),
    maker: reference('厂家', 'trial.maker', { onDelete: 'restrict' }),
    also: references('其他厂家', 'trial.maker'),
    parts: rows('部件', { name: text('名称'), maker: reference('厂家', 'trial.maker') }),
  },
})
const part = resource('trial.part', {
  label: '配件',
  title: 'name',
  fields: { name: text('名称', { required: true }), maker: reference('厂家', 'trial.maker', { required: true, onDelete: 'withParent' }) },
  unique: [['name', 'maker']],
})
const order = resource('trial.order', {
  label: '采购',
  title: 'name',
  approval: 'trial.order',
  owner: { person: 'who' },
  fields: { name: text('名称', { required: true }), who: person('申请人', { required: true }), maker: reference('厂家', 'trial.maker') },
})
const team = resource('trial.team', {
  label: '小组',
  title: 'name',
  fields: { name: text('名称', { required: true }), who: members('成员') },
})
const trial = module('trial', {
  label: '试用',
  resources: [maker, device, part, order, team],
  flows: [flow('trial.order', { label: '采购', steps: [approve('head', '科主任', { by: headOf() })] })],
  roles: {
    staffMember: [may.read(maker), may.update(maker, 'own'), may.delete(maker, 'own'), may.readOwn(order), may.create(order)],
    medicalOffice: [may.all(maker, 'hospital', { show: 'all' }), may.close(maker), may.close(device), may.all(device), may.all(part), may.all(team)],
  },
}) // prettier-ignore

let h: TestHospital
let officer: string, doctor: string
let asOfficer: HttpSession, asDoctor: HttpSession
beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([trial]) })
  officer = await h.person('周敏', { unit: '医务处', roles: ['medicalOffice'] })
  doctor = await h.person('赵一')
  await h.person('李主任', { post: 'head' })
  ;[asOfficer, asDoctor] = [await h.signIn(officer), await h.signIn(doctor)]
})
afterAll(() => h[Symbol.asyncDispose]())
let nth = 0
const make = async (noun: string, draft: Record<string, unknown>) => (await h.create(`trial.${noun}`, { ...(noun === 'maker' ? { code: `C${++nth}` } : {}), ...draft })).id // prettier-ignore
const get = async (noun: string, id: string) =>
  (await asOfficer.call('GET', `/api/records/trial.${noun}/${id}`)).json<RecordAnswer>().record
const seen = async (...ids: string[]) => Promise.all(ids.map(async (id) => ({ id, version: (await get('maker', id)).version })))
const merge = async (keep: string, others: string[], more: object = {}, session = asOfficer) =>
  session.call('POST', '/api/merge/trial.maker', { keep, records: await seen(keep, ...others), reason: '重复登记', ...more })
const restore = (id: string) => asOfficer.call('POST', `/api/records/trial.maker/${id}/restore`, {})
const titleOf = ({ text: body }: HttpAnswer) => (JSON.parse(body) as { title: string }).title
const find = (keys: string, session = asOfficer) => session.call('GET', `/api/duplicates/trial.maker?keys=${encodeURIComponent(keys)}`)
const groups = async (keys: string) => (await find(keys)).json<DuplicatesAnswer>().groups

describe('duplicates', () => {
  test('are found as they are, without regard to width, spaces and case, and by how they sound', async () => {
    for (const name of ['ＡＢ 医疗', 'ab医疗', 'AB医疗', '张丽', '章莉', '单凤', '善凤', '独一']) await make('maker', { name, licence: name === '张丽' || name === '独一' ? 'E1234567' : null })
    expect(await groups('name:exact')).toEqual([])
    expect((await groups('name:loose')).map(({ count, words }) => [count, words])).toEqual([[3, ['ＡＢ 医疗']]])
    expect((await groups('name:pinyin')).map(({ count, words }) => [count, words[0]])).toEqual([[3, 'ＡＢ 医疗'], [2, '张丽'], [2, '单凤']])
    // Empty values are no duplicates of each other.
    expect((await groups('since:exact')).length).toBe(0)
    expect((await groups('licence:exact')).map(({ count, words }) => [count, words])).toEqual([[2, ['E******7']]])
    expect((await groups('name:pinyin,licence:exact')).length).toBe(0)
  })

  test('are not looked for in what one sees masked, nor in ways that mean nothing', async () => {
    expect((await find('licence:exact', asDoctor)).status).toBe(403)
    for (const keys of ['', 'licence:loose', 'goods:exact', 'since:pinyin', 'nothing:exact', 'name:like', 'name'])
      expect((await find(keys)).status, keys).toBe(400)
  })
}) // prettier-ignore

describe('merging', () => {
  test('moves every reference to the kept record, takes the chosen values, and sends the others to the bin', async () => {
    const [keep, one, two] = [await make('maker', { name: '甲厂', code: 'A1' }), await make('maker', { name: '甲  厂', code: 'A2', goods: [{ name: '泵' }] }), await make('maker', { name: '甲厂（旧）' })]
    const above = await make('maker', { name: '分厂', above: one, goods: [{ name: '管', by: two }] })
    const thing = await make('device', { name: '监护仪', maker: one, also: [one, keep, two], parts: [{ name: '线', maker: two }, { name: '屏', maker: keep }] })
    const piece = await make('part', { name: '电池', maker: one })
    const preview = (await asOfficer.call('GET', `/api/merge/trial.maker?ids=${keep},${one},${two}`)).json<MergePreview>()
    expect(preview.records.map(({ pointing, problems }) => [pointing, problems.length])).toEqual([[2, 0], [4, 0], [3, 0]])
    const done = await merge(keep, [one, two], { take: { code: one, goods: one, name: keep } })
    expect([done.status, done.json()]).toEqual([200, { moved: 7 }])
    expect(await get('maker', keep)).toMatchObject({ name: '甲厂', code: 'A2', goods: [{ name: '泵' }] })
    expect(await get('maker', above)).toMatchObject({ above: keep, goods: [{ by: keep }] })
    const moved = await get('device', thing)
    expect([moved['maker'], moved['also'], (moved['parts'] as { maker: string }[]).map((row) => row.maker)]).toEqual([keep, [keep], [keep, keep]])
    // What belongs to a merged record comes along; it is not deleted with it.
    expect(await get('part', piece)).toMatchObject({ maker: keep, deletedAt: null })
    for (const id of [one, two]) expect(await get('maker', id)).toMatchObject({ mergedInto: keep })
    const [audited] = await h.kernel.db.query(`SELECT detail FROM kernel.audit_entry WHERE act = 'merge' AND record = $1 AND detail ? 'others'`, [keep])
    expect(audited).toMatchObject({ detail: { others: [one, two].sort(), reason: '重复登记' } })
  })

  test('is undone by restoring: references go back where nobody has touched them since', async () => {
    const [keep, one, two] = [await make('maker', { name: '乙厂' }), await make('maker', { name: '乙厂 ' }), await make('maker', { name: '乙廠' })]
    const [first, second] = [await make('device', { name: '一号', maker: one, also: [one, two] }), await make('device', { name: '二号', maker: one })]
    const below = await make('maker', { name: '乙分', above: two })
    expect((await merge(keep, [one, two])).status).toBe(200)
    const other = await make('maker', { name: '丙厂' })
    const { version } = await get('device', second)
    expect((await asOfficer.call('PATCH', `/api/records/trial.device/${second}`, { version, changes: { maker: other } })).status).toBe(200)
    expect((await restore(one)).status).toBe(200)
    expect(await get('device', first)).toMatchObject({ maker: one, also: [keep, one] })
    expect(await get('device', second)).toMatchObject({ maker: other })
    expect((await get('maker', one)).mergedInto).toBeUndefined()
    expect(await get('maker', below)).toMatchObject({ above: keep })
    expect((await restore(two)).status).toBe(200)
    expect(await get('maker', below)).toMatchObject({ above: two })
    expect(new Set((await get('device', first))['also'] as string[])).toEqual(new Set([one, two]))
    // What came back can be merged again.
    expect((await merge(keep, [one])).status).toBe(200)
    expect(await get('device', first)).toMatchObject({ maker: keep })
  })

  test('a record that stood above itself by merging stands above nothing, and does again when it is undone', async () => {
    const above = await make('maker', { name: '总厂' })
    const keep = await make('maker', { name: '总 厂', above })
    expect((await merge(keep, [above])).status).toBe(200)
    expect(await get('maker', keep)).toMatchObject({ above: null })
    expect((await restore(above)).status).toBe(200)
    expect(await get('maker', keep)).toMatchObject({ above })
  })

  test('names people in lists of members, and keeps who has an account', async () => {
    const [one, two] = [(await h.create('staff.practitioner', { name: '钱二', unit: await h.unit('骨科'), staffNumber: '77001', status: 'active', category: 'doctor' })).id, await h.person('钱　二')]
    const group = await make('team', { name: '质控组', who: [`person:${one}`, 'post:head'] })
    const practitioners = async (keep: string) => {
      const records = await Promise.all([one, two].map(async (id) => ({ id, version: (await asOfficer.call('GET', `/api/records/staff.practitioner/${id}`)).json<RecordAnswer>().record.version })))
      return asOfficer.call('POST', '/api/merge/staff.practitioner', { keep, records, reason: '同一人' })
    }
    expect(titleOf(await practitioners(one))).toBe('不能合并：有登录账号或审批的那一位须保留')
    const done = await practitioners(two)
    expect(done.status, done.text).toBe(200)
    expect(await get('team', group)).toMatchObject({ who: [`person:${two}`, 'post:head'] })
  })

  test('two who merge the same records: one does, the other is told; nothing is done twice', async () => {
    const [a, b] = [await make('maker', { name: '丁厂' }), await make('maker', { name: '丁 厂' })]
    const thing = await make('device', { name: '丁机', maker: b })
    const records = await seen(a, b)
    const body = (keep: string) => ({ keep, records, reason: '重复' })
    const answers = await Promise.all([asOfficer.call('POST', '/api/merge/trial.maker', body(a)), asOfficer.call('POST', '/api/merge/trial.maker', body(b))])
    expect(answers.map(({ status }) => status).sort((x, y) => x - y)).toEqual([200, 409])
    const kept = (await get('device', thing))['maker'] as string
    expect((await get('maker', kept)).deletedAt).toBeNull()
    expect((await h.kernel.db.query(`SELECT 1 FROM kernel.merge WHERE kept = ANY($1::uuid[])`, [[a, b]])).length).toBe(1)
  })
}) // prettier-ignore

describe('merging is refused with its reason, and then nothing is done', () => {
  test('where a right is missing, a reason, a choice, or what was seen has moved on', async () => {
    const [mine, foreign] = [await make('maker', { name: '戊厂', keeper: doctor }), await make('maker', { name: '戊 厂', keeper: officer })]
    expect(titleOf(await merge(mine, [foreign], {}, asDoctor))).toBe('不能合并：“戊 厂”没有修改和删除它的权限')
    expect((await merge(mine, [foreign], { reason: ' ' })).json()['problems']).toMatchObject([{ field: 'reason' }])
    for (const more of [{ keep: officer }, { records: [{ id: mine, version: 1 }] }, { take: { name: officer } }, { take: { nothing: foreign } }])
      expect((await merge(mine, [foreign], more)).status, JSON.stringify(more)).toBe(400)
    const stale = await merge(mine, [foreign], { records: [{ id: mine, version: 1 }, { id: foreign, version: 9 }] })
    expect([stale.status, titleOf(stale)]).toEqual([409, '其中有记录刚被别人修改，请重新核对'])
    expect((await asDoctor.call('POST', '/api/merge/trial.device', { keep: mine, records: await seen(mine, foreign), reason: '误' })).status).toBe(403)
    expect((await get('maker', foreign)).deletedAt).toBeNull()
  })

  test('where an approval runs over what points there', async () => {
    const [keep, other] = [await make('maker', { name: '己厂' }), await make('maker', { name: '己 厂' })]
    const thing = await make('device', { name: '己机', maker: other })
    const asked = await asDoctor.call('POST', '/api/records/trial.order', { name: '买泵', who: doctor, maker: other })
    expect(asked.status, asked.text).toBe(201)
    expect(titleOf(await merge(keep, [other]))).toBe('引用它的“采购”不能改为指向保留的记录：正在审批，请先办结')
    expect(await get('device', thing)).toMatchObject({ maker: other, version: 1 })
  })

  test('where a period is closed, of the records or of what points there', async () => {
    const [keep, other] = [await make('maker', { name: '庚厂' }), await make('maker', { name: '庚 厂', since: '2026-03-01' })]
    await make('device', { name: '庚机', on: '2026-04-01', maker: other })
    const close = (type: string, act: string, through: string | null) => asOfficer.call('POST', `/api/closings/trial.${type}`, { act, through, reason: '季结' })
    expect((await close('maker', 'close', '2026-03-31')).status).toBe(200)
    expect(titleOf(await merge(keep, [other]))).toContain('“庚 厂”截至 2026-03-31 已封账')
    expect((await close('maker', 'reopen', null)).status).toBe(200)
    expect((await close('device', 'close', '2026-04-30')).status).toBe(200)
    expect((await merge(keep, [other])).json()).toMatchObject({ code: 'periodClosed' })
    expect((await get('maker', other)).deletedAt).toBeNull()
    expect((await close('device', 'reopen', null)).status).toBe(200)
    expect((await merge(keep, [other])).status).toBe(200)
  })

  test('where two records that point there would be the same', async () => {
    const [keep, other] = [await make('maker', { name: '辛厂' }), await make('maker', { name: '辛 厂' })]
    for (const one of [keep, other]) await make('part', { name: '滤芯', maker: one })
    expect(titleOf(await merge(keep, [other]))).toBe('引用它的“配件”不能改为指向保留的记录：已有名称＋厂家相同的配件')
    expect((await get('maker', other)).deletedAt).toBeNull()
  })
}) // prettier-ignore
