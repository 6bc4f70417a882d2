import { fileTypeFromBuffer } from 'file-type'
import { open } from 'node:fs/promises'
import { Refusal } from '#model'

/** What a file may be for: anything that is kept with a record, or rows that are taken in. */
export type FileUse = 'kept' | 'table'

const zip = 'application/zip'
const office = 'application/vnd.openxmlformats-officedocument'
const oldOffice = ['application/x-cfb']
const sound = [
  'audio/mpeg',
  'audio/mp4',
  'audio/x-m4a',
  'audio/wav',
  'audio/ogg',
  'audio/webm',
  'audio/aac',
  'audio/amr',
  'application/ogg',
]
const video = [
  'video/mp4',
  'video/webm',
  'video/quicktime',
  'video/x-m4v',
  'video/x-msvideo',
  'video/vnd.avi',
  'video/matroska',
  'audio/mp4',
]
const pictures = ['image/jpeg', 'image/png', 'image/gif', 'image/webp']
/** Words without a mark of their own at the beginning. */
const words = [null]

/** By the end of its name: the contents that a kept file may have. What stands here in no line is refused (E0095). */
const kept: Readonly<Record<string, readonly (string | null)[]>> = {
  // One picture under the name of another is a picture; its name is put right.
  ...Object.fromEntries(['jpg', 'jpeg', 'png', 'gif', 'webp'].map((ending) => [ending, pictures])),
  bmp: ['image/bmp'], tif: ['image/tiff'], tiff: ['image/tiff'], dcm: ['application/dicom', null],
  pdf: ['application/pdf'], ofd: [zip],
  doc: [...oldOffice, 'application/rtf'], xls: oldOffice, ppt: oldOffice, wps: oldOffice, et: oldOffice, dps: oldOffice, msg: oldOffice,
  docx: [`${office}.wordprocessingml.document`, zip], xlsx: [`${office}.spreadsheetml.sheet`, zip], pptx: [`${office}.presentationml.presentation`, zip],
  odt: ['application/vnd.oasis.opendocument.text', zip], ods: ['application/vnd.oasis.opendocument.spreadsheet', zip], odp: ['application/vnd.oasis.opendocument.presentation', zip],
  rtf: ['application/rtf', 'text/rtf'],
  txt: words, csv: words, tsv: words, md: words, log: words, json: words, eml: words,
  mp3: sound, m4a: sound, wav: sound, ogg: sound, oga: sound, aac: sound, amr: sound, weba: sound, opus: sound,
  mp4: video, m4v: video, mov: video, webm: [...video, ...sound], avi: video, mkv: video,
  zip: [zip], rar: ['application/x-rar-compressed'], '7z': ['application/x-7z-compressed'],
} // prettier-ignore
/** Rows come as other systems write them, also as a page under the name of a workbook: what they are is told by reading them. */
const tables = new Set(['csv', 'tsv', 'txt', 'xlsx', 'xls', 'et', 'ods', 'htm', 'html', 'mht', 'xml'])

/** What runs when it is opened, by content and by name. */
const programs = new Set(['application/x-msdownload', 'application/x-elf', 'application/x-mach-binary'])
const programNames = /\.(?:exe|com|scr|msi|bat|cmd|ps1|vbs|vbe|wsf|hta|lnk|jar|apk)$/i
const byName: Record<string, string> = { csv: 'text/csv', txt: 'text/plain', json: 'application/json' }

/** The type by content, not by what the sender says, of a file that may be taken; refuses any other, with the reason in words. */
export async function typeOf(path: string, name: string, use: FileUse): Promise<string> {
  const { found, isText } = await sniff(path)
  if (programs.has(found ?? '') || programNames.test(name)) throw new Refusal('invalid', `“${name}”是可执行程序，不能上传`)
  const ending = endingOf(name)
  if (use === 'table') {
    if (!tables.has(ending)) throw new Refusal('invalid', `“${name}”不是表格文件，可上传 ${[...tables].slice(0, 5).join('、')} 等`)
    return found ?? byName[ending] ?? 'application/octet-stream'
  }
  if (found === 'image/heic' || found === 'image/heif')
    throw new Refusal('invalid', `“${name}”是 HEIC 格式，浏览器打不开，请在手机的相机设置中选“兼容性最佳”，或另存为 JPEG 后上传`)
  const contents = Object.hasOwn(kept, ending) ? kept[ending]! : null
  if (!contents) throw new Refusal('invalid', `不接受${ending ? `“.${ending}”` : '没有扩展名的'}文件：“${name}”`)
  if (!contents.includes(found) || (contents === words && !isText)) throw new Refusal('invalid', `“${name}”的内容与扩展名不符，不能上传`)
  return found ?? byName[ending] ?? 'application/octet-stream'
}
export const endingOf = (name: string): string => /\.([^.]{1,10})$/.exec(name)?.[1]?.toLowerCase() ?? ''

/**
 * The name that is kept: without folders, control characters and marks that turn the reading direction or cannot be seen, without what Windows would cut off at the
 * end, and no longer than the end of it can still be read.
 */
export function plainNameOf(given: string): string {
  const name = given.toWellFormed().normalize('NFC').replace(/[\p{Cf}\p{Zl}\p{Zp}]/gu, '').replace(/[\p{Cc}/\\]/gu, '_').replace(/[. ]+$/u, '').trim()
  const ending = endingOf(name)
  const stem = ending ? name.slice(0, -ending.length - 1) : name
  return `${[...stem].slice(0, 180).join('')}${ending && `.${ending}`}` || '未命名'
} // prettier-ignore

const headBytes = 4100
async function sniff(path: string): Promise<{ found: string | null; isText: boolean }> {
  const handle = await open(path)
  try {
    const head = Buffer.alloc(headBytes)
    const { bytesRead } = await handle.read(head, 0, head.length, 0)
    const begin = head.subarray(0, bytesRead)
    const isUtf16 = (begin[0] === 0xff && begin[1] === 0xfe) || (begin[0] === 0xfe && begin[1] === 0xff)
    const found = (await fileTypeFromBuffer(begin))?.mime ?? null
    // The mark of UTF-16 is also how some sound files begin.
    return isUtf16 ? { found: null, isText: true } : { found, isText: !begin.includes(0) }
  } finally {
    await handle.close()
  }
}
