import { may, module, page } from '../module.ts'

/** Print templates say how records stand on paper: they belong to whoever knows the papers, and to whoever sets up the system. */
export const printingRight = 'printing.administer'
export const printingModule = module('printing', {
  label: '打印',
  rights: { [printingRight]: '打印模板：新建、上传 Word、设计、发布' },
  roles: { medicalOffice: [may.use(printingRight)], systemOfficer: [may.use(printingRight)] },
  menu: [{ label: '系统', entries: [page('/printing', '打印模板', printingRight, { icon: 'printer' })] }],
})
