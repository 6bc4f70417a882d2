import { chartAt, drawnPage, is, type ChartSpec } from '#model'
import { seat, sitting } from './seat.ts'

const now: Partial<ChartSpec> = { filter: sitting, detail: 'unit' }
const ever: Partial<ChartSpec> = { filter: is('state', 'approved'), detail: 'unit' }
/** Who sits on the committees, and who ever did: by committee, position, level and unit. */
export const committees = drawnPage('organisation.committees', {
  label: '委员会汇总',
  icon: 'pie-chart',
  who: ['medicalOffice', 'departmentHead', 'committeeMember', 'hospitalLeader'],
  menu: '专业小组与委员会',
  filters: [
    { key: 'unit', label: '科室', paths: ['unit'], resource: seat.name },
    { key: 'committee', label: '委员会', paths: ['committee'], resource: seat.name },
  ],
  blocks: [
    chartAt('now', '任职中', [0, 0, 6, 2], seat, 'number', now),
    chartAt('chairs', '主任委员', [6, 0, 6, 2], seat, 'number', { ...now, filter: { and: [sitting, is('position', 'chair')] } }),
    chartAt('ever', '历年全部任职', [12, 0, 6, 2], seat, 'number', ever),
    chartAt('asked', '申请中', [18, 0, 6, 2], seat, 'number', { filter: is('state', 'pending'), detail: 'unit' }),
    chartAt('nowByCommittee', '任职中：各委员会', [0, 2, 12, 6], seat, 'pivot', { ...now, group: ['committee', 'position'] }),
    chartAt('everByCommittee', '全部：各委员会', [12, 2, 12, 6], seat, 'pivot', { ...ever, group: ['committee', 'position'] }),
    chartAt('levels', '任职中：级别', [0, 8, 8, 5], seat, 'pie', { ...now, share: true, group: ['level'] }),
    chartAt('positions', '任职中：职务', [8, 8, 8, 5], seat, 'pie', { ...now, share: true, group: ['position'] }),
    chartAt('ending', '全部：按届满年份', [16, 8, 8, 5], seat, 'pie', { ...ever, share: true, group: ['to:year'], top: 7 }),
  ],
})
