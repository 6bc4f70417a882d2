import { choice, choices, decimal, person, resource, text, time, toggle, type Row } from '#model'
import { fedPersonFields } from './feed.rules.ts'
import { feedRhythms, feedWays, usualReading } from './fetch.rules.ts'

/** What a source may tell besides people. */
export const toldBesides = { absences: '请假与外出', units: '科室', unitFacts: '维护科室的名称与上下级' } as const

const isRead = 'way == "view" || way == "wecom"'
const view = (label: string, help?: string) =>
  text(label, { max: 120, pattern: '^[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)?$', patternMessage: '写法为 视图名 或 模式.视图名，只含字母、数字和下划线', visibleWhen: 'way == "view"', ...(help ? { help } : {}) }) // prettier-ignore

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
    way: choice('获取方式', feedWays, { default: 'told', help: '数据库地址、企业微信密钥由系统管理员在服务器上配置，不在这里填写' }),
    peopleView: view('人员视图', '按数据库里的写法（区分大小写）；列名与接口的项目或人员模板相同'),
    unitsView: view('科室视图'),
    absencesView: view('请假与外出视图'),
    isWhole: toggle('读到的是全部', { default: true, visibleWhen: isRead, help: '没有出现的人员待确认离职；关闭时，没有出现的不作处理' }),
    rhythm: choice('读取间隔', feedRhythms, { default: 'day', visibleWhen: isRead }),
    readAt: time('读取时间', { default: usualReading, visibleWhen: `(${isRead}) && rhythm == "day"` }),
    contact: person('负责人', { visibleWhen: isRead, requiredWhen: isRead, help: '没有读到，或变动过多时通知' }),
    isStopped: toggle('停用', { default: false }),
  },
  unique: [['code']],
  list: { columns: ['name', 'code', 'system', 'owns', 'tells', 'way', 'most', 'adds', 'isStopped'], filters: ['way', 'isStopped'] },
}) // prettier-ignore
export type FeedSource = Row<typeof feedSource>
