import { afterAll, beforeAll, expect, test } from 'vitest'
import { images, may, module, person, resource, text, type FileValue } from '#model'
import { productDefinitions } from '#app/definitions.ts'
import { noisyPicture } from '#app/testing/pictures.ts'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { redrawn } from './pictures.ts'

const wound = resource('small.wound', {
  label: '伤口记录',
  title: 'name',
  owner: { person: 'nurse' },
  fields: { nurse: person('护士', { required: true, default: 'me' }), name: text('名称', { required: true }), photo: images('照片') },
})
const small = module('small', {
  label: '伤口',
  resources: [wound],
  roles: { staffMember: [may.readOwn(wound), may.create(wound, 'own')], medicalOffice: [may.read(wound)] },
})
let h: TestHospital
let nurse: HttpSession, office: HttpSession, stranger: HttpSession
beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([small]) })
  nurse = await h.signIn(await h.person('何秀兰'))
  office = await h.signIn(await h.person('周敏', { unit: '医务处', roles: ['medicalOffice'] }))
  stranger = await h.signIn(await h.person('路人', { unit: '眼科' }))
})
afterAll(() => h[Symbol.asyncDispose]())

const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')
const other = Buffer.concat([png, Buffer.from('more')])
async function upload(name = '伤口.png', content: Buffer = png): Promise<string> {
  const head = `--x\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: image/png\r\n\r\n`
  const body = Buffer.concat([Buffer.from(head), content, Buffer.from('\r\n--x--\r\n')])
  return (await nurse.call('POST', '/api/files', body, { 'content-type': 'multipart/form-data; boundary=x' })).json<FileValue>().id
}
const put = (who: HttpSession, id: string, content: Buffer) =>
  who.call('PUT', `/api/files/${id}/thumbnail`, { picture: content.toString('base64') })
const look = (who: HttpSession, id: string) => who.call('GET', `/api/files/${id}/thumbnail`)

test('a small picture is seen by whoever may open its file where it stands, and by nobody else', async () => {
  const id = await upload()
  expect((await put(nurse, id, other)).status).toBe(204)
  expect([(await look(nurse, id)).status, (await look(office, id)).status, (await look(stranger, id)).status]).toEqual([200, 404, 404])
  expect((await nurse.call('POST', '/api/records/small.wound', { name: '压疮', photo: [id] })).status).toBe(201)
  const seen = await look(office, id)
  expect([seen.status, seen.headers['content-type'], seen.headers['cache-control'], seen.text.length]).toEqual([
    200, 'image/png', 'no-store', (await redrawn(png, 'image/png')).toString().length,
  ]) // prettier-ignore
  expect((await look(stranger, id)).status).toBe(404)
})
test('it is given once, by who sent the file, and is a small picture', async () => {
  const id = await upload()
  expect((await put(office, id, other)).status).toBe(404)
  expect((await put(nurse, id, Buffer.from('<svg onload="x"/>'))).json()['title']).toBe('缩略图须是图片')
  expect((await put(nurse, id, Buffer.concat([png, Buffer.alloc(50_000)]))).status).toBe(413)
  expect((await put(nurse, id, other)).status).toBe(204)
  expect((await put(nurse, id, png)).status).toBe(204)
  const [kept] = await h.kernel.db.query<{ content: Buffer }>(`SELECT content FROM kernel.file_thumbnail WHERE file = $1`, [id])
  // Drawn anew: what stood behind the picture is not kept.
  expect(kept!.content.equals(await redrawn(other, 'image/png'))).toBe(true)
  expect(kept!.content.includes('more')).toBe(false)
  expect((await put(nurse, await upload('说明.txt', Buffer.from('文字')), png)).json()['title']).toBe('只有图片有缩略图')
})
test('a picture without one is shown itself, unless it is large; what is no picture has none', async () => {
  const plain = await upload()
  expect((await look(nurse, plain)).headers['content-type']).toBe('image/png')
  const large = await upload('大图.png', await noisyPicture(1400))
  expect((await look(nurse, large)).status).toBe(404)
  expect((await look(nurse, await upload('说明.txt', Buffer.from('文字')))).status).toBe(404)
})
test('it goes with its file', async () => {
  const id = await upload()
  await put(nurse, id, other)
  await h.kernel.db.query(`DELETE FROM kernel.file WHERE id = $1`, [id])
  expect(await h.kernel.db.query(`SELECT 1 FROM kernel.file_thumbnail WHERE file = $1`, [id])).toEqual([])
})
