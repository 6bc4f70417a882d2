import {
  autoNumber,
  boolean,
  date,
  files,
  integer,
  is,
  reference,
  references,
  resource,
  rows,
  text,
  unit,
  whereOwn,
  type Row,
} from '#model'
import { takenBack } from '../merger/merger.ts'

/** 科室拆分: from a day on some of a unit's people, and what stood under it, belong to other units, new or there already; what was before stays as it was. */
export const split = resource('organisation.split', {
  label: '科室拆分',
  title: 'number',
  owner: { department: 'unit' },
  fields: {
    number: autoNumber('编号', 'CF'),
    unit: unit('拆分的科室', { required: true }),
    from: date('生效日期', { required: true, default: 'today', help: '以前的统计仍按原科室；生效后三天内可以撤销' }),
    closes: boolean('拆分后停用原科室', { default: false, help: '停用时，原科室的每个人、每个下级科室都要安排去处' }),
    parts: rows(
      '拆分为',
      {
        name: text('新设科室名称', { max: 80, help: '类型、上级与原科室相同；并入已有科室时不填' }),
        code: text('新设科室编码', { max: 40 }),
        into: unit('转入科室', { help: '已有科室；新设的留空' }),
        people: references('转入人员', 'directory.person', { among: { and: [whereOwn('unit', 'eq', 'unit'), { not: is('status', 'left') }] } }),
        head: reference('负责人', 'directory.person', { among: whereOwn('id', 'eq', 'people') }),
        units: references('转入下级科室', 'directory.unit', { among: whereOwn('parent', 'eq', 'unit') }),
      },
      { min: 1, max: 20, rowTitle: 'name' },
    ),
    reason: text('事由', { max: 200 }),
    basisNumber: text('依据文号', { required: true, max: 100 }),
    basisScan: files('依据扫描件', { accept: ['image/*', 'application/pdf'] }),
    became: text('分出的科室', { max: 2000, readOnly: true, search: true }),
    people: integer('转出人员', { readOnly: true, unit: '人' }),
    units: integer('转出下级科室', { readOnly: true, unit: '个' }),
    ...takenBack,
  },
  list: { columns: ['number', 'unit', 'became', 'from', 'closes', 'people', 'units', 'basisNumber', 'status'], filters: ['from', 'unit', 'status'], sort: ['-from'] },
}) // prettier-ignore
export type Split = Row<typeof split>
/** One of the units that a split makes or goes into. */
export type SplitPart = NonNullable<Split['parts']>[number]
