import type { Decider, Handled, Limit, Mode, OnTimeout, ReturnTarget, Timer } from './definition.ts'
import {
  branchRefusalWords, editPolicyWords, effectWhenWords, limitWord, modeWord, nobodyPolicyWords, selfPolicyWords, stepActWords, timeoutWord, type Namer,
} from './sentences.ts' // prettier-ignore
import { tableOf } from './shown.ts'

/** What the words of a difference need: names, the labels of steps, deciders as they are called. */
export interface Says<F> {
  readonly namer: Namer<F>
  step(id: string): string
  who(decider: Decider): string
}
/** A property of a step or flow: what people call it, and how its change is told. Empty words: only that it changed. */
export interface Aspect {
  readonly label: string
  tell?(was: unknown, is: unknown, says: Says<unknown>): string
}

const structure: ReadonlySet<string> = new Set(['kind', 'id', 'name', 'steps', 'then', 'otherwise', 'branches', 'admissions'])
/** The properties that one of both has, apart from what holds other steps; in the order of their words, whatever order they come in. */
export const aspectsOf = (from: object, to: object, aspects: Readonly<Record<string, Aspect>>): string[] =>
  [...new Set([...Object.keys(aspects), ...Object.keys(from), ...Object.keys(to)])].filter(
    (key) => !structure.has(key) && (Object.hasOwn(from, key) || Object.hasOwn(to, key)),
  )

/** 由 A 改为 B, where both have words of their own. */
const fromTo = (label: string, word: (value: never, says: Says<unknown>) => string, absent = '无'): Aspect => ({
  label,
  tell(was, is, says) {
    const [before, after] = [was, is].map((value) => (value === undefined ? absent : word(value as never, says)))
    return before === after ? '' : `由 ${before} 改为 ${after}`
  },
})
/** What came to a list, and what left it. */
const listed = (label: string, word: (one: never, says: Says<unknown>) => string, all?: string): Aspect => ({
  label,
  tell(was, is, says) {
    const said = (list: unknown): string[] => (list as never[]).map((one) => word(one, says))
    if (was === undefined || is === undefined)
      return `由 ${was === undefined ? (all ?? '无') : said(was).join('、')} 改为 ${is === undefined ? (all ?? '无') : said(is).join('、')}`
    const [before, after] = [said(was), said(is)]
    const [more, fewer] = [after.filter((one) => !before.includes(one)), before.filter((one) => !after.includes(one))]
    const words = [more.length ? `增加 ${more.join('、')}` : '', fewer.length ? `去掉 ${fewer.join('、')}` : ''].filter(Boolean)
    return words.join('，') || (before.length === after.length ? '顺序有改动' : '')
  },
})
const yesNo = (label: string): Aspect => fromTo(label, (value: boolean) => (value ? '是' : '否'), '否')
const plain = (label: string, words: Readonly<Record<string, string>> = {}): Aspect =>
  fromTo(label, (value: string | number) => words[value] ?? String(value))
/** 设备·台数: a column by its table, for several tables may have one of that name. */
const field = (path: string, { namer }: Says<unknown>): string =>
  [tableOf(path), path].flatMap((one) => (one === undefined ? [] : namer.field(one))).join('·')
const until = (value: Timer['until'], { namer }: Says<unknown>): string =>
  'field' in value ? `到“${namer.field(value.field)}”` : limitWord(value, (name) => namer.rule(name))
const words = (value: string, { namer }: Says<unknown>): string => `“${namer.fill(value)}”`

export const stepAspects: Readonly<Record<string, Aspect>> = {
  label: fromTo('名称', words),
  by: fromTo('审批人', (value: Handled['by'], says) => value.map((one) => says.who(one)).join('、') || '（未指定）'),
  mode: fromTo('审批方式', (value: Mode, says) => modeWord(value, (one) => says.who(one))),
  claim: yesNo('认领'),
  items: yesNo('逐项'),
  mayEdit: listed('可修改的字段', field),
  see: listed('可见字段', field, '全部字段'),
  hide: listed('隐藏字段', field),
  require: listed('必填项', field),
  sign: yesNo('签名'),
  acts: listed('可做的操作', (act: keyof typeof stepActWords) => stepActWords[act]),
  limit: fromTo('时限', (value: Limit, { namer }) => limitWord(value, (name) => namer.rule(name)), '不限时'),
  onTimeout: fromTo('超时处理', (value: readonly OnTimeout[], says) => value.map((one) => timeoutWord(one, (to) => says.who(to))).join('；') || '无'),
  consultPauses: yesNo(`${stepActWords.consult}时暂停计时`),
  onNobody: plain('找不到人时的处理', nobodyPolicyWords),
  onSamePerson: plain('重复审批人的处理', selfPolicyWords),
  onApplicant: plain('本人审批的处理', selfPolicyWords),
  onEdit: plain('修改后的处理', editPolicyWords),
  returnTo: fromTo('退回后的起点', (value: ReturnTarget, { step }) => (value === 'applicant' ? '申请人' : `“${step(value.step)}”`)),
  meeting: fromTo('会议记录人', (value: { recorder: Decider }, says) => says.who(value.recorder)),
  seal: plain('印章'),
  condition: fromTo('条件', (value: unknown, { namer }) => namer.condition(value)),
  who: fromTo('知会', (value: readonly ('applicant' | Decider)[], says) => value.map((one) => (one === 'applicant' ? '申请人' : says.who(one))).join('、') || '无人'),
  service: plain('系统调用'),
  attempts: plain('调用次数'),
  until: fromTo('等到何时', until),
  onRefuse: plain('一个分支拒绝时', branchRefusalWords),
  reconcile: fromTo('分支结果不一致时的裁定人', (value: Decider, says) => says.who(value)),
} // prettier-ignore

export const flowAspects: Readonly<Record<string, Aspect>> = {
  label: fromTo('名称', words),
  title: fromTo('标题', words),
  summary: fromTo('摘要', (value: readonly string[]) => value.join(' · ') || '无'),
  items: fromTo('逐项的明细', (value: { rows: string; narrow?: string }, { namer }) => `“${namer.field(value.rows)}”${value.narrow ? `，可限定“${namer.field(`${value.rows}.${value.narrow}`)}”` : ''}`),
  start: fromTo('提交要求', (value: { sign: boolean; require: readonly string[] }, { namer }) => [value.sign ? '本人签名' : '', value.require.length ? `必填 ${value.require.map((key) => namer.field(key)).join('、')}` : ''].filter(Boolean).join('，') || '无'),
  urgeEveryHours: fromTo('催办间隔', (value: number) => `${value} 小时`),
  effect: plain('生效处理'),
  effectWhen: plain('何时生效', effectWhenWords),
} // prettier-ignore
