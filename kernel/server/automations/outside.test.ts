import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { Outings } from '#app/testing/outings-hospital.ts'
import { signatureOf } from '../signed-calls.ts'
import { eraseValues } from '../protection/erase.ts'
import { hookSignature, sendCalls } from './calls.ts'
import { takeDue } from './due.ts'
import { automationsOn } from './in-force.ts'
import { pauseAutomation } from './pause.ts'

test('so many days before a date it begins, at its hour, each date once; missed days are made up for, what lay before the publish is not', async () => {
  await using o = await Outings.open({ at: '2026-06-15T09:00:00+08:00' })
  const name = await o.on({
    label: '临期',
    when: { kind: 'date', date: 'due', days: 3, at: 480 },
    where: { field: 'status', op: 'eq', value: 'open' },
    acts: [{ kind: 'update', at: null, values: [{ field: 'note', value: { from: 'expression', text: 'note + "催"' } }] }],
  })
  const dated = async (due: string, more = {}) => (await o.refund(due, { due, note: '请', ...more })).id
  const [past, near, far, over] = [await dated('2026-06-18'), await dated('2026-06-19'), await dated('2026-06-22'), await dated('2026-06-19', { status: 'done' })]
  const look = async (at: string) => {
    o.h.clock.set(at)
    await takeDue(o.h.kernel)
    await o.work()
  }
  const notes = async () => {
    const rows = await o.refunds()
    return [past, near, far, over].map((id) => rows.find((row) => row['id'] === id)!['note'])
  }
  await look('2026-06-16T07:59:00+08:00')
  expect(await notes()).toEqual(['请', '请', '请', '请'])
  await look('2026-06-16T08:01:00+08:00')
  await look('2026-06-16T08:02:00+08:00')
  expect(await notes()).toEqual(['请', '请催', '请', '请'])
  // The house is closed on the 19th.
  await look('2026-06-21T08:01:00+08:00')
  expect(await notes()).toEqual(['请', '请催', '请催', '请'])
  expect(await o.runs(name)).toHaveLength(2)
}, 60_000) // prettier-ignore

test('a rhythm begins it once, or for each record that passes', async () => {
  await using o = await Outings.open({ at: '2026-06-12T09:00:00+08:00' })
  const weekly = await o.on({
    label: '每周一建一条',
    resource: '',
    when: { kind: 'schedule', rhythm: { every: 'week', on: [1] }, at: 480, each: false },
    acts: [{ kind: 'create', resource: 'outing.refund', values: [{ field: 'whose', value: { from: 'runner' } }, { field: 'topic', value: { from: 'constant', value: '本周报销' } }] }],
  })
  const each = await o.on({
    label: '逐条',
    when: { kind: 'schedule', rhythm: { every: 'day' }, at: 480, each: true },
    where: { field: 'amount', op: 'gte', value: 10 },
    acts: [{ kind: 'update', at: null, values: [{ field: 'amount', value: { from: 'constant', value: 1 } }] }],
  })
  await o.refund('大', { amount: 10 })
  await o.refund('小', { amount: 2 })
  for (const at of ['2026-06-12T09:10:00+08:00', '2026-06-14T09:00:00+08:00', '2026-06-15T08:00:00+08:00', '2026-06-15T18:00:00+08:00']) {
    o.h.clock.set(at)
    await takeDue(o.h.kernel)
    await o.work()
  }
  expect((await o.refunds()).map(({ topic, amount }) => [topic, amount])).toEqual([['大', 1], ['小', 2], ['本周报销', null]])
  expect(await o.runs(weekly)).toHaveLength(1)
  expect(await o.runs(each)).toHaveLength(1)
}, 60_000) // prettier-ignore

