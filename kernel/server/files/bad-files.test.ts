import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { crc32, deflateRawSync, deflateSync } from 'node:zlib'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FileValue, UploadState } from '#model'
import { hospital, type HttpAnswer, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'

let h: TestHospital
let nurse: HttpSession
beforeAll(async () => {
  h = await hospital()
  nurse = await h.signIn(await h.person('何秀兰', { unit: '医务处', roles: ['medicalOffice'] }))
})
afterAll(() => h[Symbol.asyncDispose]())

const send = (name: string, content: Buffer | string, url = '/api/files'): Promise<HttpAnswer> => {
  const head = `--x\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: image/png\r\n\r\n`
  const body = Buffer.concat([Buffer.from(head), Buffer.from(content), Buffer.from('\r\n--x--\r\n')])
  return nurse.call('POST', url, body, { 'content-type': 'multipart/form-data; boundary=x' })
}
const kept = async (name: string, content: Buffer | string): Promise<FileValue> => {
  const answer = await send(name, content)
  expect(answer.status, answer.text).toBe(201)
  return answer.json<FileValue & Record<string, unknown>>()
}
const why = async (name: string, content: Buffer | string) => {
  const { status, ...answer } = await send(name, content)
  return [status, answer.json<{ title: string }>().title]
}
/** The bytes as they are served. */
const served = async ({ id }: FileValue) => {
  const answer = await h.house.server.app.inject({ method: 'GET', url: `/api/files/${id}`, headers: { cookie: nurse.cookie } })
  expect(answer.statusCode).toBe(200)
  return { bytes: answer.rawPayload, headers: answer.headers }
}
const square = (width: number, height: number) => sharp({ create: { width, height, channels: 3, background: '#a03050' } })
const script = '<script>alert(document.domain)</script>'

/** A PNG of one colour that claims this size, in few bytes. */
function hugePng(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
    length.writeUInt32BE(data.length)
    sum.writeUInt32BE(crc32(body))
    return Buffer.concat([length, body, sum])
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([1, 0, 0, 0, 0], 8)
  const rows = deflateSync(Buffer.alloc((width / 8 + 1) * height), { level: 9 })
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))]) // prettier-ignore
}
/** A zip of these entries, as it is written by hand: names and sizes may lie. */
function zipOf(entries: readonly { name: string; content: Buffer; says?: number }[]): Buffer {
  const parts: Buffer[] = []
  const index: Buffer[] = []
  let at = 0
  for (const { name, content, says = content.length } of entries) {
    const [packed, label] = [deflateRawSync(content), Buffer.from(name)]
    const facts = Buffer.alloc(26)
    facts.writeUInt16LE(20, 0)
    facts.writeUInt16LE(8, 4)
    facts.writeUInt32LE(crc32(content), 10)
    facts.writeUInt32LE(packed.length, 14)
    facts.writeUInt32LE(says, 18)
    facts.writeUInt16LE(label.length, 22)
    const rest = Buffer.alloc(14)
    rest.writeUInt32LE(at, 10)
    parts.push(Buffer.from('PK\x03\x04', 'latin1'), facts, label, packed)
    index.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), facts, rest, label)
    at += 30 + label.length + packed.length
  }
  const central = Buffer.concat(index)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(entries.length, 4)
  end.writeUInt16LE(entries.length, 6)
  end.writeUInt32LE(central.length, 8)
  end.writeUInt32LE(at, 12)
  return Buffer.concat([...parts, central, Buffer.from('PK\x05\x06', 'latin1'), end])
}

