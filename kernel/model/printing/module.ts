import { group, module, page } from '../module.ts'

/** Print templates belong to whoever makes what the hospital has of its own. */
export const printingModule = module('printing', {
  label: '打印模板',
  menu: [group('应用搭建', [page('/printing', '打印模板', 'designs.administer', { icon: 'printer' })])],
})
