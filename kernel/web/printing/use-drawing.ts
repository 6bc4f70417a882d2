import type { DesignAnswer, DesignProblem, PrintTemplate } from '#model'
import { useCallback, useState } from 'react'
import { designsKey, useStudio, type Studio } from '../studio/use-studio.ts'

/** Under the key of all designs: what is published anywhere makes them stale. */
export const templatesKey = [...designsKey, 'print-templates'] as const

/** A template that is being drawn, and which of its blocks is meant. */
export interface Drawing {
  studio: Studio<PrintTemplate>
  template: PrintTemplate
  selected: string | null
  select: (id: string | null) => void
  /** `about`: changes of one kind that follow one another are one step back. */
  change: (part: Partial<PrintTemplate>, about?: string) => void
  changeBlock: (id: string, part: object, about?: string) => void
  removeBlock: (id: string) => void
  /** What is wrong with this block; null: with all that is no block. */
  faultsOf: (id: string | null) => readonly DesignProblem[]
}
export function useDrawing(opened: DesignAnswer): Drawing {
  const studio = useStudio<PrintTemplate>(opened)
  const [selected, select] = useState<string | null>(null)
  const { content: template, problems, edit } = studio
  const change: Drawing['change'] = useCallback((part, about) => edit((before) => ({ ...before, ...part }), about), [edit])
  return {
    studio,
    template,
    selected,
    select,
    change,
    changeBlock: (id, part, about) =>
      edit(
        ({ blocks, ...before }) => ({ ...before, blocks: blocks.map((one) => (one.id === id ? { ...one, ...part } : one)) }),
        about && `${id} ${about}`,
      ),
    removeBlock: (id) => {
      select(null)
      edit(({ blocks, ...before }) => ({ ...before, blocks: blocks.filter((one) => one.id !== id) }))
    },
    faultsOf: (id) => problems.filter(({ field }) => (blockAt(template, field)?.id ?? null) === id),
  }
}
/** The block that a fault's place names: `blocks.3.text`. */
export function blockAt({ blocks }: PrintTemplate, place: string): PrintTemplate['blocks'][number] | undefined {
  const [head, at] = place.split('.')
  return head === 'blocks' ? blocks[Number(at)] : undefined
}