describe('a picture', () => {
  test('is kept upright and without where, when and by what it was taken; its hash is of what is served', async () => {
    const exif = { IFD0: { Make: 'Yiyuan', Software: 'secret-app' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '39/1 54/1 0/1' } }
    const taken = await square(40, 20).jpeg().withExif(exif).withMetadata({ orientation: 6 }).toBuffer()
    expect((await sharp(taken).metadata()).orientation).toBe(6)
    const file = await kept('现场.jpg', taken)
    const { bytes, headers } = await served(file)
    const facts = await sharp(bytes).metadata()
    expect([facts.width, facts.height, facts.orientation, facts.exif, facts.icc, facts.xmp]).toEqual([20, 40, undefined, undefined, undefined, undefined]) // prettier-ignore
    expect(bytes.includes('Yiyuan')).toBe(false)
    expect([file.bytes, headers['content-type'], headers['x-content-type-options']]).toEqual([bytes.length, 'image/jpeg', 'nosniff'])
    const [row] = await h.kernel.db.query<{ hash: string }>(`SELECT hash FROM kernel.file WHERE id = $1`, [file.id])
    expect(row!.hash).toBe(createHash('sha256').update(bytes).digest('hex'))
    expect(await readdir(join(h.house.files.folder, 'incoming'))).toEqual([])
  })
  test('that came in parts is drawn anew like one that came whole', async () => {
    const whole = Buffer.concat([await square(30, 30).png().toBuffer(), Buffer.from(script)])
    const begun = await nurse.call('POST', '/api/uploads', { name: '伤口.png', bytes: whole.length, mark: '1', sha256: createHash('sha256').update(whole).digest('hex') }) // prettier-ignore
    const { id } = begun.json<UploadState & Record<string, unknown>>()
    const sum = crc32(whole).toString(16).padStart(8, '0')
    await nurse.call('PUT', `/api/uploads/${id}/parts/0`, whole, { 'content-type': 'application/octet-stream', 'x-crc32': sum })
    const file = (await nurse.call('POST', `/api/uploads/${id}/finish`, { crc32: sum })).json<FileValue & Record<string, unknown>>()
    expect((await served(file)).bytes.includes('script')).toBe(false)
  })
  test('with something else behind it, or in its comments, is kept without it', async () => {
    const archive = zipOf([{ name: 'evil.html', content: Buffer.from(script) }])
    const [jpeg, png] = [await square(16, 16).jpeg().toBuffer(), await square(16, 16).png().toBuffer()]
    const gif = await square(16, 16).gif().toBuffer()
    // A GIF that is also JavaScript, as it has been tried: GIF89a/*…*/=1;alert(1)
    const gifScript = Buffer.concat([gif.subarray(0, -1), Buffer.from([0x21, 0xfe, 12]), Buffer.from('*/=alert(1)//'.slice(0, 12)), Buffer.from([0, 0x3b]), Buffer.from('*/=1;alert(1)//')]) // prettier-ignore
    const all = { 'a.jpg': Buffer.concat([jpeg, archive]), 'b.png': Buffer.concat([png, Buffer.from(script)]), 'c.gif': gifScript }
    for (const [name, content] of Object.entries(all)) {
      const { bytes } = await served(await kept(name, content))
      expect([name, ['PK\x03\x04', 'alert', 'script'].filter((one) => bytes.includes(one, 0, 'latin1'))]).toEqual([name, []])
      expect((await sharp(bytes).metadata()).width).toBe(16)
    }
  })
  test('that moves goes on moving', async () => {
    const frames = await Promise.all(['#f00', '#0f0', '#00f'].map((background) => sharp({ create: { width: 8, height: 8, channels: 3, background } }).png().toBuffer())) // prettier-ignore
    const moving = await sharp(frames, { join: { animated: true } }).gif({ delay: [100, 100, 100] }).toBuffer() // prettier-ignore
    expect((await sharp((await served(await kept('步态.gif', moving))).bytes).metadata()).pages).toBe(3)
  })
  test('too large to be drawn is refused before it fills the memory, and so is one that is broken', async () => {
    const before = process.memoryUsage().rss
    expect(await why('大.png', hugePng(20_000, 20_000))).toEqual([422, '图片太大（超过 10000 万像素），请缩小后上传'])
    expect(process.memoryUsage().rss - before).toBeLessThan(200_000_000)
    const jpeg = await square(200, 200).jpeg().toBuffer()
    for (const content of [jpeg.subarray(0, jpeg.length / 2), Buffer.from('\xff\xd8\xff\xe0 no picture', 'latin1')])
      expect(await why('坏.jpg', content)).toEqual([422, '图片已损坏，或内容与扩展名不符，不能上传'])
  })
  test('under the name of another kind of picture is called what it is', async () => {
    expect(await kept('微信图片.png', await square(4, 4).jpeg().toBuffer())).toMatchObject({ name: '微信图片.jpg', type: 'image/jpeg' })
  })
})

