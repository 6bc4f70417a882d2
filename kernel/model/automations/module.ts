import { group, module, page } from '../module.ts'

/** Automations are part of what the hospital builds: whoever may build, may make them, within rights of his own. */
export const automationsModule = module('automations', {
  label: '自动化',
  menu: [group('应用搭建', [page('/automations', '自动化', 'designs.administer', { icon: 'thunderbolt' })])],
})
