import { choice, dateTime, integer, longText, text } from '../fields/factories.ts'
import { is } from '../filter/filter.ts'
import { group, may, module, page } from '../module.ts'
import { resource } from '../resource.ts'

export const libraryStates = {
  pending: { label: '待审', tone: 'info' },
  shared: { label: '已共享', tone: 'good' },
  refused: { label: '未采用', tone: 'warn' },
  withdrawn: { label: '已下架', tone: 'neutral' },
} as const
export type LibraryState = keyof typeof libraryStates
export const libraryCategories = {
  medical: '医务',
  nursing: '护理',
  quality: '质量与安全',
  infection: '院感',
  staff: '人事与教学',
  service: '投诉与服务',
  logistics: '设备与后勤',
  other: '其他',
} as const
export type LibraryCategory = keyof typeof libraryCategories
/** How far a form of the library goes; `offersADay`: of one program. */
export const mostInLibrary = { bytes: 1_000_000, offersADay: 20, page: 30 } as const

/** 共享的表单: one version of what a hospital offers, with what it is for. The definitions themselves lie beside it, and are no field. */
export const libraryForm = resource('library.form', {
  label: '共享的表单',
  title: 'name',
  writtenBy: 'module',
  fields: {
    name: text('名称', { required: true, max: 60, search: true }),
    purpose: longText('用途说明', { required: true, max: 2000 }),
    category: choice('分类', libraryCategories, { required: true }),
    hospital: text('提供医院', { required: true, max: 60 }),
    formVersion: integer('版次', { required: true, min: 1 }),
    status: choice('状态', libraryStates, { required: true }),
    takings: integer('取用次数', { required: true, min: 0, default: 0 }),
    words: text('审核意见', { max: 300 }),
    decidedAt: dateTime('审核时间'),
  },
  indexes: [['status']],
  list: {
    columns: ['name', 'category', 'hospital', 'formVersion', 'status', 'takings', 'words', 'decidedAt', 'createdAt'],
    filters: ['status', 'category', 'hospital'],
    sort: ['-createdAt'],
    views: [
      { name: 'pending', label: '待审', filter: is('status', 'pending') },
      { name: 'shared', label: '已共享', filter: is('status', 'shared') },
    ],
  },
})

const keeps = [may.read(libraryForm), may.export(libraryForm)]
/** Forms that hospitals share: one installation keeps them, others ask it. */
export const libraryModule = module('library', {
  label: '表单库',
  resources: [libraryForm],
  rights: { 'library.read': '查找和取用本院表单库中的表单', 'library.offer': '向本院表单库提供表单' },
  roles: { systemOfficer: keeps, implementer: keeps },
  menu: [group('应用搭建', [page('/designs/library', '表单库', 'designs.administer', { icon: 'database' })])],
})
