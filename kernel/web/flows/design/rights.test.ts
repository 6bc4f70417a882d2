import { expect, test } from 'vitest'
import { approve, headOf, type Handled } from '#kernel/model/flow/index.ts'
import { rightOf, withColumnRight, withRight, type FieldRight } from './rights.ts'

const columns = ['items.device', 'items.count', 'items.price']
const drawn = (more: Partial<Handled> = {}) => approve('head', '审核', { by: headOf(), ...more }) as Handled
const rights = (step: Handled) => ['items', ...columns].map((path) => rightOf(step, path))
const set = (step: Handled, ...picked: [string, FieldRight][]) =>
  picked.reduce((one, [column, right]) => withColumnRight(one, columns, `items.${column}`, right), step)

test('a column goes with its table until it is given a right of its own', () => {
  expect(rights(drawn())).toEqual(['see', 'see', 'see', 'see'])
  expect(rights(drawn({ mayEdit: ['items'] }))).toEqual(['edit', 'edit', 'edit', 'edit'])
  expect(rights(drawn({ hide: ['items'] }))).toEqual(['hide', 'hide', 'hide', 'hide'])
  expect(rights(drawn({ see: ['name'] }))).toEqual(['hide', 'hide', 'hide', 'hide'])
  expect(rights(drawn({ see: ['items.count'] }))).toEqual(['see', 'hide', 'see', 'hide'])
})
test('one column that is only read closes the rows: the others stay open', () => {
  const step = set(drawn({ mayEdit: ['items'] }), ['device', 'see'])
  expect([rights(step), step.mayEdit]).toEqual([
    ['see', 'see', 'edit', 'edit'],
    ['items.count', 'items.price'],
  ])
  // A hidden one does not: rows come and go without it.
  const hidden = set(drawn({ mayEdit: ['items'] }), ['price', 'hide'])
  expect([rights(hidden), hidden.mayEdit, hidden.hide]).toEqual([['edit', 'edit', 'edit', 'hide'], ['items'], ['items.price']])
})
test('a column of a hidden table alone shows the table with it; hidden one by one the table is hidden', () => {
  const step = set(drawn({ hide: ['items'], see: ['name'] }), ['price', 'require'])
  expect([rights(step), step.hide, step.require, step.see]).toEqual([
    ['see', 'hide', 'hide', 'require'],
    ['items.device', 'items.count'],
    ['items.price'],
    ['name', 'items'],
  ])
  const gone = set(step, ['price', 'hide'])
  expect([rights(gone), gone.hide, gone.mayEdit, gone.require, gone.see]).toEqual([
    ['hide', 'hide', 'hide', 'hide'],
    ['items'],
    [],
    [],
    ['name'],
  ])
})
test('a right of the whole table is that of all its columns again, and other fields keep theirs', () => {
  const step = set(drawn({ mayEdit: ['year'], hide: ['name'] }), ['price', 'edit'], ['count', 'hide'])
  const whole = withRight(step, ['items'], 'edit')
  expect([rights(whole), whole.mayEdit, whole.hide]).toEqual([['edit', 'edit', 'edit', 'edit'], ['year', 'items'], ['name']])
})
