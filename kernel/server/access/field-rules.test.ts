import { expect, test } from 'vitest'
import { is, may, person, resource, text, unit, type FieldRules, type Grant, type ResolvedResource, type Scope } from '#model'
import { closedFields } from './field-rules.ts'

const file = resource('trial.file', {
  label: '档案',
  title: 'name',
  owner: { person: 'who', department: 'unit' },
  fields: {
    name: text('名称'),
    pay: text('薪级'),
    number: text('证号', { class: 'sensitive' }),
    who: person('人员'),
    unit: unit('科室'),
  },
})
const resolved: ResolvedResource = { ...file, table: file.name, ownFields: file.fields, owner: file.owner! }
const read = (scope: Scope, fields?: FieldRules): Grant => may.read(file, scope, fields)
const closed = (...grants: Grant[]) => {
  const { hidden, masked, readOnly, inOwn, inOthers } = closedFields(resolved, grants)
  const words = (keys: ReadonlySet<string> | undefined) => (keys ? [...keys].join() : null)
  return {
    hidden: words(hidden),
    masked: words(masked),
    readOnly: words(readOnly),
    own: words(inOwn?.hidden),
    others: words(inOthers?.hidden),
  }
}

test('a protected field is masked unless it is shown, and what one grant alone says holds', () => {
  expect(closed(read('hospital'))).toMatchObject({ hidden: '', masked: 'number' })
  expect(closed(read('hospital', { show: ['number'], hide: ['pay'] }))).toMatchObject({ hidden: 'pay', masked: '' })
  expect(closed(read('own', { mask: ['pay'] }))).toMatchObject({ hidden: '', masked: 'pay,number' })
})

test('the right to one’s own record opens nothing of others’, nor the other way round', () => {
  expect(closed(read('own'), read('myUnits', { hide: ['pay'] }))).toMatchObject({ hidden: 'pay', own: '', others: 'pay' })
  expect(closed(read('own', { hide: ['pay'] }), read('myUnits'))).toMatchObject({ hidden: 'pay', own: 'pay', others: '' })
  expect(closed(read('own', { show: 'all' }), read('myUnits'))).toMatchObject({ masked: 'number' })
})

test('a scope opens what another closes only where it reaches as far', () => {
  expect(closed(read('hospital', { hide: ['pay'] }), read('myUnits'))).toMatchObject({ hidden: 'pay' })
  expect(closed(read('hospital'), read('myUnits', { hide: ['pay'] }))).toMatchObject({ hidden: '' })
  expect(closed(read('myUnits', { hide: ['pay'] }), read('myUnits'))).toMatchObject({ hidden: '' })
  expect(closed(read('myZone', { show: 'all' }), read('myUnits'))).toMatchObject({ masked: 'number' })
  expect(closed(read(is('name', '甲'), { hide: ['pay'] }), read(is('name', '甲')))).toMatchObject({ hidden: '' })
  expect(closed(read(is('name', '甲'), { hide: ['pay'] }), read(is('name', '乙')))).toMatchObject({ hidden: 'pay' })
})

test('what one hides and another masks is masked, and nobody opens it whole', () => {
  expect(closed(read('hospital', { hide: ['pay'] }), read('hospital', { mask: ['pay'] }))).toMatchObject({
    hidden: '',
    masked: 'pay,number',
  })
})

test('what is only read stays so in the same way', () => {
  const update = (scope: Scope, readOnly: string[] = []) => may.update(file, scope, { readOnly })
  expect(closed(update('own'), update('myUnits', ['pay']))).toMatchObject({ readOnly: 'pay' })
  expect(closed(update('hospital'), update('myUnits', ['pay']))).toMatchObject({ readOnly: '' })
})
