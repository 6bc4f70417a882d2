import { App } from 'antd'
import { bounds } from '#kernel/model/flow/definition.ts'
import { useWorld } from './context.ts'
import { copied, inserted, labelOf, mayInsert, pathOf, removed, slotOf, stepAt, type DrawnStep, type Slot } from './tree.ts'

// Beyond one page: a step copied here is put into another flow.
let board: DrawnStep | null = null

/** Copying, cutting, pasting and deleting the step that is chosen. */
export function useClipboard() {
  const { definition, edit, selected, select } = useWorld()
  const { message } = App.useApp()
  const copy = () => {
    if (selected !== null) board = stepAt(definition, selected) ?? board
  }
  const remove = () => {
    if (selected === null) return
    edit(removed(definition, selected))
    const { list, at } = slotOf(selected)
    select(at > 0 ? pathOf({ list, at: at - 1 }) : null)
  }
  const paste = (slot: Slot) => {
    if (!board) return
    if (!mayInsert(definition, slot, board))
      return void message.warning(`这里放不下：最多嵌套 ${bounds.nested} 层，共 ${bounds.steps} 个步骤`)
    edit(inserted(definition, slot, copied(definition, board)))
    select(pathOf(slot))
  }
  /** Behind the step that is chosen, else at the end. */
  const slotBehind = (): Slot => {
    if (selected === null) return { list: 'steps', at: definition.steps.length }
    const { list, at } = slotOf(selected)
    return { list, at: at + 1 }
  }
  return { held: board && labelOf(board), copy, cut: () => (copy(), remove()), paste, remove, slotBehind }
}
