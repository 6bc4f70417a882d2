import type { Task } from './index.ts'
import { claimable, isEnded, isHandled, liveLines, waitsFor } from './index.ts'
import { handledStep, planOf } from './plan.ts'
import { agrees } from './testing-slow.ts'
import { choice } from './testing-tries.ts'
import type { Story } from './testing.ts'
import { later } from './testing.ts'

/** Everybody does his duty and the administrator repairs: the request must end. */
export function bringToEnd(story: Story): void {
  const { world: w } = story
  w.left = []
  w.administrators = ['admin']
  delete w.after
  for (let turn = 0; !isEnded(story.state); turn++) {
    if (turn > 400) throw new Error(`never ends: ${JSON.stringify(story.state.entries)}`)
    w.now = later(30, w.now)
    const { state } = story
    const open = state.tasks.find((task) => task.state === 'open')
    const quiet = state.entries.find((entry) => !isHandled(entry))
    const pool = state.entries.find((entry) => claimable(state, entry).length > 0)
    const stuck = state.entries.find((entry) => entry.stuck)
    if (state.status === 'returned') story.act(state.applicant, { kind: 'resubmit', chosen: choice(story, 'patient') })
    else if (quiet?.stuck) story.act('admin', { kind: 'repair', entry: quiet.id, how: 'skip', opinion: 'f' })
    else if (quiet) story.act('system', { kind: quiet.kind === 'timer' ? 'elapse' : 'serviceDone', entry: quiet.id })
    else if (open) finishTask(story, open)
    else if (pool) story.act(claimable(state, pool)[0] ?? '', { kind: 'claim', entry: pool.id })
    else if (stuck?.stuck === 'quorumImpossible' || (stuck && typeof handledStep(planOf(story.definition), stuck.step).mode === 'object'))
      story.act('admin', { kind: 'terminate', opinion: 't' })
    else if (stuck) story.act('admin', { kind: 'repair', entry: stuck.id, how: 'assign', people: [`fresh${turn}`], opinion: 'f' })
    else throw new Error(`waits for nobody: ${JSON.stringify(waitsFor(state))}`)
    agrees(story)
  }
}
function finishTask(story: Story, task: Task): void {
  const step = handledStep(planOf(story.definition), task.step)
  const stay = story.state.entries.find((one) => one.id === task.entry)
  const isAsked = task.via === 'delegate' || stay?.added.some((one) => one.person === task.person)
  const isSeal = step.kind === 'seal' && !isAsked
  if (isSeal) story.act(task.person, { kind: 'seal', copies: 1, task: task.id })
  else if (isAsked || step.acts.includes('approve')) story.act(task.person, { kind: 'approve', task: task.id })
  else {
    const open = liveLines(story.state, stay?.track).filter(([, line]) => line.state === 'open')
    story.act(task.person, {
      kind: 'decideItems',
      task: task.id,
      verdicts: Object.fromEntries(open.map(([item]) => [item, { say: 'pass' }])),
    })
  }
}

/** The whole history once more, from its first event, as it would be read from a store. */
export function proveAgain(story: Story): void {
  story.replayed()
  agrees(story, 'afresh')
}
