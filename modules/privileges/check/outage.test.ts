import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createClient } from '#kernel/server/access/clients/keys.ts'
import { signedHeaders } from '#kernel/server/access/clients/signature.ts'
import { startEmbedded } from '#kernel/server/database/embedded.ts'
import { createRecord } from '#kernel/server/records/write.ts'
import { openHouse } from '#app/house.ts'
import { dataFolder, removeFolder } from '#app/testing/program.ts'
import type { QuestionAnswer } from './answer.ts'

test('the database is killed while the HIS asks: 503 with retry-after, then answers again by itself, and every answer given is on disk', async () => {
  const folder = await dataFolder()
  const server = await startEmbedded({ dataDir: folder })
  const house = await openHouse({ appUrl: server.appUrl, ownerUrl: server.ownerUrl, dataFolder: folder, poolSize: 6 })
  try {
    const { kernel } = house
    const ctx = await kernel.context({ kind: 'system', reason: '测试' }, 'test')
    const make = async (resource: string, draft: Record<string, unknown>) =>
      (await createRecord(kernel, ctx, resource, draft, { system: true })).record.id
    const unit = await make('directory.unit', { code: 'H1', name: '人民医院', kind: 'institution', licence: 'L1' })
    const surgeon = await make('staff.practitioner', { name: '王磊', staffNumber: '1', unit, status: 'active', category: 'doctor' })
    const procedure = await make('privileges.procedure', {
      codeSystem: '医保版',
      codeVersion: '2.0',
      code: '51.2300',
      name: '腹腔镜胆囊切除术',
    })
    await make('staff.registration', { practitioner: surgeon, certificateNumber: '1', institution: unit, from: '2015-01-01' })
    await make('privileges.grant', { number: '1', practitioner: surgeon, procedure, mode: 'item', from: '2020-01-01', status: 'active' })
    await make('privileges.checkMode', { mode: 'block' })
    const his = await createClient(kernel, { name: 'HIS', rights: ['privileges.check'], more: { proof: 'signed' } })
    await house.startWork()
    const payload = JSON.stringify({ practitioner: { staffNumber: '1' }, procedures: [{ codeSystem: '医保版', code: '51.2300' }] })
    const call = { method: 'POST', target: '/api/privileges/check', body: payload } as const
    const ask = () =>
      house.server.app.inject({
        method: 'POST',
        url: call.target,
        headers: { 'content-type': 'application/json', ...signedHeaders({ ...his, ...call, nonce: randomUUID(), at: new Date() }) },
        payload,
      })
    expect((await ask()).json()).toMatchObject({ result: 'allowed' })

    const records: string[] = []
    const refused: { status: number; retryAfter: unknown }[] = []
    let isOver = false
    const asking = Array.from({ length: 8 }, async () => {
      while (!isOver) {
        const answer = await ask()
        if (answer.statusCode === 200) records.push(answer.json<QuestionAnswer>().answers[0]!.record)
        else refused.push({ status: answer.statusCode, retryAfter: answer.headers['retry-after'] })
        await sleep(answer.statusCode === 200 ? 1 : 50)
      }
    })
    await sleep(300)
    const before = records.length
    process.kill(server.pid()!, 'SIGKILL')
    for (const end = Date.now() + 30_000; Date.now() < end && (refused.length === 0 || (await ask()).statusCode !== 200);) await sleep(100)
    await sleep(300)
    isOver = true
    await Promise.all(asking)

    expect([before > 0, records.length > before, refused.length > 0]).toEqual([true, true, true])
    expect(new Set(refused.map((r) => `${r.status} ${String(r.retryAfter)}`))).toEqual(new Set(['503 2']))
    const stored = await kernel.db.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM privileges.check_record WHERE id = ANY ($1::uuid[])`,
      [records],
    )
    expect(stored[0]!.count).toBe(records.length)
  } finally {
    await house.close()
    await server.stop()
    await removeFolder(folder)
  }
}, 90_000)
