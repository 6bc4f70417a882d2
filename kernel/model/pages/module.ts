import { may, module } from '../module.ts'

/** To see pages is everybody's: each block is judged by its reader's own rights. To draw them belongs to whoever knows the records, and to whoever sets up the system. */
export const pageRights = { use: 'pages.use', design: 'pages.design' } as const
export const pagesModule = module('pages', {
  label: '页面',
  rights: { [pageRights.use]: '查看页面（各人只看到自己有权看的数据）', [pageRights.design]: '页面设计：新建、修改、发布页面' },
  roles: {
    staffMember: [may.use(pageRights.use)],
    medicalOffice: [may.use(pageRights.design)],
    systemOfficer: [may.use(pageRights.design)],
  },
})
