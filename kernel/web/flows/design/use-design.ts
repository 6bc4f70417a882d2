import type { FlowDesign, FlowProblem, FlowTestCase } from '#model'
import { startTransition, useCallback, useMemo, useState } from 'react'
import { api } from '../../api/client.ts'
import { begin, done, redone, undone, type History } from '../../parts/history.ts'
import { Keeping, type Kept, type Saving } from '../../parts/keeping.ts'
import { useKeeping } from '../../parts/use-keeping.ts'
import { stepAt, type Drawn } from './tree.ts'

export const designsKey = ['flow-designs'] as const
export const designUrl = (flow: string, rest = ''): string => `/api/flow-designs/${encodeURIComponent(flow)}${rest}`

/** What is drawn and tested: what is kept together, and taken back together. */
export interface Work {
  readonly definition: Drawn
  readonly tests: readonly FlowTestCase[]
}
export interface Designing {
  design: FlowDesign
  definition: Drawn
  tests: readonly FlowTestCase[]
  /** `about`: changes of one kind that follow one another are one step back. */
  edit: (definition: Drawn, about?: string) => void
  setTests: (tests: readonly FlowTestCase[], about?: string) => void
  undo: () => void
  redo: () => void
  mayUndo: boolean
  mayRedo: boolean
  /** The step whose panel is open; null: the flow's own. */
  selected: string | null
  select: (path: string | null) => void
  saving: Saving
  proved: Kept<Work, FlowProblem>['proved']
  /** Saves at once what waits; answers the revision that holds it, or null when it could not be saved. */
  flush: () => Promise<number | null>
  /** After a conflict: what the other saved, or one's own over it. */
  takeTheirs: () => Promise<void>
  keepMine: () => Promise<void>
  /** Says which type it is drawn for, where that is not known. */
  drawFor: (resource: string) => Promise<void>
  /** Begins again with what the server has. */
  reload: (design: FlowDesign) => void
}

/** A flow that is being drawn: its changes, kept on the server as they are made. */
export function useDesign(opened: FlowDesign): Designing {
  const [design, setDesign] = useState(opened)
  const [history, setHistory] = useState<History<Work>>(() => begin({ definition: opened.definition, tests: opened.tests }))
  const [selected, select] = useState<string | null>(null)
  const [{ saving, revision, proved }, keeping] = useKeeping(history.now, () => keepingOf(history.now, design))
  const change = useCallback(
    (part: Partial<Work>, about?: string) => setHistory((before) => done(before, { ...before.now, ...part }, about ?? null)),
    [],
  )
  const reload = useCallback(
    (next: FlowDesign) => {
      const work = { definition: next.definition, tests: next.tests }
      // What stands on the server and what is drawn change together.
      startTransition(() => {
        keeping.settle(work, next)
        setDesign(next)
        setHistory(begin(work))
        select(null)
      })
    },
    [keeping],
  )
  const { definition, tests } = history.now
  const newest = useCallback(() => api.get<FlowDesign>(designUrl(design.flow)), [design.flow])
  return useMemo(
    () => ({
      design: { ...design, revision },
      definition,
      tests,
      edit: (next, about) => change({ definition: next }, about),
      setTests: (next, about) => change({ tests: next }, about),
      undo: () => setHistory(undone),
      redo: () => setHistory(redone),
      mayUndo: history.past.length > 0,
      mayRedo: history.future.length > 0,
      selected: selected !== null && stepAt(definition, selected) ? selected : null,
      select,
      saving,
      proved,
      flush: () => keeping.save(),
      takeTheirs: async () => reload(await newest()),
      drawFor: async (resource) => {
        const at = await keeping.save()
        if (at !== null) reload(await api.put<FlowDesign>(designUrl(design.flow), { revision: at, definition, tests, resource }))
      },
      keepMine: async () => keeping.overwrite((await newest()).revision),
      reload,
    }),
    [design, revision, definition, tests, history, selected, saving, proved, change, newest, keeping, reload],
  )
}

function keepingOf(work: Work, design: FlowDesign): Keeping<Work, FlowProblem> {
  const url = designUrl(design.flow)
  return new Keeping(
    ({ definition, tests }, revision, isLeaving) => api.put<FlowDesign>(url, { revision, definition, tests }, isLeaving),
    work,
    design,
  )
}
