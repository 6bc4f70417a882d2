import { group, may, module, page } from './module.ts'

/** 数据字典: what every table and column of the database means, read from the declarations and from the database itself. */
export const dictionaryModule = module('dictionary', {
  label: '数据字典',
  rights: { 'dictionary.read': '数据字典：查看和下载数据库表结构说明' },
  roles: { systemOfficer: [may.use('dictionary.read')] },
  menu: [group('系统', [page('/dictionary', '数据字典', 'dictionary.read', { icon: 'read' })])],
})

/** GET /api/dictionary; GET /api/dictionary/file?format=xlsx|csv the same, a line a column. */
export interface DictionaryAnswer {
  tables: DictionaryTable[]
}
export interface DictionaryTable {
  /** `staff.practitioner` as the database calls it. */
  name: string
  label: string
  /** What part of the product it belongs to. */
  module: string
  /** Record types whose rows it holds, by label; empty for a table of the program's own. */
  resources: string[]
  columns: DictionaryColumn[]
  indexes: { name: string; definition: string; isUnique: boolean }[]
}
export interface DictionaryColumn {
  name: string
  /** The database's type. */
  type: string
  isRequired: boolean
  label: string
  /** The kind of field; empty where the column is the program's own. */
  kind: string
  isProtected: boolean
  /** Table whose rows it names. */
  refers: string | null
  /** Choices, limits, help, formula: what a value may be and means. */
  note: string
}
