import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs'

const folder = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'))
export interface ReadPdf {
  /** The words of each page, as they stand one after the other. */
  pages: string[]
  /** Millimetres, of each page. */
  sizes: [number, number][]
  info: Record<string, unknown>
}
/** Reads a PDF back: what its pages say, and how large they are. */
export async function readPdf(content: Uint8Array): Promise<ReadPdf> {
  const task = getDocument({ data: new Uint8Array(content), cMapUrl: join(folder, 'cmaps/'), standardFontDataUrl: join(folder, 'standard_fonts/'), verbosity: 0 })
  const document = await task.promise
  const pages: string[] = []
  const sizes: [number, number][] = []
  for (let n = 1; n <= document.numPages; n++) {
    const page = await document.getPage(n)
    const { items } = await page.getTextContent()
    pages.push(items.map((item) => ('str' in item && item.str !== ' ' ? item.str : '')).join(''))
    const [, , width = 0, height = 0] = page.view
    sizes.push([Math.round((width * 25.4) / 72), Math.round((height * 25.4) / 72)])
  }
  const { info } = await document.getMetadata()
  await task.destroy()
  return { pages, sizes, info: info as Record<string, unknown> }
} // prettier-ignore
