import { expect, test } from 'vitest'
import { productDefinitions } from '#app/definitions.ts'
import type { DesignKindName } from '#kernel/model/designs/index.ts'
import { leaveOut } from './leave-out.ts'

const defs = productDefinitions()
const someone = '018f0000-0000-7000-8000-000000000001'
const of = (kind: DesignKindName, content: unknown) => leaveOut(defs, { kind, name: 'custom.tabc123', content })
const automation = (more: object) => ({
  label: '提醒',
  resource: 'staff.title',
  when: { kind: 'created' },
  where: null,
  was: null,
  acts: [],
  runsAs: null,
  ...more,
})

test('as whom it runs and where it calls is left here, and what is left out is said; nothing else is touched', () => {
  const call = { kind: 'webhook', url: 'https://oa.hospital.cn/hook?key=secret', fields: ['name'] }
  const { content, leftOut } = of('automation', automation({ runsAs: someone, acts: [call] }))
  expect(content).toEqual(automation({ acts: [{ ...call, url: '' }] }))
  expect(leftOut.slice(0, 2)).toEqual(['1 处指定的人员、科室等本院记录', '1 处其他系统的地址'])
  const plain = automation({ acts: [{ kind: 'webhook', url: '', fields: [] }] })
  expect(of('automation', plain)).toEqual({ content: plain, leftOut: [] })
})

test('people leave a list; a condition that cannot stand without its person goes, and so no id stays wherever it stands', () => {
  const acts = [
    { kind: 'message', whom: [{ who: 'people', people: [someone, someone], gathered: false }, { who: 'owner', gathered: false }], title: '有新的', text: '' },
    { kind: 'create', resource: 'staff.title', values: [{ field: 'practitioner', value: { from: 'constant', value: [someone, { deep: `person:${someone}` }] } }] },
  ]
  const where = { and: [{ field: 'practitioner', op: 'in', value: [someone] }, { field: 'title', op: 'eq', value: '主治' }] }
  const { content } = of('automation', automation({ acts, where }))
  expect(JSON.stringify(content)).not.toContain(someone)
  expect(content).toMatchObject({ acts: [{ whom: [{ who: 'people', people: [] }, { who: 'owner' }] }, { kind: 'create' }] })
  expect(JSON.stringify(content)).toContain('主治')
}) // prettier-ignore

test('a field whose default is somebody of here loses the default, not itself', () => {
  const type = {
    label: '登记',
    title: 'xname01',
    fields: [{ key: 'xname01', kind: 'text', label: '名称', options: {} }, { key: 'xwho001', kind: 'person', label: '负责人', default: someone, options: {} }],
  } // prettier-ignore
  const { content, leftOut } = of('type', type)
  expect(content).toMatchObject({ fields: [{ key: 'xname01' }, { key: 'xwho001', label: '负责人' }] })
  expect(JSON.stringify(content)).not.toContain(someone)
  expect(leftOut[0]).toBe('1 处指定的人员、科室等本院记录')
})
