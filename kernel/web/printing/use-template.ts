import type { DesignAnswer, DesignProblem, PrintTemplate } from '#model'
import { useEffect, useRef, useState } from 'react'
import { api } from '../api/client.ts'
import { messageOf } from '../api/problem.ts'
import { begin, done, redone, undone } from '../parts/history.ts'

export const templatesKey = ['print-templates'] as const
export const urlOf = (name: string): string => `/api/designs/print/${encodeURIComponent(name)}`
/** So long after the last change it is saved. */
const rest = 600

export interface Drawing {
  template: PrintTemplate
  problems: readonly DesignProblem[]
  saving: 'saved' | 'waiting' | 'failed'
  /** Why it could not be saved. */
  trouble: string
  revision: number
  version: number | null
  isDraft: boolean
  selected: string | null
  select: (id: string | null) => void
  /** `about`: changes of one kind that follow one another are one step back. */
  change: (part: Partial<PrintTemplate>, about?: string) => void
  changeBlock: (id: string, part: object, about?: string) => void
  undo: () => void
  redo: () => void
  mayUndo: boolean
  mayRedo: boolean
  /** Saves at once what waits; false when it could not be. */
  flush: () => Promise<boolean>
  settle: (answer: DesignAnswer) => void
}
/** A template that is being drawn: its changes, kept on the server as they are made. */
export function useTemplate(opened: DesignAnswer): Drawing {
  const [history, setHistory] = useState(() => begin(opened.content as PrintTemplate))
  const [answer, setAnswer] = useState(opened)
  const [selected, select] = useState<string | null>(null)
  const [saving, setSaving] = useState<Drawing['saving']>('saved')
  const [trouble, setTrouble] = useState('')
  const kept = useRef({ content: opened.content, revision: opened.revision })
  const latest = useRef(history.now)
  latest.current = history.now
  const working = useRef<Promise<boolean> | null>(null)
  async function save(): Promise<boolean> {
    const content = latest.current
    if (kept.current.content === content) return true
    try {
      const next = await api.put<DesignAnswer>(urlOf(opened.name), { content, revision: kept.current.revision })
      kept.current = { content, revision: next.revision }
      setAnswer(next)
      setTrouble('')
      if (latest.current !== content) return await save()
      setSaving('saved')
      return true
    } catch (error) {
      setTrouble(messageOf(error))
      setSaving('failed')
      return false
    }
  }
  // One after the other: each knows the revision of the one before.
  const flush = () => (working.current ??= save().finally(() => (working.current = null)))
  useEffect(() => {
    if (kept.current.content === history.now) return
    setSaving('waiting')
    const timer = setTimeout(() => void flush(), rest)
    return () => clearTimeout(timer)
    // Saved when it has changed, by whatever saves then.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [history.now])
  const change: Drawing['change'] = (part, about) => setHistory((before) => done(before, { ...before.now, ...part }, about ?? null))
  return {
    template: history.now,
    problems: answer.problems,
    saving,
    trouble,
    revision: answer.revision,
    version: answer.version,
    isDraft: answer.isDraft,
    selected,
    select,
    change,
    changeBlock: (id, part, about) =>
      setHistory((before) =>
        done(
          before,
          { ...before.now, blocks: before.now.blocks.map((one) => (one.id === id ? { ...one, ...part } : one)) },
          about ? `${id} ${about}` : null,
        ),
      ),
    undo: () => setHistory(undone),
    redo: () => setHistory(redone),
    mayUndo: history.past.length > 0,
    mayRedo: history.future.length > 0,
    flush,
    settle: (next) => {
      kept.current = { content: latest.current, revision: next.revision }
      setAnswer(next)
    },
  }
}
