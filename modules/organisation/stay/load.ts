import { chartAt, drawnPage, is, where, all, type ChartSpec } from '#model'
import { rotationAbsence, rotationStay, rotationTask } from './stay.ts'

const running = all(where('from', 'lte', { today: 0 }), where('to', 'gte', { today: 0 }))
const days = (more: Partial<ChartSpec> = {}): Partial<ChartSpec> => ({ measures: ['sum:days', 'count'], order: 'most', ...more })

/** 带教与轮转质量: how much each unit and teacher teaches (people × days), how the trainees are rated and what was missed; each reader's own units or the whole hospital. */
export const rotationLoad = drawnPage('organisation.rotationLoad', {
  label: '带教与轮转质量',
  icon: 'bar-chart',
  who: ['departmentHead', 'departmentSecretary', 'medicalOffice'],
  menu: '临时人员与轮转',
  filters: [
    { key: 'unit', label: '科室', paths: ['unit'], resource: rotationStay.name },
    { key: 'from', label: '入科日期', paths: ['from'], resource: rotationStay.name },
  ],
  blocks: [
    chartAt('running', '正在轮转', [0, 0, 6, 2], rotationStay, 'number', { filter: running }),
    chartAt('days', '带教人日', [6, 0, 6, 2], rotationStay, 'number', { measures: ['sum:days'] }),
    chartAt('score', '平均综合评分', [12, 0, 6, 2], rotationStay, 'number', { measures: ['average:score'] }),
    chartAt('open', '未完成任务', [18, 0, 6, 2], rotationTask, 'number', { filter: is('isDone', false) }),
    chartAt('units', '各科室带教人日', [0, 2, 12, 7], rotationStay, 'bar', days({ group: ['unit'] })),
    chartAt('mentors', '各老师带教人日', [12, 2, 12, 7], rotationStay, 'bar', days({ group: ['mentor'], top: 20, filter: where('mentor', 'notEmpty') })),
    chartAt('quality', '各科室轮转质量', [0, 9, 14, 8], rotationStay, 'pivot', { group: ['unit'], measures: ['count', 'average:theory', 'average:skill', 'average:score'] }),
    chartAt('absences', '各科室缺勤天数', [14, 9, 10, 8], rotationAbsence, 'bar', { group: ['unit'], measures: ['sum:days'] }),
  ],
}) // prettier-ignore
