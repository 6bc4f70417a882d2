import { all, chartAt, drawnPage, where } from '#model'
import { items } from './completeness.rules.ts'
import { completeness, present, unfinished } from './completeness.ts'

const open = all(present, unfinished)
const entries = Object.entries(items)
/** Figures of one item stand six in a row. */
const place = (at: number): [number, number, number, number] => [(at % 6) * 4, 9 + Math.floor(at / 6) * 2, 4, 2]

/** 档案未完成统计: by unit, by person and by what is missing; each figure opens its people. */
export const unfinishedFiles = drawnPage('staff.unfinishedFiles', {
  label: '档案未完成统计',
  icon: 'file-done',
  who: ['departmentHead', 'departmentSecretary', 'medicalOffice', 'personnelOffice'],
  menu: '人员技术档案',
  filters: [
    { key: 'unit', label: '科室', paths: ['practitioner.unit'], resource: completeness.name },
    { key: 'category', label: '人员类别', paths: ['practitioner.category'], resource: completeness.name },
  ],
  blocks: [
    chartAt('people', '应建档人数', [0, 0, 8, 2], completeness, 'number', { filter: present, detail: 'practitioner.unit' }),
    chartAt('done', '已完成', [8, 0, 8, 2], completeness, 'number', { filter: all(present, where('count', 'eq', 0)), detail: 'practitioner.unit' }),
    chartAt('open', '未完成', [16, 0, 8, 2], completeness, 'number', { filter: open, detail: 'practitioner.unit' }),
    chartAt('units', '各科室未完成人数', [0, 2, 16, 7], completeness, 'bar', { filter: open, group: ['practitioner.unit'], detail: 'practitioner.unit' }),
    chartAt('counts', '每人缺几项', [16, 2, 8, 7], completeness, 'pie', { filter: open, group: ['count'], share: true }),
    ...entries.map(([key, label], at) => chartAt(`item-${key}`, `缺${label}`, place(at), completeness, 'number', { filter: all(present, where('missing', 'has', key)), detail: 'practitioner.unit' })),
  ],
}) // prettier-ignore
