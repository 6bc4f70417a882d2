// Pages: seen by everybody, drawn by the office.
import { as, office, type Makers } from './fuzz-world.ts'

const place = { x: 0, y: 0, w: 8, h: 6 }
const chart = {
  resource: 'sample.case', view: null, filter: null, kind: 'pie', group: ['code'], measures: ['count'], order: 'most', top: 5, share: true, colours: [],
  format: { scale: 'plain', digits: null, unit: '' }, compare: null, detail: null,
} // prettier-ignore
export const block = { kind: 'chart', id: 'cases', title: '案例', place, phone: 0, chart }
const page = { label: '看板', icon: 'dashboard', who: [], menu: null, home: [], filters: [], refresh: null, blocks: [block] }
const asks = [{ paths: ['code'], op: 'eq', value: '甲' }]

export const pageMakers: Makers = {
  'GET /api/pages': () => as(office, 'GET', '/api/pages'),
  'GET /api/pages/names': () => as('systemOfficer', 'GET', '/api/pages/names'),
  'GET /api/pages/:name': () => as(office, 'GET', '/api/pages/staff.structure'),
  'POST /api/pages/run': () => as(office, 'POST', '/api/pages/run', { block, asks }),
  'POST /api/pages/export': () => as(office, 'POST', '/api/pages/export', { block, asks, format: 'csv' }),
  'POST /api/pages/preview': () => as('systemOfficer', 'POST', '/api/pages/preview', { page, role: 'departmentHead' }),
}
