import { fileTypeFromBuffer } from 'file-type'
import { open, stat } from 'node:fs/promises'
import { Refusal } from '#model'
import { detectDelimiter, readCsv } from './csv.ts'
import { detectEncoding, encodingNames } from './encoding.ts'
import { detectMarkup, readMarkup, tablesOf, type Markup } from './markup.ts'
import type { FileTable } from './row.ts'
import { readXlsx, sheetsOf } from './xlsx.ts'

const delimiterNames: Record<string, string> = { ',': '逗号', '\t': '制表符', ';': '分号' }

/** Opens a file as a table by what it contains, whatever its name says. */
export async function openTable(path: string, name: string): Promise<FileTable> {
  const { size } = await stat(path)
  if (size === 0) throw new Refusal('importRefused', '文件是空的')
  const head = await readHead(path, size)
  // The mark of UTF-16 is also how some sound files begin, so it is asked first.
  const isUtf16 = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)
  const opening = new TextDecoder(isUtf16 ? (head[0] === 0xff ? 'utf-16le' : 'utf-16be') : 'latin1').decode(head.subarray(0, 8192))
  const markup = detectMarkup(opening)
  if (markup) return openMarkup(path, head, { size, markup })
  if (isUtf16) return openCsv(path, head, size)
  const type = await fileTypeFromBuffer(head)
  if (
    type?.mime === 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' ||
    (type?.mime === 'application/zip' && /\.(xlsx|csv)$/i.test(name))
  )
    return openXlsx(path, name, size)
  if (type && !type.mime.startsWith('text/') && type.mime !== 'application/xml')
    throw new Refusal('importRefused', otherType(type.mime, type.ext))
  if (/^\s*mime-version:/i.test(opening)) throw new Refusal('importRefused', '这是单个文件网页（.mht），请用表格软件打开后另存为 .xlsx')
  if (opening.trimStart().startsWith('<?xml'))
    throw new Refusal('importRefused', '这是 XML 文件，但不是表格，请用表格软件打开后另存为 .xlsx')
  return openCsv(path, head, size)
}

async function openXlsx(path: string, name: string, bytes: number): Promise<FileTable> {
  const sheets = await sheetsOf(path)
  if (sheets.length === 0) throw new Refusal('importRefused', '这不是 Excel 工作簿，或其中没有可见的工作表')
  return {
    format: `Excel 工作簿${/\.csv$/i.test(name) ? '（文件名虽是 .csv，内容是 Excel，已按 Excel 读取）' : ''}`,
    sheets: sheets.map((sheet) => sheet.name),
    bytes,
    read: ({ sheet, onBytes }) => readXlsx(path, sheets.find((one) => one.name === sheet) ?? sheets[0]!, onBytes),
  }
}
async function openCsv(path: string, head: Buffer, bytes: number): Promise<FileTable> {
  const encoding = await detectEncoding(path, head)
  if (!encoding) throw new Refusal('importRefused', '无法识别的文件：既不是 Excel 工作簿，也不是文本表格（CSV）')
  const delimiter = detectDelimiter(new TextDecoder(encoding).decode(head))
  return {
    format: `文本表格（CSV），${encodingNames[encoding]} 编码，${delimiterNames[delimiter] ?? delimiter}分隔`,
    sheets: [],
    bytes,
    read: ({ onBytes }) => readCsv(path, encoding, delimiter, onBytes),
  }
}

async function openMarkup(path: string, head: Buffer, { size, markup }: { size: number; markup: Markup }): Promise<FileTable> {
  const encoding = (await detectEncoding(path, head)) ?? 'utf-8'
  const tables = await tablesOf(path, encoding, markup)
  if (tables.length === 0) throw new Refusal('importRefused', '这是网页，其中没有表格')
  return {
    format:
      markup === 'xml'
        ? 'XML 工作簿（Excel 2003），已直接读取'
        : `网页表格（有些系统导出的“Excel”其实是网页，已直接读取），${encodingNames[encoding]} 编码`,
    sheets: tables.map((table) => table.name),
    bytes: size,
    read: ({ sheet, onBytes }) => {
      const { nth } = tables.find((one) => one.name === sheet) ?? tables[0]!
      return readMarkup(path, { encoding, markup, nth }, onBytes)
    },
  }
}

async function readHead(path: string, size: number): Promise<Buffer> {
  const handle = await open(path)
  try {
    const head = Buffer.alloc(Math.min(size, 65_536))
    await handle.read(head, 0, head.length, 0)
    return head
  } finally {
    await handle.close()
  }
}
function otherType(mime: string, extension: string): string {
  if (mime === 'application/x-cfb') return '这是旧版 Excel（.xls）或加了密码的工作簿，请在表格软件中另存为 .xlsx（不加密码）后再导入'
  if (mime === 'application/zip') return '这是压缩包，请解压后选择其中的表格文件'
  return `这不是表格文件（内容是 ${extension.toUpperCase()}），请选择 .xlsx 或 .csv 文件`
}
