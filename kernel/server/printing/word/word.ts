import { chainLoop, columnsOf, findColumn, formatInstant, rowNumber, type Definitions, type Field, type FieldProblem } from '#model'
import sharp from 'sharp'
import { findName, printWords, Refusal } from '#model'
import { codeSvg } from '../code.ts'
import { filesIn } from '../pictures.ts'
import { plain, rowsAt, sayName, valueAt, wordsOf, type PrintSource } from '../source.ts'
import { Drawings, type Bitmap } from './drawing.ts'
import { fill, newMeter, type Scope } from './fill.ts'
import { openWord, packWord, type Parts } from './package.ts'
import { proveTags, rowsOf } from './prove.ts'
import { isolateTags, joinTags } from './tags.ts'
import { below, readXml, writeXml, type Element } from './xml.ts'

const labels: Readonly<Record<string, string>> = { document: '正文', header: '页眉', footer: '页脚' }
/** The parts of a document in which tags may stand. */
function textParts(parts: Parts): { path: string; label: string; root: Element }[] {
  return [...parts.keys()].sort().flatMap((path) => {
    const [, kind] = /^word\/(document|header|footer)\d*\.xml$/.exec(path) ?? []
    if (!kind) return []
    const root = readXml(parts.get(path)!.toString('utf8'))
    for (const one of [root, ...below(root)]) if (one.name === 'w:p') joinTags(one)
    return [{ path, label: labels[kind]!, root }]
  })
}
/** Proves a Word file: what cannot be opened is refused, what its tags get wrong is told, each with where it stands. */
export async function proveWord(content: Buffer, defs: Pick<Definitions, 'resources'>, resource: string, { hasCode }: { hasCode: boolean }): Promise<{ problems: FieldProblem[]; names: string[] }> {
  return proveTags(textParts(await openWord(content)), defs, resource, { hasCode })
} // prettier-ignore

/** Fills a Word file with what a record says. `code`: the address that proves the paper; `pictures`: by file. */
export async function fillWord(content: Buffer, source: PrintSource, { code, pictures }: { code: string | null; pictures: Readonly<Record<string, string>> }): Promise<Buffer> {
  const parts = await openWord(content)
  const meter = newMeter()
  const bitmaps = new Map<string, Bitmap>()
  for (const [id, address] of Object.entries(pictures)) bitmaps.set(id, await bitmapOf(Buffer.from(address.slice(address.indexOf(',') + 1), 'base64')))
  if (code !== null) bitmaps.set('code', await bitmapOf(await sharp(Buffer.from(codeSvg('qr', code)!), { density: 400 }).flatten({ background: '#fff' }).png().toBuffer()))
  for (const { path, root } of textParts(parts)) {
    for (const one of [root, ...below(root)]) if (one.name === 'w:p') isolateTags(one)
    const drawings = new Drawings(parts, path)
    fill(root, scopeOf(source, (id, height) => (bitmaps.has(id) ? [drawings.draw(id, bitmaps.get(id)!, height)] : [])), meter)
    parts.set(path, Buffer.from(writeXml(root)))
  }
  return packWord(parts)
} // prettier-ignore
async function bitmapOf(bytes: Buffer): Promise<Bitmap> {
  const { width, height, format } = await sharp(bytes).metadata()
  if (format !== 'png' && format !== 'jpeg') throw new Refusal('unsupportedFile', '图片须是 PNG 或 JPEG')
  return { bytes, type: format, width, height }
}

