import { Refusal } from '#model'
import yauzl, { type Entry } from 'yauzl'

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
      if (/^xl\/[^/]*\.xml$|^xl\/worksheets\/[^/]*\.xml$/.test(entry.fileName)) entries.push(entry)
    }
    for (const entry of entries) {
      const isSheet = entry.fileName.startsWith('xl/worksheets/')
      const [token, line] = [new Run('<', longestToken), new Run('</row', longestLine)]
      for await (const part of await zip.openReadStreamPromise(entry)) {
        token.pass(part as Buffer)
        if (isSheet) line.pass(part as Buffer)
      }
    }
  } finally {
    zip.close()
  }
  if (checked.size >= mostChecked) checked.clear()
  checked.add(path)
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
