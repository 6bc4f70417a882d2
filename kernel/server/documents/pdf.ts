import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { markProperty, type ExportMark } from '../marks/export-mark.ts'

interface PdfMaker {
  setFonts(fonts: object): void
  setUrlAccessPolicy(policy: () => boolean): void
  setLocalAccessPolicy(policy: (path: string) => boolean): void
  virtualfs: { writeFileSync(name: string, content: Buffer): void }
  createPdf(definition: object): { getBuffer(): Promise<Buffer> }
}
const require = createRequire(import.meta.url)
let ready: Promise<PdfMaker> | null = null

/** The maker with the Chinese font in both weights; loaded at the first document. */
async function maker(): Promise<PdfMaker> {
  const pdf = require('pdfmake') as PdfMaker
  const font = (weight: string) => readFile(require.resolve(`@expo-google-fonts/noto-sans-sc/${weight}/NotoSansSC_${weight}.ttf`))
  pdf.virtualfs.writeFileSync('normal.ttf', await font('400Regular'))
  pdf.virtualfs.writeFileSync('bold.ttf', await font('700Bold'))
  pdf.setFonts({ Sans: { normal: 'normal.ttf', bold: 'bold.ttf', italics: 'normal.ttf', bolditalics: 'bold.ttf' } })
  // A document names neither addresses nor files of this machine.
  pdf.setUrlAccessPolicy(() => false)
  pdf.setLocalAccessPolicy(() => false)
  return pdf
}

/** What a PDF says of itself: who took it, and the seal of that. */
export const markInfo = ({ title, by, number, sealed }: ExportMark): Record<string, string> => ({
  title,
  author: by,
  keywords: number,
  [markProperty]: sealed,
})

/** Makes a PDF from a pdfmake definition in the product's font. */
export async function makePdf(definition: object): Promise<Buffer> {
  ready ??= maker()
  const pdf = await ready
  return pdf
    .createPdf({
      defaultStyle: { font: 'Sans', fontSize: 11, lineHeight: 1.3 },
      pageSize: 'A4',
      pageMargins: [56, 60, 56, 60],
      ...definition,
    })
    .getBuffer()
}
