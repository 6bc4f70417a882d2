import { group, may, module, page } from '../module.ts'

/** To see pages is everybody's: each block is judged by its reader's own rights. Whoever draws them draws the rest of the application, too. */
export const pageRights = { use: 'pages.use', design: 'designs.administer' } as const
export const pagesModule = module('pages', {
  label: '页面',
  rights: { [pageRights.use]: '查看页面（各人只看到自己有权看的数据）' },
  roles: {
    staffMember: [may.use(pageRights.use)],
  },
  menu: [group('应用搭建', [page('/pages', '页面设计', pageRights.design, { icon: 'dashboard', phone: false })])],
})
