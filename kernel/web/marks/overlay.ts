import { formatInstant } from '#model'

// Words over everything that is shown: in a closed shadow, so that no search, reader or script of the page finds them; as a popover, because only the top
// layer stands above open dialogs. Styles are set through the object model: the page's policy forbids them in its text.
const hostStyle: Readonly<Record<string, string>> = {
  all: 'initial', position: 'fixed', inset: '0', width: '100%', height: '100%', 'max-width': 'none', 'max-height': 'none', margin: '0', padding: '0', border: '0', display: 'block', visibility: 'visible', opacity: '1', transform: 'none', 'clip-path': 'none', filter: 'none',
  background: 'none', overflow: 'hidden', 'pointer-events': 'none', 'z-index': '2147483647', contain: 'strict', 'print-color-adjust': 'exact',
} // prettier-ignore
const svgNames = 'http://www.w3.org/2000/svg'
const svg = (name: string, attributes: Record<string, string>, ...children: Element[]): Element => {
  const element = document.createElementNS(svgNames, name)
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
  element.append(...children)
  return element
}
/** The same words again and again, at a slant: wide enough apart to read what is below, near enough that no part of a picture is without. */
function drawing(words: string, size: number): Element {
  const time = formatInstant(new Date())
  const step = Math.max(230, [...words].reduce((sum, letter) => sum + (letter > '\u2E7F' ? size : size * 0.56), 0) + 70)
  const line = (text: string, y: number) => {
    const element = svg('text', { x: '12', y: String(y), fill: 'currentColor', 'font-size': String(size) })
    element.textContent = text
    return element
  }
  const pattern = svg(
    'pattern',
    { id: 'mark', width: String(step), height: '150', patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(-22)' },
    line(words, 40),
    line(time, 40 + size * 1.5),
  )
  return svg(
    'svg',
    { width: '100%', height: '100%' },
    svg('defs', {}, pattern),
    svg('rect', { width: '100%', height: '100%', fill: 'url(#mark)' }),
  )
}

/** Keeps words over the page until they are to be others or none (null). Whoever takes them off gets them back. */
class Overlay {
  private words: string | null = null
  private host: HTMLElement | null = null
  private root: ShadowRoot | null = null
  private readonly watch = new MutationObserver((records) => this.notice(records))
  private timer: ReturnType<typeof setInterval> | undefined

  show(words: string | null): void {
    if (words === this.words && (words === null || this.host?.isConnected)) return
    this.words = words
    this.build()
    clearInterval(this.timer)
    // The time that stands there is the minute's; and a style sheet that hides it is no mutation.
    if (words !== null) this.timer = setInterval(() => this.build(), 30_000)
  }
  private build(): void {
    this.watch.disconnect()
    this.host?.remove()
    this.host = null
    if (this.words === null) return
    const host = document.createElement('div')
    host.setAttribute('aria-hidden', 'true')
    host.popover = 'manual'
    for (const [key, value] of Object.entries(hostStyle)) host.style.setProperty(key, value, 'important')
    // The ink of the page's theme; the theme's changes come by themselves.
    host.style.setProperty('color', 'var(--ink)', 'important')
    host.style.setProperty('font-family', 'var(--font)', 'important')
    this.root = host.attachShadow({ mode: 'closed' })
    const drawn = drawing(this.words, matchMedia('(max-width: 768px)').matches ? 13 : 14) as SVGElement
    drawn.style.setProperty('opacity', '0.09', 'important')
    drawn.style.setProperty('display', 'block', 'important')
    this.root.append(drawn)
    document.body.append(host)
    this.host = host
    // Taken out of the top layer it is still a part of the page: no mutation tells.
    host.addEventListener('toggle', () => this.host === host && !host.matches(':popover-open') && this.raise())
    this.raise()
    const all = { attributes: true, childList: true, characterData: true }
    this.watch.observe(this.root, { ...all, subtree: true })
    this.watch.observe(host, all)
    this.watch.observe(document.body, { childList: true, attributes: true, attributeFilter: ['open'], subtree: true })
  }
  /** What comes into the top layer later stands above: so it is entered anew. */
  private raise(): void {
    if (!this.host?.isConnected || typeof this.host.showPopover !== 'function') return
    if (this.host.matches(':popover-open')) this.host.hidePopover()
    this.host.showPopover()
  }
  private notice(records: MutationRecord[]): void {
    const isOurs = ({ target }: MutationRecord) => target === this.host || target.getRootNode() === this.root
    if (!this.host?.isConnected || records.some(isOurs)) return this.build()
    if (records.some(({ attributeName }) => attributeName === 'open')) this.raise()
  }
}
export const overlay = new Overlay()
