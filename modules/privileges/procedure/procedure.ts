import { boolean, choice, reference, resource, text, type Row } from '#model'

/** 院内手术级别, in rising order. */
export const levels = {
  one: { label: '一级', alias: ['1', '1级', 'Ⅰ', 'I', 'Ⅰ级', 'I级', '一'] },
  two: { label: '二级', alias: ['2', '2级', 'Ⅱ', 'II', 'Ⅱ级', 'II级', '二'] },
  three: { label: '三级', alias: ['3', '3级', 'Ⅲ', 'III', 'Ⅲ级', 'III级', '三'] },
  four: { label: '四级', alias: ['4', '4级', 'Ⅳ', 'IV', 'Ⅳ级', 'IV级', '四'] },
} as const
export const operationTypes = { surgery: '手术', interventional: '介入治疗', therapeutic: '治疗性操作', diagnostic: '诊断性操作' } as const

/** A published code space as it came: one row per (code system, version, code). Never deleted by an import. */
export const standardProcedure = resource('privileges.standardProcedure', {
  label: '手术标准目录',
  title: 'name',
  fields: {
    codeSystem: text('编码体系', { required: true, max: 40, default: '医保版' }),
    codeVersion: text('版本', { required: true, max: 20, default: '2.0' }),
    code: text('手术编码', { required: true, max: 40, search: true }),
    name: text('手术名称', { required: true, max: 300, search: true }),
    operationType: choice('操作类型', operationTypes),
    drgValid: boolean('DRG 手术室手术', { help: 'CHS-DRG 1.1 计入手术室手术，不等于“是手术”' }),
    retired: boolean('新版已取消', { default: false }),
  },
  unique: [['codeSystem', 'codeVersion', 'code']],
  indexes: [['code']],
  list: {
    columns: ['code', 'name', 'codeSystem', 'codeVersion', 'operationType', 'drgValid'],
    filters: ['codeSystem', 'operationType', 'drgValid'],
    sort: ['code'],
  },
})

/** 院内手术目录: what this hospital has taken out of the code space, with its own level and marks. */
export const procedure = resource('privileges.procedure', {
  label: '院内手术目录',
  title: 'name',
  fields: {
    standard: reference('对照标准目录', 'privileges.standardProcedure', { onDelete: 'restrict' }),
    codeSystem: text('编码体系', { required: true, max: 40, from: 'standard.codeSystem', default: '医保版' }),
    codeVersion: text('版本', { required: true, max: 20, from: 'standard.codeVersion', default: '2.0' }),
    code: text('手术编码', { required: true, max: 40, search: true, from: 'standard.code' }),
    name: text('手术名称', { required: true, max: 300, search: true, from: 'standard.name' }),
    alias: text('别名', { max: 300, search: true, help: '常用叫法，多个用顿号隔开，如 LC、腹腔镜胆囊' }),
    level: choice('院内手术级别', levels),
    operationType: choice('操作类型', operationTypes, { default: 'surgery' }),
    restricted: boolean('限制类技术', { default: false }),
    minimallyInvasive: boolean('微创手术', { default: false }),
    interventional: boolean('介入手术', { default: false }),
    daySurgery: boolean('日间手术', { default: false }),
    titleCondition: choice(
      '职称准入',
      { junior: '初级及以上', intermediate: '中级及以上', associateSenior: '副高级及以上', senior: '正高级' },
      { help: '空 = 按级别的院内规定' },
    ),
    enabled: boolean('启用', { default: true }),
  },
  groups: [
    { label: '手术', fields: ['standard', 'code', 'name', 'alias', 'codeSystem', 'codeVersion'] },
    {
      label: '分级与标签',
      fields: ['level', 'operationType', 'restricted', 'minimallyInvasive', 'interventional', 'daySurgery', 'titleCondition', 'enabled'],
    },
  ],
  unique: [['codeSystem', 'codeVersion', 'code']],
  indexes: [['code'], ['level', 'code']],
  list: {
    columns: ['code', 'name', 'alias', 'level', 'operationType', 'restricted', 'enabled'],
    filters: ['level', 'operationType', 'restricted', 'enabled'],
    sort: ['code'],
    views: [
      { name: 'ungraded', label: '未定级', filter: { field: 'level', op: 'empty' } },
      { name: 'restricted', label: '限制类', filter: { field: 'restricted', op: 'eq', value: true } },
    ],
  },
})
export type Procedure = Row<typeof procedure>
