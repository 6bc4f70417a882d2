import { afterAll, beforeAll, expect, test } from 'vitest'
import type { FieldProblem } from '#model'
import { buyingHospital, problemIn, type BuyingHospital } from '#app/testing/buying-hospital.ts'
import { openWord, packWord } from './package.ts'

let b: BuyingHospital
let { who, act, asked, print, publish } = {} as BuyingHospital
beforeAll(async () => {
  b = await buyingHospital()
  ;({ who, act, asked, print, publish } = b)
})
afterAll(() => b[Symbol.asyncDispose]())
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
  const told = async (base64: string) => problemIn(await proof(base64))
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

test('what fetches or runs is found however it is written: in pieces, made by another field, in settings, under another name', async () => {
  const open = async (body: string, more: Record<string, string> = {}) => wordOf(Buffer.from(await docx(body, more), 'base64'))
  const sign = (kind: string) => `<w:r><w:fldChar w:fldCharType="${kind}"/></w:r>`
  const told = (...words: string[]) => words.map((one) => `<w:r><w:instrText>${one}</w:instrText></w:r>`).join('')
  const field = (instruction: string, result = '1') => `${sign('begin')}${instruction}${sign('separate')}<w:r><w:t>${result}</w:t></w:r>${sign('end')}`
  const instructions = async (body: string) => [...(await open(`<w:p>${body}</w:p>`)).xml.matchAll(/<w:instrText>([^<]*)/g)].map(([, words]) => words)
  expect(await instructions(field(told(' PAGE ')))).toEqual([' PAGE '])
  expect(await instructions(field(told(' TOC \\o "1-3"'), field(told('PAGEREF _1'))))).toEqual([' TOC \\o &quot;1-3&quot;', 'PAGEREF _1'].map((one) => one.replaceAll('&quot;', '&quot;')))
  for (const evil of [
    field(told('INCLU', 'DETEXT "http://evil.example/a"')),
    field(told('QUOTE ') + field(told('PAGE')) + told(' c:\\x')),
    `${sign('begin')}${told('DDE', 'AUTO c:\\x')}`,
    told('DDEAUTO c:\\x'),
  ])
    expect((await instructions(evil)).join('')).not.toMatch(/INCLU|DETEXT|QUOTE|DDE|c:/)
  const settings = '<w:settings><w:mailMerge><w:connectString w:val="DSN=his"/></w:mailMerge><w:zoom w:percent="100"/></w:settings>'
  const { parts } = await open(p('x'), { 'word/settings.xml': settings, 'word/embeddings/a.xlsx': 'x', 'word/other.bin': 'x' })
  expect([parts.get('word/settings.xml')!.toString().includes('his'), parts.has('word/embeddings/a.xlsx'), parts.has('word/other.bin')]).toEqual([false, false, false])
  const picture = '<w:p><w:r><w:pict><v:shape><v:imagedata src="http://evil.example/x.png"/></v:shape></w:pict></w:r></w:p>'
  expect((await open(picture)).xml).not.toContain('evil')
  const inside = { 'word/_rels/document.xml.rels': '<Relationships><Relationship Id="rId1" Type="x" Target="http://evil.example/word/document.xml"/></Relationships>' }
  expect((await open(p('x'), inside)).parts.get('word/_rels/document.xml.rels')!.toString()).not.toContain('evil')
  const other = await docx('<q:p xmlns:q="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><q:r><q:instrText>DDEAUTO c:\\x</q:instrText></q:r></q:p>')
  expect(problemIn(await proof(other))).toBe('Word 文件的写法不常见，不能使用：请用 Word 或 WPS 另存后再上传')
}) // prettier-ignore

test('a value that looks like a tag is printed as it is, and four thousand conditions are filled in within a breath', async () => {
  const rows = `<w:tbl>${row('{#明细}{名称}', '{amount}{/明细}')}</w:tbl>`
  const many = Array.from({ length: 4000 }, () => p('{?品名}', 'x', '{/品名}')).join('')
  const base64 = await docx(rows + many)
  const name = await publish({
    label: '长通知',
    resource: 'buy.purchase',
    states: ['pending'],
    word: { name: '长.docx', names: ['明细', '名称', 'amount', '品名'], base64 },
  })
  const { record } = await asked({ lines: [{ name: '{联系电话}{#明细}', amount: 1, price: null }] })
  const began = performance.now()
  const answer = await print('周敏', 'buy.purchase', [record], name)
  expect(performance.now() - began).toBeLessThan(10_000)
  const lines = said((await wordOf(answer.raw)).xml).split('\n')
  expect([lines.slice(0, 2), lines.length]).toEqual([['{联系电话}{#明细}', '1'], 4002])
})
