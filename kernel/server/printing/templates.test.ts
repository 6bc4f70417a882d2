import { afterAll, beforeAll, expect, test } from 'vitest'
import { v7 as newId } from 'uuid'
import {
  automaticTemplate,
  officialTemplate,
  plainStyle,
  type ApprovalAnswer,
  type DesignAnswer,
  type FieldProblem,
  type FileValue,
  type Problem,
  type PublishingItem,
  type VerifiedPrint,
} from '#model'
import { productDefinitions } from '#app/definitions.ts'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { readPdf } from '#app/testing/pdf.ts'
import { noisyPicture } from '#app/testing/pictures.ts'
import { workPublishing } from '../designs/publisher.ts'
import { asset, buying, purchase } from './testing.ts'
import { openWord, packWord } from './word/package.ts'

let h: TestHospital
const who: Record<string, HttpSession> = {}
const people: Record<string, string> = {}
beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([buying]) })
  for (const [name, more] of Object.entries({
    周敏: { roles: ['medicalOffice'] },
    院长: { roles: ['hospitalLeader'] },
    实施员: { roles: ['implementer'] },
    李静: { unit: '外科' },
  })) {
    people[name] = await h.person(name, more)
    who[name] = await h.signIn(people[name])
  }
})
afterAll(() => h[Symbol.asyncDispose]())

const problem = (answer: { json<T>(): T }) => answer.json<Problem>().title
const faults = (answer: { json<T>(): T }) => (answer.json<{ problems: FieldProblem[] }>().problems ?? []).map(({ message }) => message)
/** Draws a template and puts it in force; answers its name. */
async function publish(content: object): Promise<string> {
  const begun = await who['实施员']!.call('POST', '/api/designs/print', { content })
  expect(begun.status, begun.text).toBe(201)
  const { name, problems } = begun.json<unknown>() as DesignAnswer
  expect(problems).toEqual([])
  const done = await who['实施员']!.call('POST', '/api/publishings', { items: [{ kind: 'print', name }], note: '上线' })
  expect(done.json<unknown>() as PublishingItem).toMatchObject({ state: 'done' })
  return name
}
const print = (name: string, resource: string, records: string[], template: string) =>
  who[name]!.call('POST', `/api/prints/${resource}`, { records, template })
const pagesOf = async (answer: { status: number; text: string; raw: Buffer }) => {
  expect(answer.status, answer.text.slice(0, 400)).toBe(200)
  return (await readPdf(answer.raw)).pages
}
const verify = async (code: string) =>
  (await h.house.server.app.inject({ method: 'GET', url: `/api/v/${code}` })).json<VerifiedPrint & Problem>()
async function upload(name: string, content: Buffer): Promise<string> {
  const head = `--x\r\ncontent-disposition: form-data; name="file"; filename="图.png"\r\ncontent-type: image/png\r\n\r\n`
  const body = Buffer.concat([Buffer.from(head), content, Buffer.from('\r\n--x--\r\n')])
  return (await who[name]!.call('POST', '/api/files', body, { 'content-type': 'multipart/form-data; boundary=x' })).json<FileValue>().id
}
async function act(name: string, instance: string, kind: string, more: object = {}) {
  const { version, my } = (await who[name]!.call('GET', `/api/approvals/${instance}`)).json<ApprovalAnswer>()
  const answer = await who[name]!.call('POST', `/api/approvals/${instance}/acts`, {
    kind,
    actId: newId(),
    seenVersion: version,
    task: my.task!.id,
    ...more,
  })
  expect(answer.status, answer.text).toBe(200)
}
async function asked(): Promise<{ instance: string; record: string }> {
  const supplier = (await h.create('buy.supplier', { name: '华东器械', city: '上海' })).id
  const draft = {
    applicant: people['李静'],
    topic: '除颤仪',
    supplier,
    urgent: true,
    contact: '13800001234',
    lines: [
      { name: '主机', amount: 1, price: '3000.00' },
      { name: '电池', amount: 2, price: '100.25' },
    ],
  }
  const answer = await who['李静']!.call('POST', '/api/flows/submit/buy.purchase', { draft, actId: newId() })
  expect(answer.status, answer.text).toBe(201)
  return answer.json()
}
const png = `data:image/png;base64,${Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64').toString('base64')}`
const text = (id: string, words: string, more: object = {}) => ({ id, kind: 'text', text: words, style: plainStyle, ...more })

