import { open } from 'node:fs/promises'
import { Refusal } from '#model'
import yauzl, { type Entry, type ZipFile } from 'yauzl'

/** Unpacked size beyond which a workbook is refused: a zip may promise terabytes. */
const largestUnpacked = 3 * 1024 * 1024 * 1024
/** Shared texts are held in memory while reading. */
const largestTexts = 256 * 1024 * 1024
/** One cell, and one line: what the reader holds at once. */
const longestToken = 1024 * 1024
const longestLine = 16 * 1024 * 1024
const tooLarge = () => new Refusal('importRefused', '表格解压后过大，请分成几个文件，或另存为 CSV')
const overlong = () => new Refusal('importRefused', '表格中有过长的单元格或行，不像是要导入的表')

const mostChecked = 1000
const checked = new Set<string>()
/**
 * Refuses a workbook that would fill memory: by the sizes that its directory tells, then by unpacking it once (a directory may lie; yauzl compares), with no
 * cell and no line beyond reason. Contents do not change under their path, so each is looked through once.
 */
export async function refuseBomb(path: string): Promise<void> {
  if (checked.has(path)) return
  const zip = await yauzl.openPromise(path, { autoClose: false })
  try {
    const entries: Entry[] = []
    let unpacked = 0
    for await (const entry of zip.eachEntry()) {
      unpacked += entry.uncompressedSize
      if (unpacked > largestUnpacked || (entry.fileName === 'xl/sharedStrings.xml' && entry.uncompressedSize > largestTexts))
        throw tooLarge()
      entries.push(entry)
    }
    await refuseHidden(path, zip, entries)
    for (const entry of entries) if (isRead.test(entry.fileName)) await lookThrough(zip, entry)
  } finally {
    zip.close()
  }
  if (checked.size >= mostChecked) checked.clear()
  checked.add(path)
}
/** The parts that the reader of workbooks unpacks. */
const isRead = /^(_rels\/|xl\/_rels\/|xl\/[^/]*\.xml$|xl\/worksheets\/[^/]*\.xml$)/
const describesBehind = 0x8
/** A signature and three sizes of eight bytes, at most. */
const longestDescription = 24

/** The reader goes through the file from its beginning and never looks into the directory: nothing may stand there that the directory does not name. */
async function refuseHidden(path: string, zip: ZipFile, entries: readonly Entry[]): Promise<void> {
  let end = 0
  for (const entry of entries.toSorted((a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader)) {
    const local = await zip.readLocalFileHeaderPromise(entry)
    const isAsTold =
      local.fileName.equals(entry.fileNameRaw) &&
      (local.generalPurposeBitFlag & describesBehind || local.compressedSize === entry.compressedSize)
    const gap = entry.relativeOffsetOfLocalHeader - end
    if (!isAsTold || gap < 0 || gap > (end === 0 ? 0 : longestDescription)) throw notAsTold()
    end = local.fileDataStart + entry.compressedSize
  }
  const file = await open(path)
  try {
    const { buffer } = await file.read(Buffer.alloc(longestDescription + 4), 0, longestDescription + 4, end)
    if (!buffer.includes('PK\x01\x02')) throw notAsTold()
  } finally {
    await file.close()
  }
}
const notAsTold = () => new Error('the directory does not tell what the file holds')
async function lookThrough(zip: ZipFile, entry: Entry): Promise<void> {
  const marks = [new Run('<', longestToken), ...(entry.fileName.startsWith('xl/worksheets/') ? [new Run('</row', longestLine)] : [])]
  for await (const part of await zip.openReadStreamPromise(entry)) for (const mark of marks) mark.pass(part as Buffer)
}
/** How long it goes on without a mark. */
class Run {
  private length = 0
  private readonly mark: Buffer
  private readonly most: number
  constructor(mark: string, most: number) {
    this.mark = Buffer.from(mark)
    this.most = most
  }
  pass(part: Buffer): void {
    const first = part.indexOf(this.mark)
    if (this.length + (first < 0 ? part.length : first) > this.most) throw overlong()
    this.length = first < 0 ? this.length + part.length : part.length - part.lastIndexOf(this.mark)
  }
}
