interface Words {
  title: string
  lines: readonly string[]
}
const scale = 2
const [margin, lineHeight] = [20, 20]
const drawnStyles = ['fill', 'fill-opacity', 'stroke', 'stroke-width', 'font-size', 'font-weight', 'font-family', 'text-anchor', 'color', 'opacity'] as const // prettier-ignore

/** What is drawn in a box as a picture, under its title and what it shows: of the drawing itself, or of the texts where there is none (a table, a single figure). */
export async function toPng(box: HTMLElement, { title, lines }: Words): Promise<Blob> {
  const drawing = box.querySelector('svg.x-drawing')
  const source = drawing ? standing(drawing as SVGSVGElement) : ofTexts(box)
  const { width, height, markup } = source
  const head = 30 + lines.length * lineHeight
  const whole = { width: Math.max(width, 360) + 2 * margin, height: height + head + 2 * margin }
  const style = getComputedStyle(document.documentElement)
  const canvas = document.createElement('canvas')
  canvas.width = whole.width * scale
  canvas.height = whole.height * scale
  const pen = canvas.getContext('2d')
  if (!pen) throw new Error('这个浏览器不能生成图片')
  pen.scale(scale, scale)
  pen.fillStyle = style.getPropertyValue('--surface')
  pen.fillRect(0, 0, whole.width, whole.height)
  const family = getComputedStyle(document.body).fontFamily
  pen.fillStyle = style.getPropertyValue('--ink')
  pen.font = `600 16px ${family}`
  pen.fillText(title, margin, margin + 14)
  pen.fillStyle = style.getPropertyValue('--ink2')
  pen.font = `12px ${family}`
  lines.forEach((line, at) => pen.fillText(line, margin, margin + 38 + at * lineHeight, whole.width - 2 * margin))
  pen.drawImage(await imageOf(markup), margin, margin + head, width, height)
  return new Promise((done, failed) =>
    canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error('没有生成图片，请再试一次'))), 'image/png'),
  )
}
async function imageOf(markup: string): Promise<HTMLImageElement> {
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(markup)}`
  await image.decode()
  return image
}
interface Source {
  width: number
  height: number
  markup: string
}
/** A drawing that stands by itself: its colours and letters are written into it, for outside the page there are no style sheets. */
function standing(drawing: SVGSVGElement): Source {
  const { width, height } = drawing.getBoundingClientRect()
  const copy = drawing.cloneNode(true) as SVGSVGElement
  const [from, to] = [drawing.querySelectorAll<SVGElement>('*'), copy.querySelectorAll<SVGElement>('*')]
  from.forEach((one, at) => {
    const style = getComputedStyle(one)
    // As attributes: styles within elements are what the page's policy refuses.
    for (const name of drawnStyles) to[at]!.setAttribute(name, style.getPropertyValue(name))
    to[at]!.removeAttribute('style')
  })
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  copy.setAttribute('width', String(width))
  copy.setAttribute('height', String(height))
  return { width, height, markup: new XMLSerializer().serializeToString(copy) }
}
/** The texts of a box where they stand, with a line under every row. */
function ofTexts(box: HTMLElement): Source {
  const inner = box.querySelector<HTMLElement>('table') ?? box
  const area = inner.getBoundingClientRect()
  const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  const parts: string[] = []
  const walker = document.createTreeWalker(inner, NodeFilter.SHOW_TEXT)
  const range = document.createRange()
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.textContent?.trim()
    if (!text || !node.parentElement) continue
    range.selectNodeContents(node)
    const at = range.getBoundingClientRect()
    const { fontSize, fontWeight, fontFamily, color } = getComputedStyle(node.parentElement)
    parts.push(`<text x="${at.left - area.left}" y="${at.top - area.top + at.height * 0.76}" font-weight="${fontWeight}" font-size="${fontSize}" font-family="${fontFamily.replaceAll('"', "'")}" fill="${color}">${escaped(text)}</text>`) // prettier-ignore
  }
  const line = getComputedStyle(document.documentElement).getPropertyValue('--line')
  for (const row of inner.querySelectorAll('tr')) {
    const y = row.getBoundingClientRect().bottom - area.top
    parts.push(`<line x1="0" x2="${area.width}" y1="${y}" y2="${y}" stroke="${line}"/>`)
  }
  const { width, height } = area
  return { width, height, markup: `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${parts.join('')}</svg>` }
}
