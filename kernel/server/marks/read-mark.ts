import { inflateRawSync } from 'node:zlib'
import { addDays, parseInstant, type ExportTrace, type SealedMark } from '#model'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { markNumberPattern, markPlace, markProperty } from './export-mark.ts'

const mostInflated = 64 * 1024 * 1024
/** Of an object in a PDF that is named by its number. */
const objectOf = (text: string, n: string): string | undefined =>
  new RegExp(`(?:^|\\s)${n} 0 obj\\s*\\(([A-Za-z0-9_-]+)\\)`).exec(text)?.[1]

/** Who took a file away: by what lies sealed in it, else by the number that stands in it; null when it carries neither. */
export async function traceOf(kernel: Kernel, ctx: Context, file: Buffer): Promise<ExportTrace | null> {
  const texts = textsOf(file)
  for (const text of texts) {
    const sealed = sealedIn(text)
    const told = sealed === null ? null : opened(kernel, sealed)
    if (told) return { ...told, isProved: true, entry: await entryOf(ctx, told.number) }
  }
  const number = texts.map((text) => markNumberPattern.exec(text)?.[0]).find(Boolean)
  return number === undefined ? null : traceOfNumber(ctx, number)
}
/** What the audit knows of a number that stood on paper or in a picture; null when it is none of ours. */
export async function traceOfNumber(ctx: Context, number: string): Promise<ExportTrace | null> {
  const entry = await entryOf(ctx, number)
  if (!entry) return null
  const person = entry.actor ? ctx.directory.people.get(entry.actor) : undefined
  return { number, by: entry.actorName ?? '', person: entry.actor, staffNumber: person?.staffNumber ?? null, at: entry.at, title: '', address: entry.address, isProved: false, entry }
} // prettier-ignore

function opened(kernel: Kernel, sealed: string): SealedMark | null {
  try {
    return JSON.parse(kernel.protector.open(markPlace, Buffer.from(sealed, 'base64url'))) as SealedMark
  } catch {
    // Of another hospital, or written by hand.
    return null
  }
}
function sealedIn(text: string): string | null {
  const inXml = new RegExp(`name="${markProperty}"[^>]*>\\s*<[^>]*>([A-Za-z0-9_-]+)<`).exec(text)
  if (inXml) return inXml[1]!
  const inPdf = new RegExp(`/${markProperty}\\s*(?:\\(([A-Za-z0-9_-]+)\\)|(\\d{1,9}) 0 R)`).exec(text)
  return inPdf?.[1] ?? (inPdf?.[2] && objectOf(text, inPdf[2])) ?? null
}
/** The number's day stands in it, so the search is over few entries. */
async function entryOf(ctx: Context, number: string): Promise<ExportTrace['entry']> {
  const day = `${number.slice(2, 6)}-${number.slice(6, 8)}-${number.slice(8, 10)}`
  const from = parseInstant(`${day}T00:00:00+08:00`)
  if (!from) return null
  // A job's entry is written when it ends; a file lies for a week.
  const to = parseInstant(`${addDays(day, 8)}T00:00:00+08:00`)!
  const [row] = await ctx.db.query<NonNullable<ExportTrace['entry']> & object>(
    `SELECT at, actor, actor_name AS "actorName", act, resource, address, detail FROM kernel.audit_entry
     WHERE at >= $1::timestamptz AND at < $2::timestamptz AND detail->>'mark' = $3 ORDER BY act = 'export.begin', at LIMIT 1`,
    [from.toISOString(), to.toISOString(), number],
  )
  return row ?? null
}

/** What can be read of a file: the parts of a workbook that tell of it, or its bytes as they are. */
function textsOf(file: Buffer): string[] {
  if (file.subarray(0, 4).toString('latin1') !== 'PK\u0003\u0004') return [file.toString(file.subarray(0, 5).toString() === '%PDF-' ? 'latin1' : 'utf8')]
  const parts = partsOfZip(file)
  const wanted = parts.filter(({ name }) => name.startsWith('docProps/') || name === 'xl/sharedStrings.xml' || name.startsWith('xl/worksheets/sheet'))
  return wanted.sort((a, b) => Number(b.name.startsWith('docProps/')) - Number(a.name.startsWith('docProps/'))).flatMap((part) => inflated(file, part) ?? [])
} // prettier-ignore
interface Part {
  name: string
  method: number
  packed: number
  offset: number
}
function partsOfZip(file: Buffer): Part[] {
  const end = file.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]))
  if (end < 0 || end + 22 > file.length) return []
  const parts: Part[] = []
  let at = file.readUInt32LE(end + 16)
  for (let left = file.readUInt16LE(end + 10); left > 0 && at + 46 <= file.length && file.readUInt32LE(at) === 0x0201_4b50; left--) {
    const [name, extra, comment] = [28, 30, 32].map((place) => file.readUInt16LE(at + place)) as [number, number, number]
    parts.push({ name: file.toString('utf8', at + 46, at + 46 + name), method: file.readUInt16LE(at + 10), packed: file.readUInt32LE(at + 20), offset: file.readUInt32LE(at + 42) })
    at += 46 + name + extra + comment
  }
  return parts
} // prettier-ignore
/** Null when it is broken, or grows beyond all measure. */
function inflated(file: Buffer, { method, packed, offset }: Part): string | null {
  try {
    const from = offset + 30 + file.readUInt16LE(offset + 26) + file.readUInt16LE(offset + 28)
    const bytes = file.subarray(from, from + packed)
    return (method === 0 ? bytes : inflateRawSync(bytes, { maxOutputLength: mostInflated })).toString('utf8')
  } catch {
    return null
  }
}
