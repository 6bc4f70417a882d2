import type { Handled } from '#kernel/model/flow/definition.ts'

/** What a step's people may do with a field. */
export const fieldRights = { hide: '隐藏', see: '只读', edit: '可填', require: '必填' } as const
export type FieldRight = keyof typeof fieldRights

export function rightOf(step: Handled, field: string): FieldRight {
  if (step.require.includes(field)) return 'require'
  if (step.mayEdit.includes(field)) return 'edit'
  return step.hide.includes(field) || !(step.see?.includes(field) ?? true) ? 'hide' : 'see'
}
/** The step with this right on these fields; what it says of others stays. */
export function withRight(step: Handled, fields: readonly string[], right: FieldRight): Handled {
  const others = (list: readonly string[]) => list.filter((one) => !fields.includes(one))
  const to = (list: readonly string[], is: boolean) => (is ? [...others(list), ...fields] : others(list))
  return {
    ...step,
    hide: to(step.hide, right === 'hide'),
    mayEdit: to(step.mayEdit, right === 'edit' || right === 'require'),
    require: to(step.require, right === 'require'),
    ...(step.see ? { see: to(step.see, right !== 'hide') } : {}),
  }
}
