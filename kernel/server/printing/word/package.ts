import { PassThrough } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import yauzl from 'yauzl'
import { Refusal } from '#model'
import { ZipWriter } from '../../exchange/writing/zip.ts'
import { below, isElement, readXml, writeXml, type Element } from './xml.ts'

/** Parts of a Word file by their path. */
export type Parts = Map<string, Buffer>
/** A document of some hundred pages is a few megabytes; a bomb is not. */
const [mostParts, mostBytes, mostRatio] = [400, 40 * 1024 * 1024, 150]
const refuse = (why: string): Refusal => new Refusal('unsupportedFile', why)
const damaged = () => refuse('不是 Word 文件（.docx），或文件已损坏')

/** Its text, pictures and fonts. Other files that it holds go: sheets, controls, data. */
const kept =
  /^(?:\[Content_Types\]\.xml|_rels\/\.rels|docProps\/.*\.xml|word\/(?!embeddings\/|activeX\/|ctrlProps\/).*\.(?:xml|rels|png|jpe?g|gif|bmp|tiff?|emf|wmf|odttf|ttf))$/i
/** Opens a Word file within bounds, and takes out of it what runs, what lies elsewhere, and what holds other files. */
export async function openWord(content: Buffer): Promise<Parts> {
  const parts = await unzip(content)
  const types = parts.get('[Content_Types].xml')?.toString('utf8') ?? ''
  if (!parts.has('word/document.xml') || !types) throw damaged()
  if ([...parts.keys()].some((path) => /vbaProject|vbaData/i.test(path)) || /macroEnabled/i.test(types)) throw refuse('Word 文件含有宏，不能使用：请另存为不含宏的 .docx')
  for (const path of parts.keys()) if (!kept.test(path)) parts.delete(path)
  dropTypes(parts)
  for (const path of parts.keys()) if (/\.rels$/.test(path)) cleanRelations(parts, path)
  for (const path of parts.keys()) if (path.endsWith('.xml') && path !== '[Content_Types].xml') parts.set(path, Buffer.from(writeXml(withoutCommands(readXml(parts.get(path)!.toString('utf8'))))))
  return parts
} // prettier-ignore

function unzip(content: Buffer): Promise<Parts> {
  return new Promise((done, failed) => {
    yauzl.fromBuffer(content, { lazyEntries: true, validateEntrySizes: true, strictFileNames: true }, (error, zip) => {
      if (error) return failed(damaged())
      const parts: Parts = new Map()
      let total = 0
      const fail = (refusal: Refusal) => (zip.close(), failed(refusal))
      zip.on('error', () => failed(damaged()))
      zip.on('end', () => done(parts))
      zip.on('entry', (entry: yauzl.Entry) => {
        total += entry.uncompressedSize
        if (entry.isEncrypted()) return fail(refuse('Word 文件有密码，不能使用'))
        if (parts.size >= mostParts || total > mostBytes || (entry.uncompressedSize > 1024 * 1024 && entry.uncompressedSize > entry.compressedSize * mostRatio)) return fail(refuse('Word 文件解开后过大，不能使用'))
        if (entry.fileName.endsWith('/')) return zip.readEntry()
        zip.openReadStream(entry, (fault, stream) => {
          if (fault) return fail(damaged())
          buffer(stream).then((bytes) => (parts.set(entry.fileName, bytes), zip.readEntry()), () => fail(damaged()))
        })
      })
      zip.readEntry()
    })
  })
} // prettier-ignore

