import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32, deflateRawSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTable } from './table.ts'

let folder: string
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'xinglin-guard-'))))
afterAll(() => rm(folder, { recursive: true, force: true }))
/** The first line's cells, or why the file is refused. */
async function read(content: Buffer): Promise<string[] | string> {
  const path = join(folder, `${Math.random()}`)
  await writeFile(path, content)
  try {
    const table = await openTable(path, 'a.xlsx')
    for await (const [row] of table.read({ sheet: null })) return row!.cells
    return 'empty'
  } catch (error) {
    return (error as Error).message
  }
}

/** A workbook by its parts; `told` is the unpacked size that it tells of its sheet, `listed` the name under which its directory lists it; null: not at all. */
function workbook(sheet: Buffer, told = sheet.length, listed: string | null = 'xl/worksheets/sheet1.xml'): Buffer {
  const parts: [name: string, content: Buffer, told?: number][] = [
    ['xl/workbook.xml', Buffer.from('<workbook xmlns:r="r"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>')],
    ['xl/_rels/workbook.xml.rels', Buffer.from('<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>')],
    ['xl/worksheets/sheet1.xml', sheet, told],
  ]
  const [files, directory]: [Buffer[], Buffer[]] = [[], []]
  let offset = 0
  for (const [name, content, size = content.length] of parts) {
    const packed = deflateRawSync(content)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(8, 4)
    common.writeUInt32LE(crc32(content), 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(size, 18)
    common.writeUInt16LE(name.length, 22)
    const entry = Buffer.alloc(46)
    entry.writeUInt32LE(0x02014b50, 0)
    common.copy(entry, 6)
    entry.writeUInt32LE(offset, 42)
    const file = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, Buffer.from(name), packed])
    files.push(file)
    offset += file.length
    const named = name.startsWith('xl/worksheets/') ? listed : name
    if (named === null) continue
    entry.writeUInt16LE(named.length, 28)
    directory.push(entry, Buffer.from(named))
  }
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  for (const at of [8, 10]) end.writeUInt16LE(directory.length / 2, at)
  end.writeUInt32LE(Buffer.concat(directory).length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...files, ...directory, end])
}
const cell = (text: Buffer | string) =>
  Buffer.concat([Buffer.from('<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>'), Buffer.from(text), Buffer.from('</t></is></c></row></sheetData></worksheet>')]) // prettier-ignore

test('a workbook that unpacks into more than it tells, into a cell or a line without end, or into terabytes, is refused before it fills memory', async () => {
  expect(await read(workbook(cell('阑尾切除术')))).toEqual(['阑尾切除术'])
  const filled = Buffer.alloc(64 * 1024 * 1024, 'a')
  const before = process.memoryUsage().rss
  const long = '表格中有过长的单元格或行，不像是要导入的表'
  expect([
    await read(workbook(cell(filled))),
    await read(workbook(cell(filled), 1000)),
    await read(workbook(Buffer.concat([Buffer.from('<worksheet><sheetData><row r="1">'), Buffer.alloc(40 * 1024 * 1024, '<c/>')]))),
    await read(workbook(cell('a'), 4_000_000_000)),
  ]).toEqual([long, '表格文件已损坏或加了密码，无法打开', long, '表格解压后过大，请分成几个文件，或另存为 CSV'])
  expect(process.memoryUsage().rss - before).toBeLessThan(300 * 1024 * 1024)
})

test('what stands in a workbook and not in its directory, or there under another name, is not unpacked', async () => {
  const filled = cell(Buffer.alloc(64 * 1024 * 1024, 'a'))
  const damaged = '表格文件已损坏或加了密码，无法打开'
  expect(await read(workbook(filled, filled.length, null))).toBe(damaged)
  expect(await read(workbook(filled, filled.length, 'xl/media/image1.png'))).toBe(damaged)
})