test('another system is told under a signature once the run is committed, again with pauses until it takes it; the log says how it stands', async () => {
  await using o = await Outings.open()
  const heard: { headers: Record<string, unknown>; body: string }[] = []
  let status = 503
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (piece) => (body += String(piece)))
    request.on('end', () => {
      heard.push({ headers: request.headers, body })
      response.writeHead(status).end()
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/told`
    const { name } = await o.begin({ label: '告诉财务', acts: [{ kind: 'webhook', url, fields: ['topic', 'amount'] }] })
    expect((await o.publish(name)).json<{ problems: object[] }>().problems).toEqual([{ field: `automation:${name}:acts.0.url`, message: '还没有密钥：请先生成密钥' }])
    const { secret } = (await o.call(o.officer, 'POST', `/api/automations/${name}/secret`)).json<{ secret: string }>()
    expect((await o.publish(name)).status).toBe(200)
    const one = await o.refund('机票', { amount: 300 })
    await o.work()
    expect(await sendCalls(o.h.kernel)).toBe(1)
    expect((await o.runs(name))[0]!.results[0]!.words).toMatch(/：第 1 次没有送达（对方答复 503），稍后再试$/)
    expect(await sendCalls(o.h.kernel)).toBe(0)
    status = 200
    o.h.clock.set('2026-06-15T04:00:11Z')
    expect(await sendCalls(o.h.kernel)).toBe(1)
    expect((await o.runs(name))[0]!.results[0]!.words).toMatch(/：已送达$/)
    const [, last] = heard
    expect(JSON.parse(last!.body)).toMatchObject({ automation: name, event: 'created', resource: 'outing.refund', record: one.id, values: { topic: '机票', amount: 300 } })
    expect(last!.headers['x-xinglin-signature']).toBe(signatureOf(secret, String(last!.headers['x-xinglin-timestamp']), last!.body))
    // The number in the signed body is the one by which the other side knows a repeated call; what has been taken is kept no longer.
    expect(heard.map(({ body }) => JSON.parse(body) as object)).toEqual(heard.map(({ headers }) => expect.objectContaining({ delivery: headers['x-xinglin-delivery'] }) as object))
    expect(await o.h.kernel.db.query(`SELECT length(body) AS bytes, state FROM kernel.automation_call`)).toEqual([{ bytes: 0, state: 'sent' }])
    // Inside the hospital's network nothing is spoken to that was not allowed.
    const inner = await o.begin({ label: '内网', acts: [{ kind: 'webhook', url: 'http://10.0.0.1/x', fields: [] }] })
    expect((await o.publish(inner.name)).text).toContain('不能连接内部地址')
  } finally {
    server.close()
  }
}, 60_000) // prettier-ignore

test('another system begins one by a signed call, each delivery once; what is not signed, old or not JSON is refused', async () => {
  await using o = await Outings.open()
  const { name } = await o.begin({
    label: '财务来单',
    resource: '',
    when: { kind: 'webhook' },
    acts: [{ kind: 'create', resource: 'outing.refund', values: [{ field: 'whose', value: { from: 'runner' } }, { field: 'topic', value: { from: 'hook', key: 'title' } }, { field: 'amount', value: { from: 'hook', key: 'sum' } }] }],
  })
  expect((await o.publish(name)).text).toContain('还没有密钥')
  const { secret } = (await o.call(o.officer, 'POST', `/api/automations/${name}/secret`)).json<{ secret: string }>()
  expect((await o.publish(name)).status).toBe(200)
  const send = async (body: string, { key = secret, at = o.h.clock.now(), delivery = 'D1', signed = '', to = name } = {}) => {
    const timestamp = String(Math.floor(at.getTime() / 1000))
    const headers = { 'content-type': 'application/json', 'x-xinglin-timestamp': timestamp, 'x-xinglin-signature': hookSignature(key, { timestamp, delivery: signed || delivery, body }), 'x-xinglin-delivery': delivery }
    const answer = await o.h.house.server.app.inject({ method: 'POST', url: `/api/automation-hooks/${to}`, headers, payload: body })
    return [answer.statusCode, answer.json<{ code?: string; repeated?: boolean }>()] as const
  }
  const body = JSON.stringify({ title: '外部单据', sum: 120 })
  expect(await send(body)).toEqual([202, { accepted: true, repeated: false }])
  expect(await send(body)).toEqual([202, { accepted: false, repeated: true }])
  // Whoever overhears one cannot send it again as another.
  expect((await send(body, { delivery: 'D3', signed: 'D1' }))[1].code).toBe('badSignature')
  expect((await send(body, { key: 'wrong' }))[1].code).toBe('badSignature')
  expect((await send(body, { to: 'custom.tnone' }))[1].code).toBe('badSignature')
  expect((await send(body, { at: new Date(o.h.clock.now().getTime() - 600_000) }))[1].code).toBe('clockSkew')
  expect((await send(body, { delivery: '' }))[0]).toBe(400)
  expect((await send('[1]'))[0]).toBe(400)
  expect((await send('{'))[0]).toBe(400)
  expect((await send(JSON.stringify({ title: 'x'.repeat(70_000) })))[0]).toBe(400)
  expect((await send(JSON.stringify({ title: '金额不对', sum: 'many' }), { delivery: 'D2' }))[0]).toBe(202)
  await o.work()
  expect((await o.refunds()).map(({ topic, amount }) => [topic, amount])).toEqual([['外部单据', 120]])
  expect((await o.runs(name)).map(({ state, problem }) => [state, problem])).toEqual([['failed', expect.stringContaining('金额：') as string], ['done', null]])
  // What was said lies sealed, as long as it may be run again.
  const said = await o.h.kernel.db.query<{ state: string; input: Buffer | null }>(`SELECT state, input FROM kernel.automation_run WHERE automation = $1 ORDER BY id`, [name])
  expect(said.map(({ state, input }) => [state, input?.toString('utf8').includes('金额不对') ?? null])).toEqual([['done', null], ['failed', false]])
}, 60_000) // prettier-ignore

test('a call that cannot be sent for a fault of the program waits like others, fails in the end, and holds up none', async () => {
  await using o = await Outings.open()
  const { name } = await o.begin({ label: '告诉财务', acts: [{ kind: 'webhook', url: 'https://example.com/told', fields: [] }] })
  await o.call(o.officer, 'POST', `/api/automations/${name}/secret`)
  expect((await o.publish(name)).status).toBe(200)
  await o.refund('机票')
  await o.work()
  await o.h.kernel.db.query(`UPDATE kernel.automation_call SET body = 'spoilt'`)
  const calls = () => o.h.kernel.db.query(`SELECT state, attempts, problem FROM kernel.automation_call`)
  for (let n = 1; n <= 8; n++) {
    await expect(sendCalls(o.h.kernel)).rejects.toThrow()
    expect(await calls()).toEqual([{ state: n < 8 ? 'waiting' : 'failed', attempts: n, problem: '系统内部错误' }])
    o.h.clock.set(new Date(o.h.clock.now().getTime() + 86_400_000).toISOString())
  }
  expect(await sendCalls(o.h.kernel)).toBe(0)
}, 60_000)

test('of a record that was erased nothing leaves any more', async () => {
  await using o = await Outings.open()
  const { name } = await o.begin({ label: '告诉财务', acts: [{ kind: 'webhook', url: 'https://example.com/told', fields: ['topic'] }] })
  await o.call(o.officer, 'POST', `/api/automations/${name}/secret`)
  await o.publish(name)
  const one = await o.refund('某人的事')
  await o.work()
  const { kernel } = o.h
  await kernel.transaction(await o.h.system(), (tx) => eraseValues(kernel, tx, kernel.resource('outing.refund'), one.id, { isGone: false }))
  expect(await sendCalls(kernel)).toBe(0)
  expect((await o.runs(name))[0]!.results[0]!.words).toMatch(/：没有送达（记录的内容已删除）$/)
  expect(await kernel.db.query(`SELECT length(body) AS bytes FROM kernel.automation_call`)).toEqual([{ bytes: 0 }])
}, 60_000)

test('days on which it paused are not made up for', async () => {
  await using o = await Outings.open({ at: '2026-06-15T09:00:00+08:00' })
  const name = await o.on({
    label: '到期',
    when: { kind: 'date', date: 'due', days: 0, at: 480 },
    acts: [{ kind: 'update', at: null, values: [{ field: 'note', value: { from: 'constant', value: '到期' } }] }],
  })
  for (const due of ['2026-06-17', '2026-06-19']) await o.refund(due, { due })
  o.h.clock.set('2026-06-16T09:00:00+08:00')
  const [on] = (await automationsOn(o.h.kernel)).values()
  await pauseAutomation(o.h.kernel, o.h.kernel.db, on!, '试停')
  o.h.clock.set('2026-06-18T09:00:00+08:00')
  expect((await o.call(o.officer, 'POST', `/api/automations/${name}/resume`)).status).toBe(200)
  for (const at of ['2026-06-18T09:01:00+08:00', '2026-06-19T09:00:00+08:00']) {
    o.h.clock.set(at)
    await takeDue(o.h.kernel)
    await o.work()
  }
  expect((await o.refunds()).map(({ due, note }) => [due, note])).toEqual([['2026-06-17', null], ['2026-06-19', '到期']])
}, 60_000) // prettier-ignore
