// One act of the approval engine on a long way: 150 steps, 200 lines, 500 past events. No I/O: the pure function alone.
import {
  approve,
  decide,
  flow,
  people,
  replay,
  type Act,
  type FlowEnvironment,
  type FlowEvent,
  type InstanceState,
} from '#kernel/model/flow/index.ts'
import { bench, claim, median } from './harness.ts'

const lines = Array.from({ length: 200 }, (_, nth) => `line${nth}`)
const steps = Array.from({ length: 150 }, (_, nth) =>
  approve(`s${nth}`, `第${nth}步`, { by: people('a', 'b', 'c'), mode: 'allOf', items: true }),
)
const definition = flow<never>('bench.flow', { label: 'bench', items: 'rows', steps })
const env: FlowEnvironment<never> = {
  now: '2026-03-02T09:00:00+08:00',
  today: '2026-03-02',
  record: { version: 1, items: lines },
  resolve: (decider) => (decider.kind === 'people' ? decider.people : []),
  isActive: () => true,
  evaluate: () => true,
  isFilled: () => true,
}
const instance = { id: 'i', number: 'N', flowVersion: 1 }
const verdicts = Object.fromEntries(lines.map((line) => [line, { say: 'pass' as const }]))

/** The acts of three people, one after another, until at least so many events lie behind. */
function history(events: number): { state: InstanceState; count: number } {
  const all: FlowEvent[] = []
  let state: InstanceState | undefined
  const take = (act: Act): void => {
    const result = decide(definition, state, act, env)
    if (!result.ok) throw new Error(result.refusal.code)
    ;[state] = [result.state]
    all.push(...result.events)
  }
  take({ kind: 'submit', actId: 'start', actor: 'doctor', applicant: 'doctor', seenVersion: 1, instance })
  while (all.length < events && state) {
    const task = state.tasks.find((one) => one.state === 'open')
    if (!task) break
    take({ kind: 'decideItems', actId: `a${all.length}`, actor: task.person, seenVersion: 1, task: task.id, verdicts })
  }
  return { state: replay(all), count: all.length }
}

export default bench({
  async run(ctx) {
    const { state, count } = history(500)
    const task = state.tasks.find((one) => one.state === 'open')
    if (!task) throw new Error('nothing is open')
    const once = (nth: number): void => {
      const act = { kind: 'decideItems' as const, actId: `x${nth}`, actor: task.person, seenVersion: 1, task: task.id, verdicts }
      if (!decide(definition, state, act, env).ok) throw new Error('refused')
    }
    const runs: number[] = []
    for (let run = 0; run < 7; run++) {
      for (let nth = 0; nth < 200; nth++) once(nth)
      const began = performance.now()
      for (let nth = 0; nth < 1000; nth++) once(nth)
      runs.push(performance.now() - began)
      ctx.log(`  run ${run + 1}   ${(runs.at(-1) ?? 0).toFixed(1)} µs an act   (${count} events before it)`)
    }
    return Promise.resolve([claim(ctx, 'engine.act_us', median(runs), 'µs', '<=200', { relative: true })])
  },
})
