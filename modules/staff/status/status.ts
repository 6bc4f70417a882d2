import { all, among, chartAt, drawnPage, is, where, type ChartSpec } from '#model'
import { movement } from '#modules/organisation/movement/movement.ts'
import { practitioner } from '../practitioner/practitioner.ts'

const counted = among('status', ['active', 'away', 'external'])
const inForce = is('status', 'active')
const moved = (kind: string): Partial<ChartSpec> => ({ filter: all(inForce, is('kind', kind)), share: true, detail: 'fromUnit' })
/** Of twelve months, the running one with them. */
const lately = all(inForce, where('from', 'gte', { today: -365 }), where('from', 'lte', { today: 0 }))

/** Who is here and who is not: by status and unit as it stands, by kind of leaving and of being away as movements say, and month by month. */
export const status = drawnPage('staff.status', {
  label: '人员状态统计',
  icon: 'bar-chart',
  who: ['departmentHead', 'medicalOffice'],
  menu: '人员技术档案',
  filters: [
    { key: 'unit', label: '科室', paths: ['unit', 'fromUnit'], resource: practitioner.name },
    { key: 'from', label: '异动日期', paths: ['from'], resource: movement.name },
  ],
  blocks: [
    chartAt('active', '在岗', [0, 0, 6, 2], practitioner, 'number', { filter: is('status', 'active'), detail: 'unit' }),
    chartAt('away', '离岗', [6, 0, 6, 2], practitioner, 'number', { filter: is('status', 'away'), detail: 'unit' }),
    chartAt('left', '离职', [12, 0, 6, 2], practitioner, 'number', { filter: is('status', 'left'), detail: 'unit' }),
    chartAt('external', '外部人员', [18, 0, 6, 2], practitioner, 'number', { filter: is('status', 'external'), detail: 'unit' }),
    chartAt('states', '人员状态分布', [0, 2, 8, 5], practitioner, 'pie', { group: ['status'], share: true, detail: 'unit' }),
    chartAt('awayKinds', '离岗类型', [8, 2, 8, 5], movement, 'pie', { ...moved('away'), group: ['away'] }),
    chartAt('leavingKinds', '离职类型', [16, 2, 8, 5], movement, 'pie', { ...moved('leave'), group: ['leaving'] }),
    chartAt('months', '近一年各月异动', [0, 7, 24, 6], movement, 'stacked', { filter: lately, group: ['from:month', 'kind'] }),
    chartAt('units', '各科室人员状态', [0, 13, 24, 10], practitioner, 'pivot', { filter: counted, group: ['unit', 'status'] }),
  ],
}) // prettier-ignore
