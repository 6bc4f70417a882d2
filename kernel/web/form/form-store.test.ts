import { choice, date, decimal, formula, integer, rows, text, type ClientResource, type Fields } from '#model'
import { describe, expect, test, vi } from 'vitest'
import { FormStore } from './form-store.ts'

const fields: Fields = {
  name: text('名称', { required: true, max: 4 }),
  status: choice('状态', { active: '有效', suspended: '暂停' }, { required: true }),
  suspendedFrom: date('暂停自', { visibleWhen: 'status == "suspended"', requiredWhen: 'status == "suspended"' }),
  from: date('起'),
  to: date('止'),
  fee: decimal('费用', 2),
  count: integer('次数'),
  twice: formula('两倍', 'count * 2', 'integer'),
  lines: rows('明细', { item: text('项目') }),
}
const resource = {
  name: 'test.thing', moduleLabel: '', module: 'test', label: '东西', title: 'name', fields, owner: {}, groups: [], list: { columns: [] },
  rules: [{ at: 'to', holds: 'to == null || from == null || to >= from', message: '止不能早于起' }],
  may: { read: true, create: true, update: true, delete: true, import: true, export: true, writeDirectly: false }, masked: [], openable: [], readOnly: [],
} satisfies ClientResource // prettier-ignore
const filled = { name: '甲', status: 'active' }

describe('a form', () => {
  test('says nothing of a field that nobody has left yet', () => {
    const form = new FormStore(resource, {})
    expect(form.state('name').problem).toBeNull()
    form.touch('name')
    expect(form.state('name').problem).toBe('请填写名称')
  })
  test('S3 sends what was done to which row of a sub-table, never the whole array', () => {
    const [a, b] = [{ id: 'a', item: '甲' }, { id: 'b', item: '乙' }] // prettier-ignore
    const form = new FormStore(resource, { ...filled, lines: [a, b] })
    form.set('lines', [b, { ...a, item: '丙' }, { id: 'c', item: '丁' }])
    expect(form.patch()).toEqual({
      lines: { add: [{ id: 'c', item: '丁' }], change: { a: { item: '丙' } }, move: [{ id: 'b', after: null }] },
    })
    form.set('lines', null)
    expect(form.patch()).toEqual({ lines: { remove: ['a', 'b'] } })
  })
  test('tells only the fields that a change concerns', () => {
    const form = new FormStore(resource, filled)
    const [suspended, fee] = [vi.fn<() => void>(), vi.fn<() => void>()]
    form.subscribe('suspendedFrom', suspended)
    form.subscribe('fee', fee)
    form.set('status', 'suspended')
    expect(suspended).toHaveBeenCalledOnce()
    expect(fee).not.toHaveBeenCalled()
    expect(form.state('suspendedFrom')).toMatchObject({ isVisible: true, isRequired: true })
  })
  test('does not send what its rules hide', () => {
    const form = new FormStore(resource, {}, { ...filled, status: 'suspended', suspendedFrom: '2026-05-03' })
    form.set('status', 'active')
    expect(form.filled()).toEqual(filled)
  })
  test('computes formulas while typing and sends none', () => {
    const form = new FormStore(resource, filled)
    form.set('count', 21)
    expect(form.state('twice').value).toBe(42)
    expect(form.changes()).toEqual({ count: 21 })
  })
  test('judges a rule over two fields whichever of them changed last', () => {
    const form = new FormStore(resource, filled, { from: '2026-05-03', to: '2026-06-01' })
    form.touch('to')
    expect(form.state('to').problem).toBeNull()
    form.set('from', '2026-07-01')
    expect(form.state('to').problem).toBe('止不能早于起')
  })
  test('does not judge a stored value that was not touched, so a masked one passes', () => {
    const form = new FormStore(resource, { ...filled, name: '一二三四五六七' })
    expect(form.check()).toEqual([])
  })
  test('shows what the server found at its place until the field changes', () => {
    const form = new FormStore(resource, filled, { lines: [{ item: '甲' }] })
    expect(form.tell([{ field: 'lines.0.item', message: '已停用' }])).toEqual(['lines'])
    expect(form.problemAt('lines.0.item')).toBe('已停用')
    form.set('lines', [{ item: '乙' }])
    expect(form.problemAt('lines.0.item')).toBeNull()
  })
  test('emptied and never filled are the same', () => {
    const form = new FormStore(resource, filled)
    form.set('fee', null)
    form.set('lines', [])
    expect(form.isDirty).toBe(false)
  })
})
