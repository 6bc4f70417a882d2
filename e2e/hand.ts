import type { Locator } from 'playwright-core'
import type { Visitor } from './running.ts'

/** What a hand does that is not writing: a press (a click, or the begin of a drag), a key that writes nothing, an address that is gone to. */
type Act = 'press' | 'key' | 'cursor' | 'load'
const words: Readonly<Record<Act, string>> = { press: '点击和拖动', key: '按键', cursor: '未点而入', load: '打开地址' }

/**
 * Runs in the page before anything of it, and tells of every act as the page itself meets it: no step of a test gets by.
 * Text is free; but a cursor that neither a hand nor the page has put into a field counts as the click it would have taken.
 */
function listen(): void {
  const { tellAct } = window as unknown as { tellAct: (act: Act) => void }
  let isHand = false
  let isPage = false
  const focus = HTMLElement.prototype.focus
  HTMLElement.prototype.focus = function (...given) {
    isPage = true
    focus.apply(this, given)
    isPage = false
  }
  const on = <K extends keyof DocumentEventMap>(kind: K, then: (event: DocumentEventMap[K]) => void) =>
    document.addEventListener(kind, (event) => event.isTrusted && then(event), true)
  const modifiers = new Set(['Shift', 'Control', 'Alt', 'Meta'])
  on('pointerdown', () => {
    isHand = true
    tellAct('press')
  })
  on('keydown', ({ key, ctrlKey, metaKey, altKey }) => {
    isHand = true
    if (!modifiers.has(key) && (key.length > 1 || ctrlKey || metaKey || altKey)) tellAct('key')
  })
  // What a press or a key sets off, a label's click with it, is over a turn later.
  for (const kind of ['pointerup', 'pointercancel', 'dragend', 'keyup'] as const) on(kind, () => setTimeout(() => (isHand = false)))
  on('focusin', ({ target }) => {
    if (!isHand && !isPage && (target as Element).matches('input, textarea, [contenteditable]')) tellAct('cursor')
  })
  tellAct('load')
}

/** A tally of what one person does, over all his sittings, by part of his work. */
export class Tally {
  private readonly parts = new Map<string, Map<Act, number>>()
  private part = ''
  /** What follows belongs to this part of the work. */
  begin(part: string): void {
    this.part = part
    this.parts.set(part, this.parts.get(part) ?? new Map())
  }
  note(act: Act): void {
    const counts = this.parts.get(this.part)
    counts?.set(act, (counts.get(act) ?? 0) + 1)
  }
  get total(): number {
    return this.rows().reduce((sum, { all }) => sum + all, 0)
  }
  private rows() {
    return [...this.parts].map(([part, counts]) => ({ part, counts, all: [...counts.values()].reduce((sum, one) => sum + one, 0) }))
  }
  /** As a table: what each part took. */
  toString(): string {
    const kinds = Object.keys(words) as Act[]
    const line = (...cells: (string | number)[]) => `| ${cells.join(' | ')} |`
    return [
      line('部分', ...kinds.map((act) => words[act]), '合计'),
      line(...Array.from({ length: kinds.length + 2 }, () => '---')),
      ...this.rows().map(({ part, counts, all }) => line(part, ...kinds.map((act) => counts.get(act) ?? 0), all)),
      line('全部', ...kinds.map((act) => this.rows().reduce((sum, { counts }) => sum + (counts.get(act) ?? 0), 0)), this.total),
    ].join('\n')
  }
}

/** One sitting of somebody whose acts are counted: he comes to the first page, and goes on from there by hand. */
export class Hand {
  private readonly v: Visitor
  private constructor(v: Visitor) {
    this.v = v
  }
  static async of(v: Visitor, tally: Tally): Promise<Hand> {
    let isHere = false
    await v.page.exposeBinding('tellAct', (_, act: Act) => isHere && tally.note(act))
    await v.page.addInitScript(listen)
    await v.goto('/')
    await v.page.getByRole('navigation', { name: '主导航' }).waitFor()
    isHere = true
    return new Hand(v)
  }
  click = (what: Locator) => what.click()
  /** A drag is one act, as a click is. */
  drag = (what: Locator, to: Locator) => what.dragTo(to)
  press = (key: string) => this.v.page.keyboard.press(key)
  /** Enter, in the field that the cursor is in. */
  async enter(): Promise<void> {
    await this.isWriting()
    await this.press('Enter')
  }
  private isWriting = () => this.v.page.locator(':is(input, textarea, [contenteditable]):focus').waitFor({ state: 'attached' })
  /** Writes where the cursor is: in place of what is marked there. */
  async write(text: string): Promise<void> {
    await this.isWriting()
    await this.v.page.keyboard.insertText(text)
  }
  /** Clicks into a field and writes there in place of what it holds. */
  async fill(field: Locator, text: string): Promise<void> {
    await this.click(field)
    if (await field.inputValue()) await this.press('Control+a')
    await this.write(text)
  }
  /** Opens a list, finds in it by writing, takes what is found. */
  async choose(list: Locator, option: string): Promise<void> {
    await this.click(list)
    await this.click(this.v.page.locator('.ant-select-dropdown:visible').getByTitle(option, { exact: true }))
  }
}
