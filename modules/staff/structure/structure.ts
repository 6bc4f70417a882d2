import { all, among, chartAt, drawnPage, emptyAt, is, type ChartSpec } from '#model'
import { practitioner } from '../practitioner/practitioner.ts'

const doctors = all(is('category', 'doctor'), among('status', ['active', 'away']))
const share: Partial<ChartSpec> = { filter: doctors, share: true, detail: 'unit' }
/** A doctor by the title that he is appointed to. */
const titled = (title: string): Partial<ChartSpec> => ({ filter: all(doctors, is('appointedTitle', title)) })
const [leave, leaving] = ['请休假登记接入后，显示本月休假的人数与分布', '人员离职登记接入后，显示本月与历年离职的医师']

/** Who the doctors are: by title, age, years of service, education and employment, each reader's own units or the whole hospital. */
export const structure = drawnPage('staff.structure', {
  label: '医师结构',
  icon: 'pie-chart',
  who: ['departmentHead', 'departmentSecretary', 'medicalOffice', 'committeeMember'],
  menu: '人员技术档案',
  filters: [
    { key: 'unit', label: '科室', paths: ['unit'], resource: practitioner.name },
    { key: 'traineeKind', label: '在院身份', paths: ['traineeKind'], resource: practitioner.name },
  ],
  blocks: [
    chartAt('doctors', '医师', [0, 0, 4, 2], practitioner, 'number', { filter: doctors, detail: 'unit' }),
    chartAt('chief', '主任医师', [4, 0, 4, 2], practitioner, 'number', titled('主任医师')),
    chartAt('associate', '副主任医师', [8, 0, 4, 2], practitioner, 'number', titled('副主任医师')),
    chartAt('attending', '主治医师', [12, 0, 4, 2], practitioner, 'number', titled('主治医师')),
    chartAt('resident', '住院医师', [16, 0, 4, 2], practitioner, 'number', titled('住院医师')),
    chartAt('away', '离岗医师', [20, 0, 4, 2], practitioner, 'number', { filter: all(is('category', 'doctor'), is('status', 'away')) }),
    chartAt('titles', '职称分布', [0, 2, 8, 5], practitioner, 'pie', { ...share, group: ['titleLevel'] }),
    chartAt('ages', '年龄分布', [8, 2, 8, 5], practitioner, 'pie', { ...share, group: ['birthDate:age/25/30/35/40/45/50/55/60'] }),
    chartAt('service', '工龄分布', [16, 2, 8, 5], practitioner, 'pie', { ...share, group: ['joinedOn:years/1/3/5/10/15/20/30'] }),
    emptyAt('leave', '本月休假分布', [0, 7, 8, 5], leave),
    chartAt('education', '学历分布', [8, 7, 8, 5], practitioner, 'pie', { ...share, group: ['education'] }),
    chartAt('employment', '用工形式分布', [16, 7, 8, 5], practitioner, 'pie', { ...share, group: ['employment'] }),
    chartAt('joined', '历年新入职医师对比', [0, 12, 8, 5], practitioner, 'pie', { filter: is('category', 'doctor'), share: true, detail: 'unit', group: ['joinedOn:year'], top: 7 }),
    emptyAt('left', '历年离职医师对比', [8, 12, 8, 5], leaving),
    emptyAt('thisMonth', '本月休假、本月离职', [16, 12, 8, 5], '请休假登记和人员离职登记接入后，实时显示本月的休假与离职'),
    chartAt('units', '各科室职称人数', [0, 17, 24, 10], practitioner, 'pivot', { filter: doctors, group: ['unit', 'appointedTitle'] }),
  ],
}) // prettier-ignore
