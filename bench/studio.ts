// A field is dragged to and fro among 200 others on the board of a form.
import { dragBench, send } from './dragging.ts'

const fields = 200
const kinds = ['text', 'date', 'integer', 'longText', 'unit', 'boolean', 'person', 'rating'] as const
const keyOf = (n: number): string => `x${String(n).padStart(6, '0')}`

export default dragBench({
  id: 'studio.longest_task_ms',
  among: fields,
  async open(page, url) {
    const content = {
      label: '很长的表单',
      title: keyOf(0),
      grants: [{ role: 'staffMember', actions: ['read', 'create'], scope: 'own' }],
      fields: Array.from({ length: fields }, (_, n) => ({
        key: keyOf(n),
        kind: kinds[n % kinds.length],
        label: `第 ${n + 1} 项`,
        options: {},
      })),
    }
    const { name } = await send<{ name: string }>(page, 'POST', '/api/designs/type', { content })
    await page.goto(new URL(`/designs/type/${name}`, url).href)
    await page.locator(`[data-key="${keyOf(0)}"]`).waitFor()
  },
  /** The second field behind the seventh, or back. */
  async drag(page, turn, watch) {
    const moved = page.locator(`[data-key="${keyOf(1)}"]`)
    const goal = page.locator(`[data-key="${keyOf(turn % 2 ? 0 : 7)}"]`)
    const before = await moved.getAttribute('data-part')
    await watch()
    await moved.dragTo(goal, { sourcePosition: { x: 40, y: 8 }, targetPosition: { x: 60, y: 60 } })
    await page.waitForFunction(({ key, was }) => document.querySelector(`[data-key="${key}"]`)?.getAttribute('data-part') !== was, { key: keyOf(1), was: before }) // prettier-ignore
  },
})