/** What is no longer there is no longer named among the types. */
function dropTypes(parts: Parts): void {
  const types = readXml(parts.get('[Content_Types].xml')!.toString('utf8'))
  const pathOf = (one: Element): string => (one.attributes['PartName'] ?? '').slice(1)
  const overrides = types.children.filter(isElement).filter(({ name }) => name === 'Override')
  // What calls itself a picture and is said to be text would pass by unread.
  for (const one of overrides) if (!pathOf(one).endsWith('.xml')) parts.delete(pathOf(one))
  types.children = types.children.filter((one) => !isElement(one) || one.name !== 'Override' || parts.has(pathOf(one)))
  parts.set('[Content_Types].xml', Buffer.from(writeXml(types)))
}
/** Relations that lead outside, or to what was taken out, go, and with them what stands for them in the part. */
function cleanRelations(parts: Parts, path: string): void {
  const relations = readXml(parts.get(path)!.toString('utf8'))
  const [folder, file] = [path.replace(/_rels\/[^/]*$/, ''), path.replace(/^.*\//, '').replace(/\.rels$/, '')]
  const isGone = ({ attributes: { TargetMode, Target = '' } }: Element): boolean => {
    if (TargetMode === 'External') return true
    const base = `file:///${folder}`
    // What is no address leads nowhere.
    if (!URL.canParse(Target, base)) return true
    const { protocol, host, pathname } = new URL(Target, base)
    return protocol !== 'file:' || host !== '' || !parts.has(plainPath(pathname.slice(1)))
  }
  const gone = new Set(relations.children.filter(isElement).filter(isGone).map(({ attributes }) => attributes['Id'] ?? ''))
  if (gone.size === 0) return
  relations.children = relations.children.filter((one) => isElement(one) && !gone.has(one.attributes['Id'] ?? ''))
  parts.set(path, Buffer.from(writeXml(relations)))
  const owner = parts.get(`${folder}${file}`)
  if (!owner || !file.endsWith('.xml')) return
  const root = readXml(owner.toString('utf8'))
  for (const one of [root, ...below(root)]) one.children = one.children.filter((child) => !isElement(child) || !standsForGone(child, gone))
  parts.set(`${folder}${file}`, Buffer.from(writeXml(root)))
} // prettier-ignore
function plainPath(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
/** A link loses its address and keeps its words; whatever else stands for what is gone is gone itself. */
function standsForGone(one: Element, gone: ReadonlySet<string>): boolean {
  for (const [key, value] of Object.entries(one.attributes)) {
    if (!key.startsWith('r:') || !gone.has(value)) continue
    if (one.name !== 'w:hyperlink') return true
    delete one.attributes[key]
  }
  return false
}
/** Fields that say what the document itself holds, or the day. Of all others Word fetches, runs or asks as it opens the file. */
const harmless =
  /^\s*(?:=|(?:PAGE|NUMPAGES|SECTION|SECTIONPAGES|PAGEREF|REF|NOTEREF|STYLEREF|SEQ|TOC|DATE|TIME|CREATEDATE|SAVEDATE|PRINTDATE|SYMBOL|ADVANCE|EQ|FORMTEXT|FORMCHECKBOX|FORMDROPDOWN)\b)/i
const wordNames = /^http:\/\/(?:schemas\.openxmlformats\.org\/wordprocessingml\/2006|purl\.oclc\.org\/ooxml\/wordprocessingml)\/main$/
const commands = new Set(['w:object', 'w:altChunk', 'w:control', 'w:mailMerge', 'w:subDoc', 'w:delInstrText'])
function withoutCommands(root: Element): Element {
  const open: Instruction[] = []
  for (const one of [root, ...below(root)]) {
    one.children = one.children.filter((child) => !isElement(child) || !commands.has(child.name))
    for (const [key, value] of Object.entries(one.attributes)) {
      // By another prefix Word reads the same, and what is looked for here would not be found.
      if (key.startsWith('xmlns') && key !== 'xmlns:w' && wordNames.test(value)) throw refuse('Word 文件的写法不常见，不能使用：请用 Word 或 WPS 另存后再上传')
      if (/^(?:\w+:)?(?:src|href|althref)$/.test(key)) delete one.attributes[key]
    }
    if (one.name === 'w:fldSimple' && !harmless.test(one.attributes['w:instr'] ?? '')) one.attributes['w:instr'] = ''
    readField(one, open)
  }
  open.forEach(judge)
  return root
} // prettier-ignore
/** What a field is told, in as many pieces as it is written. */
interface Instruction {
  texts: Element[]
  isRead: boolean
  /** Another field makes part of it: nobody knows what it will say. */
  isMade: boolean
}
function readField(one: Element, open: Instruction[]): void {
  const last = open.at(-1)
  if (one.name === 'w:instrText') {
    if (last?.isRead) last.texts.push(one)
    else one.children = []
  }
  if (one.name !== 'w:fldChar') return
  const kind = one.attributes['w:fldCharType']
  if (kind === 'begin') {
    if (last?.isRead) last.isMade = true
    open.push({ texts: [], isRead: true, isMade: false })
  } else if (last) {
    judge(last)
    if (kind === 'end') open.pop()
  }
}
function judge(field: Instruction): void {
  field.isRead = false
  if (field.isMade || !harmless.test(field.texts.map(textIn).join(''))) for (const one of field.texts) one.children = []
}
const textIn = (one: Element): string => one.children.filter((child) => !isElement(child)).join('')

/** Writes parts as a Word file again: the types first, as readers expect. */
export async function packWord(parts: Parts): Promise<Buffer> {
  const out = new PassThrough()
  const whole = buffer(out)
  const zip = new ZipWriter(out)
  const first = '[Content_Types].xml'
  await zip.add(first, [parts.get(first)!])
  for (const [path, bytes] of parts) if (path !== first) await zip.add(path, [bytes])
  await zip.end()
  return whole
}