/** A Word file with this body. */
async function docx(body: string, more: Record<string, string> = {}): Promise<string> {
  const w =
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
  const parts = new Map(
    Object.entries({
      '[Content_Types].xml': `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
      '_rels/.rels': `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
      'word/document.xml': `<w:document ${w}><w:body>${body}</w:body></w:document>`,
      ...more,
    }).map(([path, content]) => [path, Buffer.from(content)]),
  )
  return (await packWord(parts)).toString('base64')
}
const p = (...runs: string[]) => `<w:p>${runs.map((words) => `<w:r><w:t>${words}</w:t></w:r>`).join('')}</w:p>`
const row = (...cells: string[]) => `<w:tr>${cells.map((words) => `<w:tc>${p(words)}</w:tc>`).join('')}</w:tr>`
const proof = (base64: string, resource = 'buy.purchase') =>
  who['实施员']!.call('POST', '/api/print-templates/word', { resource, base64, hasCode: true })
const wordOf = async (bytes: Buffer) => {
  const parts = await openWord(bytes)
  return { parts, xml: parts.get('word/document.xml')!.toString('utf8') }
}
const said = (xml: string) =>
  xml
    .replaceAll(/<\/w:p>|<w:br\/>/g, '\n')
    .replaceAll(/<[^>]*>/g, '')
    .trim()

test('a hospital draws a layout of its own: placed and flowing text, paths through references, a table of chosen columns, for some roles and approved records only', async () => {
  const name = await publish({
    label: '采购通知单',
    resource: 'buy.purchase',
    roles: ['medicalOffice'],
    paper: { size: 'A5', isLying: true, margins: [15, 12, 15, 12] },
    watermark: false,
    header: { right: '{打印编号}' },
    footer: { centre: '— {页码}/{页数} —' },
    blocks: [
      text('b1', '通知单', { at: { x: 150, y: 6, width: 40, height: 10 } }),
      text('b2', '兹同意{科室}购置{品名}，由{供应商.名称}（{supplier.city}）供货。'),
      text('b3', '急用：{急用理由}', { when: '急用理由' }),
      { id: 'b4', kind: 'table', rows: 'lines', heading: '清单', columns: [{ field: '名称', width: 60 }, { field: 'amount' }] },
      { id: 'b5', kind: 'code', symbology: 'code128', text: 'A-001' },
      { id: 'b6', kind: 'line' },
    ],
  })
  const { instance, record } = await asked()
  const early = await print('周敏', 'buy.purchase', [record], name)
  expect([early.status, problem(early)]).toEqual([409, '“采购通知单”只能打印已生效的记录；“除颤仪”（审批中）不能打印'])
  await act('周敏', instance, 'approve')
  await act('院长', instance, 'approve', { signature: await upload('院长', await noisyPicture(20)) })
  await act('周敏', instance, 'seal', { copies: 1 })
  const answer = await print('周敏', 'buy.purchase', [record], name)
  const { pages, sizes } = await readPdf(answer.raw)
  expect(sizes).toEqual([[210, 148]])
  for (const words of ['通知单', '兹同意外科购置除颤仪，由华东器械（上海）供货。', '清单（2 项）', '序号名称数量', '1主机1', '— 1/1 —'])
    expect(pages[0], words).toContain(words)
  expect([pages[0]!.includes('急用：'), pages[0]!.includes('单价'), pages[0]!.includes('周敏 10001')]).toEqual([false, false, false])
  const stranger = await print('李静', 'buy.purchase', [record], name)
  expect([stranger.status, problem(stranger)]).toEqual([404, '没有这个打印模板，或没有对你开放'])
})

