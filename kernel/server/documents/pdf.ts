import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { markProperty, type ExportMark } from '../marks/export-mark.ts'

interface PdfMaker {
  setFonts(fonts: object): void
  addFonts(fonts: object): void
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
  pdf.setFonts({ Sans: await fontOf(pdf, 'noto-sans-sc', 'NotoSansSC') })
  // A document names neither addresses nor files of this machine.
  pdf.setUrlAccessPolicy(() => false)
  pdf.setLocalAccessPolicy(() => false)
  return pdf
}

/** A font in its two weights, under names that a document can ask for. */
async function fontOf(pdf: PdfMaker, folder: string, name: string): Promise<Record<string, string>> {
  for (const weight of ['400Regular', '700Bold'])
    pdf.virtualfs.writeFileSync(`${name}-${weight}.ttf`, await readFile(require.resolve(`@expo-google-fonts/${folder}/${weight}/${name}_${weight}.ttf`)))
  const [normal, bold] = [`${name}-400Regular.ttf`, `${name}-700Bold.ttf`]
  return { normal, bold, italics: normal, bolditalics: bold }
} // prettier-ignore

/** What a PDF says of itself: who took it, and the seal of that. */
export const markInfo = ({ title, by, number, sealed }: ExportMark): Record<string, string> => ({
  title,
  author: by,
  keywords: number,
  [markProperty]: sealed,
})

/** Makes a PDF from a pdfmake definition in the product's font; `withSerif`: `Serif` may be asked for, too. */
export async function makePdf(definition: object, { withSerif = false }: { withSerif?: boolean } = {}): Promise<Buffer> {
  ready ??= maker()
  const pdf = await ready
  if (withSerif) pdf.addFonts({ Serif: await fontOf(pdf, 'noto-serif-sc', 'NotoSerifSC') })
  return pdf
    .createPdf({
      defaultStyle: { font: 'Sans', fontSize: 11, lineHeight: 1.3 },
      pageSize: 'A4',
      pageMargins: [56, 60, 56, 60],
      ...definition,
    })
    .getBuffer()
}
