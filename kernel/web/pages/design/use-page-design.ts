import type { Page, PageBlock, Place } from '#model'
import { useCallback, useMemo, useState } from 'react'
import { begin, done, redone, undone, type History } from '../../parts/history.ts'
import { freeId, newBlock, sizeOf, type PaletteKey } from './kinds.tsx'
import { bottomOf, movedOnPhone, placed, risen } from './layout.ts'

export interface PageDesigning {
  page: Page
  selected: PageBlock | null
  select: (id: string | null) => void
  /** `about`: changes of one thing that follow one another are one step back. */
  edit: (part: Partial<Page>, about?: string) => void
  editBlock: (id: string, part: Partial<PageBlock>, about?: string) => void
  add: (key: PaletteKey, at: Pick<Place, 'x' | 'y'> | null) => void
  move: (id: string, place: Place) => void
  moveOnPhone: (id: string, by: number) => void
  copy: (id: string) => void
  remove: (id: string) => void
  undo: () => void
  redo: () => void
  mayUndo: boolean
  mayRedo: boolean
}
/** A page that is being drawn, with what was done and undone. */
export function usePageDesign(opened: Page, firstType: string): PageDesigning {
  const [history, setHistory] = useState<History<Page>>(() => begin(opened))
  const [selectedId, select] = useState<string | null>(null)
  const page = history.now
  const change = useCallback(
    (next: (page: Page) => Page, about: string | null = null) => setHistory((before) => done(before, next(before.now), about)),
    [],
  )
  const acts = useMemo(
    () => ({
      edit: (part: Partial<Page>, about?: string) => change((now) => ({ ...now, ...part }), about ?? null),
      editBlock: (id: string, part: Partial<PageBlock>, about?: string) =>
        change((now) => ({ ...now, blocks: now.blocks.map((one) => (one.id === id ? ({ ...one, ...part } as PageBlock) : one)) }), about ?? null), // prettier-ignore
      add: (key: PaletteKey, at: Pick<Place, 'x' | 'y'> | null) =>
        setHistory((before) => {
          const { blocks } = before.now
          const id = freeId(blocks)
          const [w, h] = sizeOf(key)
          const place = { ...(at ?? { x: 0, y: bottomOf(blocks) }), w, h }
          const like = blocks.findLast((one) => one.kind === 'chart')
          const block = newBlock(key, { id, place, phone: blocks.length, resource: like?.kind === 'chart' ? like.chart.resource : firstType }) // prettier-ignore
          select(id)
          return done(before, { ...before.now, blocks: placed([...blocks, block], id, place) })
        }),
      move: (id: string, place: Place) => change((now) => ({ ...now, blocks: placed(now.blocks, id, place) })),
      moveOnPhone: (id: string, by: number) => change((now) => ({ ...now, blocks: movedOnPhone(now.blocks, id, by) })),
      copy: (id: string) =>
        setHistory((before) => {
          const { blocks } = before.now
          const from = blocks.find((one) => one.id === id)
          if (!from) return before
          const fresh = freeId(blocks)
          const place = { ...from.place, y: from.place.y + from.place.h }
          const block = { ...from, id: fresh, place, phone: from.phone === null ? null : blocks.length, title: from.title && `${from.title.slice(0, 56)}（副本）` }
          select(fresh)
          return done(before, { ...before.now, blocks: placed([...blocks, block], fresh, place) })
        }),
      remove: (id: string) => {
        select(null)
        change((now) => ({ ...now, blocks: risen(now.blocks.filter((one) => one.id !== id)) }))
      },
      undo: () => setHistory(undone),
      redo: () => setHistory(redone),
    }),
    [change, firstType],
  ) // prettier-ignore
  return {
    ...acts,
    page,
    select,
    selected: page.blocks.find(({ id }) => id === selectedId) ?? null,
    mayUndo: history.past.length > 0,
    mayRedo: history.future.length > 0,
  }
}
