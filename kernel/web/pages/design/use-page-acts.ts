import type { Page, PageBlock, Place } from '#model'
import { useMemo, useState } from 'react'
import type { Studio } from '../../studio/use-studio.ts'
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
}
/** What is done with a page that is being drawn. */
export function usePageActs({ content: page, edit }: Studio<Page>, firstType: string): PageDesigning {
  const [selectedId, select] = useState<string | null>(null)
  return useMemo(() => {
    const withBlocks = (next: (blocks: readonly PageBlock[]) => readonly PageBlock[], about?: string) =>
      edit((now) => ({ ...now, blocks: next(now.blocks) }), about)
    const put = (block: PageBlock) => {
      withBlocks((blocks) => placed([...blocks, block], block.id, block.place))
      select(block.id)
    }
    return {
      page,
      selected: page.blocks.find(({ id }) => id === selectedId) ?? null,
      select,
      edit: (part, about) => edit((now) => ({ ...now, ...part }), about),
      editBlock: (id, part, about) =>
        withBlocks((blocks) => blocks.map((one) => (one.id === id ? ({ ...one, ...part } as PageBlock) : one)), about),
      add: (key, at) => {
        const { blocks } = page
        const [w, h] = sizeOf(key)
        const place = { ...(at ?? { x: 0, y: bottomOf(blocks) }), w, h }
        const like = blocks.findLast((one) => one.kind === 'chart')
        const resource = like?.kind === 'chart' ? like.chart.resource : firstType
        put(newBlock(key, { id: freeId(blocks), place, phone: blocks.length, resource }))
      },
      move: (id, place) => withBlocks((blocks) => placed(blocks, id, place)),
      moveOnPhone: (id, by) => withBlocks((blocks) => movedOnPhone(blocks, id, by)),
      copy: (id) => {
        const { blocks } = page
        const from = blocks.find((one) => one.id === id)
        if (!from) return
        const place = { ...from.place, y: from.place.y + from.place.h }
        const title = from.title && `${from.title.slice(0, 56)}（副本）`
        put({ ...from, id: freeId(blocks), place, phone: from.phone === null ? null : blocks.length, title })
      },
      remove: (id) => {
        select(null)
        withBlocks((blocks) => risen(blocks.filter((one) => one.id !== id)))
      },
    }
  }, [page, edit, selectedId, firstType])
}
