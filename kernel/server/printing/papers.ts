import { createHash, randomBytes } from 'node:crypto'
import { PassThrough } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import type { PrintTemplate } from '#model'
import type { Context } from '../context.ts'
import { ZipWriter } from '../exchange/writing/zip.ts'
import type { FileStore } from '../files/files.ts'
import { loadPictures } from './pictures.ts'
import { titleOf, type Printing, type PrintSource } from './source.ts'
import type { NamedTemplate } from './templates.ts'
import { findOffice, toPdf } from './word/convert.ts'
import { filesOfWord, fillWord } from './word/word.ts'

/** A record that was put on paper, with what proves it. */
export interface Paper {
  readonly source: PrintSource
  /** Of what it says, whoever holds it; the code is not part of it. */
  readonly hash: Buffer
  readonly code: string | null
}
export interface PrintWorkload {
  readonly named: NamedTemplate
  readonly sources: readonly PrintSource[]
  readonly printing: Printing
}
export interface Made {
  readonly papers: readonly Paper[]
  readonly content: Uint8Array
  readonly type: string
  readonly ending: string
}
/** What nobody guesses; only its hash is kept. */
export const newCode = ({ verify }: PrintTemplate): string | null => (verify ? randomBytes(15).toString('base64url') : null)
export const addressOf = (origin: string, code: string | null): string | null => (code === null ? null : `${origin}/v/${code}`)

const types = { docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', pdf: 'application/pdf' } as const
/** Fills the template's Word file for each record: as PDF where this machine has LibreOffice, else as it is; several in one zip. */
export async function wordPapers(ctx: Context, files: FileStore, { named: { template }, sources, printing }: PrintWorkload): Promise<Made> {
  const { base64, names } = template.word!
  const content = Buffer.from(base64, 'base64')
  const office = await findOffice()
  const made: { paper: Paper; bytes: Buffer; ending: 'docx' | 'pdf' }[] = []
  for (const source of sources) {
    const { addresses: pictures } = await loadPictures(ctx, files, filesOfWord(source, names))
    const code = newCode(template)
    const bare = await fillWord(content, source, { code: null, pictures })
    const word = code === null ? bare : await fillWord(content, source, { code: addressOf(printing.origin, code), pictures })
    const pdf = office === null ? null : await toPdf(office, word)
    made.push({ paper: { source, hash: createHash('sha256').update(bare).digest(), code }, bytes: pdf ?? word, ending: pdf ? 'pdf' : 'docx' })
  }
  const papers = made.map(({ paper }) => paper)
  const [only] = made
  if (made.length === 1) return { papers, content: only!.bytes, type: types[only!.ending], ending: only!.ending }
  return { papers, content: await zipped(made), type: 'application/zip', ending: 'zip' }
} // prettier-ignore
async function zipped(made: readonly { paper: Paper; bytes: Buffer; ending: string }[]): Promise<Buffer> {
  const out = new PassThrough()
  const whole = buffer(out)
  const zip = new ZipWriter(out)
  for (const [at, { paper, bytes, ending }] of made.entries()) {
    const { c, record, titles } = paper.source
    await zip.add(`${at + 1}-${nameOfFile(titleOf(c, record, titles))}.${ending}`, [bytes])
  }
  await zip.end()
  return whole
}
/** What a file may be called everywhere. */
export const nameOfFile = (title: string): string => [...title.replaceAll(/[\\/:*?"<>|\s]+/g, '_')].slice(0, 60).join('') // prettier-ignore