test('what a template gets wrong is told at its place, with what was probably meant', async () => {
  const begun = await who['实施员']!.call('POST', '/api/designs/print', {
    content: {
      label: '试',
      resource: 'buy.purchase',
      verify: ['contact'],
      roles: ['nobody'],
      blocks: [
        text('b1', '{品明}{页码}'),
        { id: 'b2', kind: 'table', rows: 'lines', columns: [{ field: '名' }] },
        text('b3', '远', { at: { x: 190, y: 10, width: 60, height: 10 } }),
      ],
    },
  })
  const { problems } = begun.json<unknown>() as DesignAnswer
  expect(problems.map(({ field, message }) => `${field} ${message}`)).toEqual([
    'roles 角色“nobody”已经不存在',
    'verify “联系电话”受保护，不能告诉扫码核验的人',
    'blocks.0.text 没有字段“品明”，是不是“品名”？',
    'blocks.0.text {页码} 只能放在页眉或页脚',
    'blocks.1.columns 没有字段“名”，是不是“名称”？',
    'blocks.2.at 超出了纸张',
  ])
  const wrong = await who['实施员']!.call('POST', '/api/designs/print', {
    content: { label: '', resource: 'buy.asset', paper: { size: 'label', width: 5, height: 20 }, blocks: [{ id: 'x', kind: 'oval' }] },
  })
  expect([wrong.status, faults(wrong)]).toEqual([422, expect.arrayContaining(['请填写模板名称', '请填写 10 至 420', '不认识这种内容块'])])
})

test('a paper proves itself: issued by this hospital, on which day, what it said; changed or void since; a guess says nothing', async () => {
  const name = await publish({
    label: '资产卡',
    resource: 'buy.asset',
    verify: ['name', 'number'],
    blocks: [text('b1', '{名称}'), { id: 'b2', kind: 'verify' }],
  })
  const { id, version } = await h.create('buy.asset', { name: '输液泵', number: 'SB-7' })
  expect(await pagesOf(await print('周敏', 'buy.asset', [id], name))).toEqual([expect.stringContaining('输液泵')])
  // The code stands on the paper only: the database has its hash.
  const [kept] = await h.kernel.db.query<{ code_hash: Buffer | null; content_hash: Buffer }>(
    `SELECT code_hash, content_hash FROM kernel.print WHERE record = $1::uuid`,
    [id],
  )
  expect([kept!.code_hash?.length, kept!.content_hash.length]).toEqual([32, 32])
  const code = 'x'.repeat(20)
  expect(await verify(code)).toMatchObject({ status: 404, title: '没有这份打印件，可能是伪造的，请向医院核实' })
  await expect(h.kernel.db.query(`UPDATE kernel.print SET version = 2`)).rejects.toThrow(/permission denied/)
  // As if the paper lay before us: its code is put in by its hash.
  const { digestOf } = await import('./print.ts')
  await h.kernel.db.query(
    `INSERT INTO kernel.print SELECT gen_random_uuid(), at, number, resource, record, version, template, template_label, release, person, content_hash, $2, shown FROM kernel.print WHERE record = $1::uuid`,
    [id, digestOf(code)],
  )
  expect(await verify(code)).toMatchObject({
    hospital: '杏林医院',
    kind: '资产',
    template: '资产卡',
    printedOn: '2026-06-15',
    shown: [
      { label: '名称', text: '输液泵' },
      { label: '编号', text: 'SB-7' },
    ],
    state: 'valid',
  })
  const changed = await who['周敏']!.call('PATCH', `/api/records/buy.asset/${id}`, { version, changes: { number: 'SB-8' } })
  expect(changed.status, changed.text).toBe(200)
  expect((await verify(code)).state).toBe('changed')
  expect((await who['周敏']!.call('DELETE', `/api/records/buy.asset/${id}?version=${version + 1}`)).status).toBe(200)
  expect((await verify(code)).state).toBe('voided')
  for (let n = 0; n < 60; n++) await verify(code)
  expect((await verify(code)).status).toBe(429)
})

test('a seal stands on paper only where its use was registered, a signature is that of who decided', async () => {
  const name = await publish({
    ...officialTemplate(purchase),
    blocks: [
      ...officialTemplate(purchase).blocks,
      { id: 'seal', kind: 'seal', seal: '院章', image: png, height: 42, at: { x: 120, y: 200, width: 42, height: 42, on: 'first' } },
      { id: 'sign', kind: 'signature', label: '签发：', step: '院领导', height: 12 },
    ],
    states: ['pending', 'approved'],
  })
  const images = async (record: string) =>
    (await print('周敏', 'buy.purchase', [record], name)).raw.toString('latin1').split('/Subtype /Image').length - 1
  const { instance, record } = await asked()
  expect(await images(record)).toBe(0)
  await act('周敏', instance, 'approve')
  await act('院长', instance, 'approve', { signature: await upload('院长', await noisyPicture(20)) })
  expect(await images(record)).toBe(1)
  await act('周敏', instance, 'seal', { copies: 1 })
  expect(await images(record)).toBeGreaterThan(1)
  const pages = await pagesOf(await print('周敏', 'buy.purchase', [record], name))
  expect(pages.join('')).toContain('杏林医院文件')
  expect(pages.join('')).toContain('2026年6月15日')
})

