// A step is dragged to and fro among 150 others in the drawing of a flow.
import { approve, flow, headOf, parallel, role, when, type Flow, type Step } from '#kernel/model/flow/index.ts'
import type { Filter } from '#model'
import { dragBench, send } from './dragging.ts'

const steps = 150

/** 150 steps, some of them in branches and side by side, as a large hospital's flow has them. */
function largeFlow(name: string): Flow<Filter> {
  let made = 0
  const next = (): Step<Filter> => approve(`a${++made}`, `第 ${made} 步审批`, { by: made % 2 ? headOf() : role('medicalOffice') })
  const list: Step<Filter>[] = []
  while (made < steps) {
    list.push(next())
    if (made + 4 <= steps && list.length % 6 === 0) list.push(when<Filter>({ field: 'kind', op: 'eq', value: 'renewal' }, [next(), next()], [next(), next()])) // prettier-ignore
    if (made + 2 <= steps && list.length % 10 === 9) list.push(parallel(`p${made}`, [[next()], [next()]]))
  }
  return flow<Filter>(name, { label: '很长的流程', steps: list })
}

export default dragBench({
  id: 'designer.longest_task_ms',
  among: steps,
  async open(page, url) {
    const made = await send<{ flow: string }>(page, 'POST', '/api/flow-designs', {
      resource: 'privileges.application',
      label: '很长的流程',
    })
    await send(page, 'PUT', `/api/flow-designs/${made.flow}`, { revision: 1, definition: largeFlow(made.flow), tests: [] })
    await page.goto(new URL(`/flows/design/${made.flow}`, url).href)
    await page.locator('[data-path="steps.0"]').waitFor()
  },
  /** The second step below the fourth, or back, with a way around in between. */
  async drag(page, turn, watch) {
    const [from, to] = turn % 2 ? ['steps.3', 'steps/1'] : ['steps.1', 'steps/4']
    const label = await page.locator(`[data-path="${from}"] b`).textContent()
    const at = (await page.locator(`[data-path="${from}"]`).boundingBox())!
    const goal = (await page.locator(`[data-slot="${to}"]`).boundingBox())!
    await watch()
    await page.mouse.move(at.x + at.width / 2, at.y + at.height / 2)
    await page.mouse.down()
    await page.mouse.move(at.x + at.width, at.y + at.height * 2, { steps: 20 })
    await page.mouse.move(goal.x + goal.width / 2, goal.y + goal.height / 2, { steps: 20 })
    await page.getByText('放在这里').waitFor()
    await page.mouse.up()
    await page.waitForFunction(({ path, name }) => document.querySelector(`[data-path="${path}"] b`)?.textContent === name, {
      path: turn % 2 ? 'steps.1' : 'steps.3',
      name: label,
    })
  },
})
