import { choices, decimal, resource, text, toggle, type Row } from '#model'
import { fedPersonFields } from './feed.rules.ts'

/** What a source may tell besides people. */
export const toldBesides = { absences: '请假与外出', units: '科室', unitFacts: '维护科室的名称与上下级' } as const

/** 对接来源: another system that tells of people, their absences, or units. Each fact has one system that looks after it; what no source owns nobody overwrites. */
export const feedSource = resource('organisation.feedSource', {
  label: '对接来源',
  title: 'name',
  fields: {
    name: text('名称', { required: true, max: 40, search: true }),
    code: text('代码', { required: true, max: 20, pattern: '^[a-z][a-z0-9-]*$', patternMessage: '小写字母开头，只含小写字母、数字和短横', help: '接口地址的一部分' }),
    system: text('标识所属系统', { required: true, max: 40, help: '如 HIS、HR：该来源的工号记在人员“外部标识”的这个系统名下' }),
    owns: choices('维护的内容', fedPersonFields, { help: '一项内容只由一个来源维护；没有勾选的内容只用来认人，不会覆盖' }),
    most: decimal('变动上限', 1, { min: '0', max: '100', unit: '%', default: '2', help: '一次变动超过这个比例时停下，由人确认后才执行' }),
    adds: toggle('自动建档', { default: true, help: '关闭时，没有档案的人员等待认领' }),
    tells: choices('另外提供', toldBesides, { help: '没有勾选的，对方发来也不接受；科室只由一个来源维护' }),
    isStopped: toggle('停用', { default: false }),
  },
  unique: [['code']],
  list: { columns: ['name', 'code', 'system', 'owns', 'tells', 'most', 'adds', 'isStopped'], filters: ['isStopped'] },
}) // prettier-ignore
export type FeedSource = Row<typeof feedSource>