describe('a file', () => {
  test('of a kind that stands in no list is refused, whatever it is called; a program by its content too', async () => {
    const names = ['壳.asp', '壳.jsp', '壳.php', '壳.exe', '壳.vbs', '壳.com', '壳.html', '壳.svg', '壳.js', '壳.xml', '壳.docm', '壳.sh', '壳', '壳.png.html', '壳.htaccess']
    for (const name of names) expect([name, (await send(name, `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`)).status]).toEqual([name, 422])
    for (const name of ['报告.pdf', '报告.png', '报告.txt']) expect((await why(name, Buffer.concat([Buffer.from('MZ'), Buffer.alloc(500)])))[1]).toMatch(/是可执行程序/)
  }) // prettier-ignore
  test('under an ending that its content is not is refused', async () => {
    const pdf = Buffer.from('%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF')
    const png = await square(2, 2).png().toBuffer()
    const wrong: [string, Buffer | string][] = [['报告.pdf', script], ['报告.pdf', png], ['照片.png', script], ['照片.jpg', pdf], ['说明.txt', pdf], ['表.csv', Buffer.from([1, 0, 2, 0])], ['合同.docx', pdf], ['录音.mp3', png], ['图.png', '<svg onload="alert(1)"/>']] // prettier-ignore
    for (const [name, content] of wrong) expect(await why(name, content)).toEqual([422, `“${name}”的内容与扩展名不符，不能上传`])
  })
  test('that is two things is served as the one it is kept as, and runs nothing', async () => {
    const pdf = await served(await kept('判决.pdf', `%PDF-1.7\n${script}\n%%EOF`))
    expect([pdf.headers['content-type'], pdf.headers['x-content-type-options'], pdf.headers['content-security-policy']]).toEqual(['application/pdf', 'nosniff', expect.stringContaining("default-src 'none'")]) // prettier-ignore
    const page = await served(await kept('说明.txt', script))
    expect([page.headers['content-type'], page.headers['content-disposition'], page.headers['content-security-policy']]).toEqual([expect.stringContaining('text/plain'), expect.stringMatching(/^attachment/), expect.stringContaining('sandbox')]) // prettier-ignore
  })
  test('may not be called what misleads: no folders, no turned reading direction, no hidden letters, no end that is cut off', async () => {
    const names = { '../../etc/passwd.txt': 'passwd.txt', 'C:\\\\a\\\\b.txt': 'b.txt', '发票\u202Etxt.exe.txt': '发票txt.exe.txt', 'a\u200b\ufeffb.txt': 'ab.txt', '报告.txt. .': '报告.txt', 'a\u0007b.txt': 'a_b.txt', [`${'长'.repeat(300)}.txt`]: `${'长'.repeat(180)}.txt` } // prettier-ignore
    const got = await Promise.all(Object.keys(names).map(async (name) => (await kept(name, '甲')).name))
    expect(got).toEqual(Object.values(names))
    expect((await send('发票\u202Egpj.exe', 'MZ')).status).toBe(422)
  })
  test('lies in the store under the hash of its content, never under a name of the sender’s', async () => {
    await kept('../../../tmp/out.txt', '逃出去')
    const found = await readdir(h.house.files.folder, { recursive: true, withFileTypes: true })
    const names = found.filter((one) => one.isFile()).map(({ name }) => name)
    expect(names.filter((name) => !/^[0-9a-f]{64}$/.test(name))).toEqual([])
  })
})

describe('an archive', () => {
  test('whose entries lead elsewhere, or that holds archives, is kept as it is: nothing is ever unpacked to the disk', async () => {
    const inner = zipOf([{ name: 'inner.txt', content: Buffer.alloc(1_000_000) }])
    const archive = zipOf([
      { name: '../../../../tmp/xinglin-slip.txt', content: Buffer.from('out') },
      { name: 'inner.zip', content: inner },
    ])
    expect((await served(await kept('材料.zip', archive))).headers['content-disposition']).toMatch(/^attachment/)
    expect((await readdir('/tmp')).filter((name) => name.includes('xinglin-slip'))).toEqual([])
  })
  test('that would become a workbook of gigabytes is refused as a table, whatever size it says', async () => {
    const rows = Buffer.from(`<?xml version="1.0"?><worksheet><sheetData>${' '.repeat(60_000_000)}</sheetData></worksheet>`)
    const book = (says?: number) =>
      zipOf([
        { name: '[Content_Types].xml', content: Buffer.from('<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>') },
        { name: 'xl/workbook.xml', content: Buffer.from('<workbook><sheets><sheet name="../../evil" sheetId="1" r:id="r1"/></sheets></workbook>') },
        { name: 'xl/_rels/workbook.xml.rels', content: Buffer.from('<Relationships><Relationship Id="r1" Target="../../../../../etc/passwd"/></Relationships>') },
        { name: 'xl/worksheets/sheet1.xml', content: rows, ...(says === undefined ? {} : { says }) },
        { name: '../../../../../etc/passwd', content: Buffer.from('<worksheet/>') },
      ]) // prettier-ignore
    for (const says of [undefined, 10]) {
      const answer = await send('名册.xlsx', book(says), '/api/imports?resource=privileges.standardProcedure')
      expect([says, answer.status, answer.json<{ code: string }>().code]).toEqual([says, 422, 'importRefused'])
    }
  })
})