type Draw = (id: string, height: number) => Element[]
/** `照片 40`: so many millimetres high. */
function sized(name: string, usual: number): { name: string; height: number } {
  const [, own, height] = /^(.*?)\s+(\d{1,3})$/.exec(name) ?? []
  return own !== undefined ? { name: own, height: Math.max(3, Number(height)) } : { name, height: usual }
}
const signatureHeight = 11
function scopeOf(source: PrintSource, draw: Draw): Scope {
  const { defs } = source.kernel
  const drawAll = (field: Field | undefined, value: unknown, height: number) =>
    field ? filesIn(field, value).flatMap((id) => draw(id, height)) : []
  const heightOf = (field: Field | undefined) => (field?.kind === 'signature' ? signatureHeight : 35)
  const record: Scope = {
    value: (name) => (name === '二维码' ? '' : sayName(source, name)),
    has: (name) => {
      const rows = rowsOf(defs, source.c.r.name, name)
      if (rows) return (rowsAt(source, findName(defs, source.c.r.name, name)!.path)?.rows.length ?? 0) > 0
      const value = Object.hasOwn(printWords, name)
        ? sayName(source, name)
        : valueAt(source, findName(defs, source.c.r.name, name)?.path ?? '')
      return value !== null && value !== undefined && value !== '' && value !== false && !(Array.isArray(value) && value.length === 0)
    },
    pictures: (given) => {
      const { name, height } = sized(given, 0)
      if (name === '二维码') return draw('code', height || 22)
      const found = findName(defs, source.c.r.name, name)
      return found ? drawAll(found.field, valueAt(source, found.path), height || heightOf(found.field)) : []
    },
    rows: (name) => (name === chainLoop ? chainScopes(source, draw, record) : rowScopes(name)),
  }
  function rowScopes(name: string): Scope[] {
    const path = findName(defs, source.c.r.name, name)?.path
    const found = path === undefined ? null : rowsAt(source, path)
    if (!found) return []
    const fields = columnsOf(found.field)
    return found.rows.map((row, at): Scope => {
      const keyOf = (column: string) => findColumn(found.field, column)
      return {
        ...record,
        value: (column) => {
          if (column === rowNumber) return String(at + 1)
          const key = keyOf(column)
          return key === null ? record.value(column) : plain(wordsOf(fields[key]!, row[key] ?? null, source.titles))
        },
        has: (column) => {
          const key = keyOf(column)
          return key === null ? record.has(column) : row[key] !== null && row[key] !== undefined && row[key] !== '' && row[key] !== false
        },
        pictures: (given) => {
          const { name: column, height } = sized(given, 0)
          const key = keyOf(column)
          return key === null ? record.pictures(given) : drawAll(fields[key], row[key], height || heightOf(fields[key]))
        },
      }
    })
  }
  return record
}
/** What was decided at each step of the approval. */
const chainScopes = ({ approval }: PrintSource, draw: Draw, record: Scope): Scope[] =>
  (approval?.chain ?? []).filter(({ step }) => step).map((one): Scope => {
    const words: Readonly<Record<string, string>> = { 步骤: one.step, 结果: [one.word, one.said].filter(Boolean).join(' '), 意见: one.opinion ?? '', 办理人: one.name, 时间: formatInstant(one.at) }
    return {
      ...record,
      value: (name) => (Object.hasOwn(words, name) ? plain(words[name]!) : record.value(name)),
      has: (name) => (name === '签名' ? one.signature !== null : Object.hasOwn(words, name) ? words[name] !== '' : record.has(name)),
      pictures: (given) => {
        const { name, height } = sized(given, signatureHeight)
        return name === '签名' ? (one.signature ? draw(one.signature, height) : []) : record.pictures(given)
      },
    }
  }) // prettier-ignore
/** The files whose pictures a Word file may ask for: of the record, its rows, and its approval. */
export function filesOfWord(source: PrintSource, names: readonly string[]): string[] {
  const { defs } = source.kernel
  const wanted = new Set(names.map((name) => sized(name, 0).name))
  const own = [...wanted].flatMap((name) => {
    const found = findName(defs, source.c.r.name, name)
    return found?.field ? filesIn(found.field, valueAt(source, found.path)) : []
  })
  const inRows = [...wanted].flatMap((name) => {
    const rows = rowsOf(defs, source.c.r.name, name)
    const found = rows && rowsAt(source, findName(defs, source.c.r.name, name)!.path)
    return found ? Object.entries(columnsOf(found.field)).flatMap(([key, field]) => (wanted.has(key) || wanted.has(field.label) ? found.rows.flatMap((row) => filesIn(field, row[key])) : [])) : []
  })
  const signatures = wanted.has('签名') ? (source.approval?.chain ?? []).flatMap(({ signature }) => signature ?? []) : []
  return [...own, ...inRows, ...signatures]
} // prettier-ignore
