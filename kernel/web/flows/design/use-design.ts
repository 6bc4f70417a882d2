import type { FlowDesign, FlowProblem, FlowTestCase } from '#model'
import { startTransition, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { api } from '../../api/client.ts'
import { isStatus, messageOf } from '../../api/problem.ts'
import { keepBeforeLeaving } from '../../api/leave.ts'
import { begin, done, redone, undone, type History } from './history.ts'
import { stepAt, type Drawn } from './tree.ts'

export const designsKey = ['flow-designs'] as const
export const designUrl = (flow: string, rest = ''): string => `/api/flow-designs/${encodeURIComponent(flow)}${rest}`

/** What is drawn and tested: what is kept together, and taken back together. */
interface Work {
  readonly definition: Drawn
  readonly tests: readonly FlowTestCase[]
}
export type Saving = { state: 'saved' | 'waiting' | 'saving' } | { state: 'failed' | 'conflict'; why: string }
export interface Designing {
  design: FlowDesign
  definition: Drawn
  tests: readonly FlowTestCase[]
  /** `about`: changes of one kind that follow one another are one step back. */
  edit: (definition: Drawn, about?: string) => void
  setTests: (tests: readonly FlowTestCase[]) => void
  undo: () => void
  redo: () => void
  mayUndo: boolean
  mayRedo: boolean
  /** The step whose panel is open; null: the flow's own. */
  selected: string | null
  select: (path: string | null) => void
  saving: Saving
  /** What the server said of the definition as it was kept last. */
  proved: { definition: Drawn; problems: readonly FlowProblem[] }
  /** Saves at once what waits; answers the revision that holds it, or null when it could not be saved. */
  flush: () => Promise<number | null>
  /** After a conflict: what the other saved, or one's own over it. */
  takeTheirs: () => Promise<void>
  keepMine: () => Promise<void>
  /** Begins again with what the server has. */
  reload: (design: FlowDesign) => void
}

/** A flow that is being drawn: its changes, kept on the server as they are made. */
export function useDesign(opened: FlowDesign): Designing {
  const [design, setDesign] = useState(opened)
  const [history, setHistory] = useState<History<Work>>(() => begin({ definition: opened.definition, tests: opened.tests }))
  const [selected, select] = useState<string | null>(null)
  const { saving, revision, proved, flush, overwrite, settle } = useKeeping(history.now, design)
  const change = useCallback(
    (part: Partial<Work>, about?: string) => setHistory((before) => done(before, { ...before.now, ...part }, about ?? null)),
    [],
  )
  const reload = useCallback(
    (next: FlowDesign) => {
      const work = { definition: next.definition, tests: next.tests }
      settle(work, next)
      setDesign(next)
      setHistory(begin(work))
      select(null)
    },
    [settle],
  )
  const { definition, tests } = history.now
  const newest = useCallback(() => api.get<FlowDesign>(designUrl(design.flow)), [design.flow])
  return useMemo(
    () => ({
      design: { ...design, revision },
      definition,
      tests,
      edit: (next, about) => change({ definition: next }, about),
      setTests: (next) => change({ tests: next }),
      undo: () => setHistory(undone),
      redo: () => setHistory(redone),
      mayUndo: history.past.length > 0,
      mayRedo: history.future.length > 0,
      selected: selected !== null && stepAt(definition, selected) ? selected : null,
      select,
      saving,
      proved,
      flush,
      takeTheirs: async () => reload(await newest()),
      keepMine: async () => overwrite((await newest()).revision),
      reload,
    }),
    [design, revision, definition, tests, history, selected, saving, proved, change, flush, newest, overwrite, reload],
  )
}

/** Keeps the draft a moment after each change, and at once when the page is left; one saving after the other. */
function useKeeping(work: Work, { flow, revision: first, problems }: FlowDesign) {
  const [saving, setSaving] = useState<Saving>({ state: 'saved' })
  const [revision, setRevision] = useState(first)
  const [proved, setProved] = useState({ definition: work.definition, problems: problems })
  const held = useRef({ work, saved: work, revision: first, running: null as Promise<number | null> | null, isStale: false })
  useEffect(() => void (held.current.work = work), [work])
  const save = useCallback(
    async (isLeaving = false): Promise<number | null> => {
      const at = held.current
      if (at.running) await at.running
      if (at.isStale) return null
      if (at.saved === at.work) return at.revision
      const { work: now } = at
      const body = { revision: at.revision, definition: now.definition, tests: now.tests }
      const run = async () => {
        try {
          if (!isLeaving) startTransition(() => setSaving({ state: 'saving' }))
          const answer = await api.put<FlowDesign>(designUrl(flow), body, isLeaving)
          at.saved = now
          at.revision = answer.revision
          startTransition(() => {
            setRevision(answer.revision)
            setProved({ definition: now.definition, problems: answer.problems })
            setSaving({ state: at.work === now ? 'saved' : 'waiting' })
          })
          return answer.revision
        } catch (error) {
          at.isStale = isStatus(error, 409)
          setSaving({ state: at.isStale ? 'conflict' : 'failed', why: messageOf(error) })
          return null
        } finally {
          at.running = null
        }
      }
      at.running = run()
      return at.running
    },
    [flow],
  )
  useEffect(() => {
    const { saved, running, isStale } = held.current
    if (isStale) return
    // Taken back to what is kept; unless something else is on its way there.
    if (saved === work && !running) return setSaving({ state: 'saved' })
    startTransition(() => setSaving({ state: 'waiting' }))
    const timer = setTimeout(() => void save(), 700)
    return () => clearTimeout(timer)
  }, [work, save])
  useEffect(() => {
    const leave = async () => void (await save(true))
    const hide = () => document.visibilityState === 'hidden' && void leave()
    document.addEventListener('visibilitychange', hide)
    const stop = keepBeforeLeaving(leave)
    return () => {
      stop()
      document.removeEventListener('visibilitychange', hide)
      void leave()
    }
  }, [save])
  const overwrite = useCallback(
    async (newest: number) => {
      Object.assign(held.current, { revision: newest, isStale: false, saved: null })
      await save()
    },
    [save],
  )
  const settle = useCallback((saved: Work, { revision: newest, problems: found }: FlowDesign) => {
    Object.assign(held.current, { work: saved, saved, revision: newest, isStale: false })
    setRevision(newest)
    setProved({ definition: saved.definition, problems: found })
    setSaving({ state: 'saved' })
  }, [])
  return { saving, revision, proved, flush: save, overwrite, settle }
}
