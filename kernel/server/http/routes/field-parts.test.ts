import { afterAll, beforeAll, expect, test } from 'vitest'
import { may, module, resource, tags, text, tree, type TreeAnswer } from '#model'
import { productDefinitions } from '#app/definitions.ts'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { Readable } from 'node:stream'

const place = resource('sample.place', { label: '地点', title: 'name', fields: { name: text('名称', { required: true }), parent: tree('上级', 'sample.place') } }) // prettier-ignore
const note = resource('sample.note', {
  label: '便签',
  title: 'name',
  owner: { department: 'ward' },
  fields: {
    name: text('名称', { required: true }),
    labels: tags('标签'),
    ward: tree('病区', 'directory.unit'),
    place: tree('地点', 'sample.place'),
  },
})
const sample = module('sample', {
  label: '样例',
  resources: [place, note],
  roles: { medicalOffice: [may.all(place), may.all(note)], departmentHead: [may.read(note, 'myUnits')] },
})

let h: TestHospital
let officer: HttpSession
let head: HttpSession
let stranger: HttpSession
beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([sample]) })
  const [surgery, medicine] = [await h.unit('外科'), await h.unit('内科')]
  officer = await h.signIn(await h.person('周敏', { roles: ['medicalOffice'] }))
  head = await h.signIn(await h.person('外科主任', { unit: '外科', roles: ['departmentHead'] }))
  stranger = await h.signIn(await h.person('过客'))
  for (const [name, labels, ward] of [['甲', ['疑难', '示教'], surgery], ['乙', ['疑难'], surgery], ['丙', ['内部'], medicine]] as const)
    await h.create('sample.note', { name, labels, ward }) // prettier-ignore
})
afterAll(() => h[Symbol.asyncDispose]())

test('words used before are offered, the most used first, out of what the asker may see', async () => {
  const used = async (who: HttpSession, key = 'labels') => {
    const answer = await who.call('GET', `/api/records/sample.note/used/${key}`)
    return answer.status === 200 ? answer.json<{ values: string[] }>().values : answer.status
  }
  // Of two used equally often the newer one.
  expect(await used(officer)).toEqual(['疑难', '内部', '示教'])
  expect(await used(head)).toEqual(['疑难', '示教'])
  expect([await used(stranger), await used(officer, 'name'), await used(officer, 'nothing')]).toEqual([403, 400, 400])
})

test('a tree is answered by name to whoever may point into it, and what is no tree is refused', async () => {
  const clinic = await h.create('sample.place', { name: '门诊楼' })
  const floor = await h.create('sample.place', { name: '三楼', parent: clinic.id })
  const { nodes } = (await head.call('GET', '/api/choices/sample.place/tree/parent')).json<TreeAnswer>()
  expect(nodes.map(({ title, parent }) => [title, parent])).toEqual([['门诊楼', null], ['三楼', clinic.id]]) // prettier-ignore
  const found = await officer.call(
    'GET',
    `/api/records/sample.note?filter=${encodeURIComponent(JSON.stringify({ field: 'place', op: 'under', value: [clinic.id] }))}`,
  )
  expect([found.status, found.json<{ rows: unknown[] }>().rows.length]).toEqual([200, 0])
  await h.create('sample.note', { name: '丁', place: floor.id })
  const again = await officer.call(
    'GET',
    `/api/records/sample.note?filter=${encodeURIComponent(JSON.stringify({ field: 'place', op: 'under', value: [clinic.id] }))}`,
  )
  expect(again.json<{ rows: { name: string }[] }>().rows.map((row) => row.name)).toEqual(['丁'])
  expect((await stranger.call('GET', '/api/choices/sample.place/tree/parent')).status).toBe(403)
  expect((await officer.call('GET', '/api/choices/sample.place/tree/name')).status).toBe(400)
})

test('a player may ask for a part of a file', async () => {
  const { person } = (await officer.call('GET', '/api/me')).json<{ person: { id: string } }>()
  const file = await h.house.files.put(await h.as(person.id), '口述.txt', Readable.from([Buffer.from('0123456789')]), 100)
  const part = async (range?: string) => {
    const { status, text: body, headers } = await officer.call('GET', `/api/files/${file.id}`, undefined, range ? { range } : {})
    return [status, body, headers['content-range'] ?? null]
  }
  expect(await part()).toEqual([200, '0123456789', null])
  expect(await part('bytes=2-4')).toEqual([206, '234', 'bytes 2-4/10'])
  expect(await part('bytes=7-')).toEqual([206, '789', 'bytes 7-9/10'])
  expect(await part('bytes=-3')).toEqual([206, '789', 'bytes 7-9/10'])
  expect(await part('bytes=8-99')).toEqual([206, '89', 'bytes 8-9/10'])
  expect((await part('bytes=20-30'))[0]).toBe(416)
  expect(await part('lines=1-2')).toEqual([200, '0123456789', null])
})