test('a field that has gone is marked on the paper, and the rest is printed', async () => {
  const content = automaticTemplate(asset)
  const name = await publish({ ...content, label: '旧版', blocks: [text('b0', '编号 {number}'), ...content.blocks] })
  // As an upgrade of the product would: the template names what is not there any more.
  const { id } = await h.create('buy.asset', { name: '旧泵', number: 'B-1' })
  const stored = { ...content, label: '旧版', blocks: [text('b0', '{number} {gone}'), text('b1', '{名称}')] }
  const before = h.kernel.standing
  h.kernel.take({ ...before, designs: [{ kind: 'print', name, version: 9, content: stored }] })
  expect(await pagesOf(await print('周敏', 'buy.asset', [id], name))).toEqual([expect.stringContaining('B-1 【没有字段“gone”】旧泵')])
  h.kernel.take(before)
})

test('a field that a template in force prints is not taken out unseen', async () => {
  const content = (keys: string[]) => ({
    label: '借用登记',
    title: 'xdevice',
    fields: keys.map((key) => ({ key, kind: 'text', label: key === 'xdevice' ? '设备' : '用途', options: {} })),
    grants: [{ role: 'medicalOffice', actions: ['read'], scope: 'hospital' }],
  })
  const { name } = (
    await who['实施员']!.call('POST', '/api/designs/type', { content: content(['xdevice', 'xpurpose']) })
  ).json<unknown>() as DesignAnswer
  await who['实施员']!.call('POST', '/api/publishings', { items: [{ kind: 'type', name }], note: '' })
  while (await workPublishing(h.kernel, h.database.ownerUrl));
  await publish({ label: '借用单', resource: name, blocks: [text('b1', '用途：{用途}')] })
  const { revision } = (await who['实施员']!.call('GET', `/api/designs/type/${name}`)).json<{ revision: number }>()
  await who['实施员']!.call('PUT', `/api/designs/type/${name}`, { content: content(['xdevice']), revision })
  const refused = await who['实施员']!.call('POST', '/api/publishings', { items: [{ kind: 'type', name }], note: '' })
  expect([refused.status, faults(refused)]).toEqual([422, ['打印模板“借用单”：没有字段“用途”']])
})

test('a Word file is filled in: values, a value cut into runs, rows of a table, conditions, lines, pictures, the code', async () => {
  const base64 = await docx(
    [
      p('关于', '{品', '名', '}的通知'),
      p('科室：{科室}，供应商：{供应商.名称}'),
      p('{?急用}'),
      p('请尽快办理'),
      p('{/急用}'),
      p('{^预算}没有预算{/预算}'),
      `<w:tbl>${row('序号', '名称', '数量')}${row('{#明细}{序号}', '{名称}', '{amount}{/明细}')}</w:tbl>`,
      p('{#审批经过}{步骤}:{办理人};{/审批经过}'),
      p('{%照片 20}{%二维码}'),
      p('{申请理由}'),
    ].join(''),
  )
  const { names, problems } = (await proof(base64)).json<{ names: string[]; problems: FieldProblem[] }>()
  expect(problems.map(({ message }) => message)).toEqual(['第 3 段：没有字段“急用”，是不是“是否急用”？'].map((one) => `正文${one}`))
  const mended = await docx(
    Buffer.from((await openWord(Buffer.from(base64, 'base64'))).get('word/document.xml')!)
      .toString('utf8')
      .replace(/^[\s\S]*<w:body>|<\/w:body>[\s\S]*$/g, '')
      .replaceAll('急用}', '是否急用}'),
  )
  expect((await proof(mended)).json<{ problems: FieldProblem[] }>().problems).toEqual([])
  const name = await publish({
    label: '通知',
    resource: 'buy.purchase',
    verify: [],
    states: ['pending', 'approved'],
    word: { name: '通知.docx', names: names.map((one) => one.replace(/^急用$/, '是否急用')), base64: mended },
  })
  const { instance, record } = await asked()
  await act('周敏', instance, 'approve')
  const answer = await print('周敏', 'buy.purchase', [record], name)
  expect(answer.headers['content-type']).toBe('application/vnd.openxmlformats-officedocument.wordprocessingml.document')
  const { xml, parts } = await wordOf(answer.raw)
  expect(said(xml).split('\n')).toEqual([
    '关于除颤仪的通知',
    '科室：外科，供应商：华东器械',
    '请尽快办理',
    '没有预算',
    '序号',
    '名称',
    '数量',
    '1',
    '主机',
    '1',
    '2',
    '电池',
    '2',
    '职能部门:周敏;',
  ])
  expect([...parts.keys()].filter((path) => path.startsWith('word/media/'))).toEqual(['word/media/xinglin-worddocumentxml-1.png'])
  expect(xml.match(/<w:drawing>/g)).toHaveLength(1)
  const many = await print('周敏', 'buy.purchase', [record, (await asked()).record], name)
  expect([many.status, many.headers['content-type']]).toEqual([200, 'application/zip'])
})

