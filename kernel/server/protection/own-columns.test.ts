import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Outings } from '#app/testing/outings-hospital.ts'
import { newActId } from '#app/testing/hospital.ts'
import { browserOnPush } from '#app/testing/push-service.ts'
import { keptAnswer, sealAnswer } from '../access/clients/claims.ts'
import { answerResets, askForCode } from '../access/reset-by-code.ts'
import { queueSms } from '../access/sms/queue.ts'
import { hookSignature } from '../automations/calls.ts'
import { openDatabase } from '../database/database.ts'
import { switchOn } from '../messages/push/devices.ts'
import { senderOf } from '../messages/push/sender.ts'
import { keyOf } from './cipher.ts'
import { masterKey } from './master-key.ts'
import { ownColumns, sealOwnAnew } from './own-columns.ts'
import { addDataKey, grace } from './rotation.ts'

/** Bytes that no data key seals: digests, pictures, wrapped keys, what stands under the key of a record, and the parts of the audit's chain. */
const others = [
  'api_answer.fingerprint', 'api_key.hash', 'audit_archive.kept', 'audit_archive.mac', 'code_asked.key', 'data_key.wrapped', 'file_thumbnail.content', 'known_device.token', 'outside_sign_in.token',
  'password_reset.code', 'password_reset.token', 'print.code_hash', 'print.content_hash', 'print.told', 'push_device.mark', 'recovery_code.code', 'seal.entries', 'seal.hash', 'seal.mac',
  'seal.previous', 'seal.root', 'session.token', 'share.token_hash', 'sign_in_ticket.token', 'subject_key.wrapped', 'talk_message.words',
] // prettier-ignore

test('every column of the program that holds bytes is known: sealed under a data key, or for a reason not', async () => {
  await using o = await Outings.open()
  const rows = await o.h.kernel.db.query<{ name: string }>(
    `SELECT c.relname || '.' || a.attname AS name FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = 'kernel' AND a.atttypid = 'bytea'::regtype AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND NOT a.attisdropped ORDER BY 1`,
  )
  const own = ownColumns.map(({ table, column }) => `${table.replace('kernel.', '')}.${column}`)
  expect(rows.map(({ name }) => name)).toEqual([...own, ...others].toSorted())
}, 60_000)

test('another data key seals anew what automations keep: the other side’s secret counts on, what it said is run again, what waits is sent', async () => {
  await using o = await Outings.open()
  const { kernel } = o.h
  const owner = openDatabase(o.h.database.ownerUrl, { max: 1 })
  const { name } = await o.begin({
    label: '来单',
    resource: '',
    when: { kind: 'webhook' },
    acts: [
      { kind: 'create', resource: 'outing.refund', values: [{ field: 'whose', value: { from: 'runner' } }, { field: 'topic', value: { from: 'hook', key: 'title' } }] },
      { kind: 'webhook', url: 'https://example.com/told', fields: [] },
    ],
  }) // prettier-ignore
  const { secret } = (await o.call(o.officer, 'POST', `/api/automations/${name}/secret`)).json<{ secret: string }>()
  expect((await o.publish(name)).status).toBe(200)
  const send = async (delivery: string, body = JSON.stringify({ title: `来单 ${delivery}` })) => {
    const timestamp = String(Math.floor(o.h.clock.now().getTime() / 1000))
    const headers = { 'content-type': 'application/json', 'x-xinglin-timestamp': timestamp, 'x-xinglin-signature': hookSignature(secret, { timestamp, delivery, body }), 'x-xinglin-delivery': delivery }
    return (await o.h.house.server.app.inject({ method: 'POST', url: `/api/automation-hooks/${name}`, headers, payload: body })).statusCode
  } // prettier-ignore
  expect(await send('D1')).toBe(202)
  await o.work()
  expect(await send('D2')).toBe(202)
  // So does what others keep for a short time.
  const request = { client: newActId(), id: 'Q 1', fingerprint: 'ab' }
  await kernel.db.query(`INSERT INTO kernel.api_answer (client, request, fingerprint, at, status, type, body) VALUES ($1, $2, '\\xab', $3, 200, 'text/plain', $4)`, [request.client, request.id, o.h.clock.now().toISOString(), sealAnswer(kernel, request, '答复')])
  await queueSms(kernel, kernel.db, { mobile: '13800000000', text: '验证码', until: o.h.clock.now() })
  const { point } = await senderOf(kernel)
  await switchOn(kernel, await o.h.as(o.officer), browserOnPush('https://push.example.com/1'), '浏览器')
  const captcha = newActId()
  await kernel.db.query(`INSERT INTO kernel.captcha (id, answer, expires_at) VALUES ($1, 'abcd', $2)`, [captcha, new Date(o.h.clock.now().getTime() + 60_000).toISOString()])
  await askForCode(kernel, { name: '无此人', mobile: '13800000000', captcha: { id: captcha, answer: 'abcd' }, address: '10.0.0.1' })
  const library = { resource: 'kernel.library_connection', record: 'one', field: 'secret' }
  await kernel.db.query(`INSERT INTO kernel.library_connection (url, key, secret, at) VALUES ('https://library.example.com', 'ak_1', $1, $2)`, [kernel.protector.seal(library, '密钥'), o.h.clock.now().toISOString()])
  const key = await addDataKey(owner, await masterKey(join(o.h.dataFolder, 'keys', 'master.key')), new Date(o.h.clock.now().getTime() - grace))
  await kernel.protector.refresh(kernel.db)
  expect(await sealOwnAnew(kernel, owner)).toMatchObject({ sealed: 9, unread: 0 })
  const keys = await owner.query(`SELECT secret AS sealed FROM kernel.automation UNION ALL SELECT input FROM kernel.automation_run WHERE input IS NOT NULL UNION ALL SELECT body FROM kernel.automation_call`)
  expect(keys.map(({ sealed }) => keyOf(sealed as Buffer))).toEqual([key, key, key])
  expect(await sealOwnAnew(kernel, owner)).toEqual({ sealed: 0, unread: 0 })
  const [connected] = await owner.query<{ secret: Buffer }>(`SELECT secret FROM kernel.library_connection`)
  expect([kernel.protector.open(library, connected!.secret), await answerResets(kernel)]).toEqual(['密钥', 1])
  expect([(await keptAnswer(kernel, request))?.body, (await senderOf(kernel)).point]).toEqual(['答复', point])
  expect(await send('D3')).toBe(202)
  await o.work()
  expect((await o.refunds()).map(({ topic }) => topic)).toEqual(['来单 D1', '来单 D2', '来单 D3'])
  await owner.close()
}, 60_000) // prettier-ignore
