import { expect, test } from 'vitest'
import { person, phone, resource, rows, text, type ClientDefinitions, type ClientResource, type Filter } from '#model'
import { Catalog } from '../definitions/catalog.ts'
import { splitProtected } from './split-protected.ts'

const someone = resource('directory.person', { label: '人员', title: 'name', fields: { name: text('姓名'), mobile: phone('手机') } })
const complaint = resource('trial.complaint', {
  label: '投诉',
  title: 'name',
  fields: {
    name: text('名称'),
    phone: phone('电话'),
    hotline: phone('热线', { class: 'internal' }),
    account: text('账号', { class: 'sensitive' }),
    by: person('登记人'),
    contacts: rows('联系人', { who: text('姓名'), phone: phone('电话') }),
  },
})
const catalog = new Catalog({ version: '1', resources: [someone, complaint], menu: [], units: [] } as unknown as ClientDefinitions)
const split = (filter: Filter) => splitProtected(catalog, complaint as unknown as ClientResource, filter)
const [open, protectedOnes] = [
  [{ field: 'name', op: 'contains', value: '甲' }, { field: 'hotline', op: 'eq', value: '01012345678' }, { field: 'by.name', op: 'eq', value: '张三' }, { some: 'contacts', where: { field: 'who', op: 'eq', value: '李四' } }],
  [{ field: 'phone', op: 'eq', value: '13812345678' }, { field: 'account', op: 'eq', value: '6222' }, { field: 'by.mobile', op: 'eq', value: '13912345678' }, { some: 'contacts', where: { field: 'phone', op: 'eq', value: '13712345678' } }, { or: [{ field: 'name', op: 'eq', value: '乙' }, { not: { field: 'phone', op: 'empty' } }] }],
] as unknown as readonly Filter[][] // prettier-ignore

test('conditions on protected fields, by their kind or class, through references and in sub-tables, stay out of the address; others stand in it', () => {
  expect(split({ and: [...open!, ...protectedOnes!] })).toEqual({ open: { and: open }, closed: { and: protectedOnes } })
  for (const one of protectedOnes!) expect(split(one)).toEqual({ open: null, closed: one })
  for (const one of open!) expect(split(one)).toEqual({ open: one, closed: null })
})