test('a Word file that runs, fetches, or swells is refused or made harmless', async () => {
  const told = async (base64: string) => problem(await proof(base64))
  expect(await told(Buffer.from('no zip at all').toString('base64'))).toBe('不是 Word 文件（.docx），或文件已损坏')
  expect(await told(await docx(p('x'), { 'word/vbaProject.bin': 'x' }))).toContain('含有宏')
  expect(await told(await docx(p('0'.repeat(12_000_000))))).toBe('Word 文件解开后过大，不能使用')
  const odd = { 'word/_rels/document.xml.rels': '<Relationships><Relationship Id="rId1" Type="x" Target="http://[%zz"/></Relationships>' }
  expect((await proof(await docx(p('{品名}'), odd))).status).toBe(200)
  const many = Array.from({ length: 600_000 }, (_, n) => `<a${n % 10}/>`).join('')
  expect(await told(await docx(many))).toMatch(/过大/)
  const evil = (await openWord(Buffer.from(await docx(p('x')), 'base64'))).set(
    'word/document.xml',
    Buffer.from('<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><w:document/>'),
  )
  expect(await told((await packWord(evil)).toString('base64'))).toBe('Word 文件里有外部实体声明，不能使用')
  const linked = await docx(
    `${p('{品名}')}<w:p><w:hyperlink r:id="rId9"><w:r><w:t>链接</w:t></w:r></w:hyperlink><w:r><w:instrText>DDEAUTO c:\\\\x</w:instrText></w:r><w:r><w:pict r:id="rId9"/></w:r></w:p>`,
    {
      'word/_rels/document.xml.rels': `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId9" Type="x" Target="http://evil.example/a" TargetMode="External"/></Relationships>`,
    },
  )
  expect((await proof(linked)).json<{ problems: FieldProblem[] }>().problems).toEqual([])
  const { parts, xml } = await wordOf(Buffer.from(linked, 'base64'))
  expect(parts.get('word/_rels/document.xml.rels')!.toString()).not.toContain('evil')
  expect([xml.includes('DDEAUTO'), xml.includes('链接'), xml.includes('w:pict'), xml.includes('rId9')]).toEqual([false, true, false, false])
  const open = (await proof(await docx(p('{#明细}{名称}') + p('{品名')))).json<{ problems: FieldProblem[] }>().problems
  expect(open.map(({ message }) => message)).toEqual(['正文第 2 段：花括号没有成对', '正文第 1 段：{#明细} 没有对应的 {/明细}'])
})

test('a template that is drawn is looked at with a record that nobody has, by who draws and by nobody else', async () => {
  const template = { ...automaticTemplate(purchase), label: '试画' }
  const pages = await pagesOf(await who['实施员']!.call('POST', '/api/print-templates/preview', { template, record: null }))
  for (const words of ['采购申请', '申请人张三', '明细（2 项）', '预览 实施员']) expect(pages.join(''), words).toContain(words)
  const { record } = await asked()
  expect((await who['实施员']!.call('POST', '/api/print-templates/preview', { template, record })).status).toBe(404)
  expect((await who['周敏']!.call('POST', '/api/print-templates/preview', { template, record: null })).status).toBe(403)
})
