import type { Handled } from '#kernel/model/flow/definition.ts'
import { isOpen, isShown, tableOf } from '#kernel/model/flow/shown.ts'

/** What a step's people may do with a field, or a column of a sub-table (`items.level`). */
export const fieldRights = { hide: '隐藏', see: '只读', edit: '可填', require: '必填' } as const
export type FieldRight = keyof typeof fieldRights

export function rightOf(step: Handled, path: string): FieldRight {
  if (step.require.includes(path)) return 'require'
  if (isOpen(step, path)) return 'edit'
  return isShown(step, path) ? 'see' : 'hide'
}
/** The step with this right on these fields, and on all columns of those that are sub-tables; what it says of others stays. */
export function withRight(step: Handled, fields: readonly string[], right: FieldRight): Handled {
  const others = (list: readonly string[]) => list.filter((one) => !fields.includes(tableOf(one) ?? one))
  const to = (list: readonly string[], is: boolean) => (is ? [...others(list), ...fields] : others(list))
  return {
    ...step,
    hide: to(step.hide, right === 'hide'),
    mayEdit: to(step.mayEdit, right === 'edit' || right === 'require'),
    require: to(step.require, right === 'require'),
    ...(step.see ? { see: to(step.see, right !== 'hide') } : {}),
  }
}
/** The step with this right on one of a sub-table's columns. Rows come and go only where all columns that are seen may be filled. */
export function withColumnRight(step: Handled, columns: readonly string[], column: string, right: FieldRight): Handled {
  const table = tableOf(column)!
  const those = (...rights: FieldRight[]) => columns.filter((one) => rights.includes(one === column ? right : rightOf(step, one)))
  const others = (list: readonly string[]) => list.filter((one) => (tableOf(one) ?? one) !== table)
  const isGone = those('hide').length === columns.length
  const isWhole = !isGone && step.mayEdit.includes(table) && those('see').length === 0
  return {
    ...step,
    hide: [...others(step.hide), ...(isGone ? [table] : those('hide'))],
    mayEdit: [...others(step.mayEdit), ...(isWhole ? [table] : those('edit', 'require'))],
    require: [...others(step.require), ...(isWhole && step.require.includes(table) ? [table] : []), ...those('require')],
    ...(step.see ? { see: [...others(step.see), ...(isGone ? [] : [table])] } : {}),
  }
}
