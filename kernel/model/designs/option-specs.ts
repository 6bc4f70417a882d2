import { unitKinds } from '../directory.ts'
import type { FieldKind, KindOptions } from '../fields/field.ts'

/** How an option of a field's kind is entered and read: what the designer asks for, and what a definition from outside may hold. */
export interface OptionSpec {
  readonly label: string
  readonly as: OptionForm
  readonly min?: number
  readonly max?: number
  /** Without it the kind means nothing. */
  readonly isNeeded?: true
  /** The choices of `oneOf` and `someOf`. */
  readonly offered?: Readonly<Record<string, string>>
  readonly help?: string
}
export type OptionForm =
  | 'integer'
  | 'decimal'
  | 'text'
  | 'boolean'
  | 'words'
  | 'day'
  | 'month'
  | 'time'
  | 'pattern'
  | 'choices'
  | 'oneOf'
  | 'someOf'
  | 'target'
  | 'field'
  | 'expression'
  | 'tree'
  | 'columns'
  | 'totals'
  | 'filter'

type Specs<K extends FieldKind> = { readonly [O in keyof Required<KindOptions[K]>]: OptionSpec | null }
const int = (label: string, min?: number, max?: number, more: Partial<OptionSpec> = {}): OptionSpec => ({
  label,
  as: 'integer',
  ...(min === undefined ? {} : { min }),
  ...(max === undefined ? {} : { max }),
  ...more,
})
const as = (form: OptionForm, label: string, more: Partial<OptionSpec> = {}): OptionSpec => ({ label, as: form, ...more })
const needed = { isNeeded: true } as const
const yesNo = { yes: as('text', '“是”的叫法', { max: 10 }), no: as('text', '“否”的叫法', { max: 10 }) }
const days = { min: as('day', '最早'), max: as('day', '最晚') }
const files = {
  accept: as('someOf', '文件种类', { offered: { 'image/*': '图片', 'application/pdf': 'PDF', '.doc,.docx': 'Word', '.xls,.xlsx': 'Excel', '.zip': '压缩包', 'video/*': '视频', 'audio/*': '录音' } }),
  maxFiles: int('最多几个', 1, 50),
  maxBytes: int('每个最大（字节）', 1024, 200 * 1024 * 1024),
} as const // prettier-ignore
const onDelete = as('oneOf', '对方删除后', {
  offered: { keep: '保留并注明已删除', restrict: '不许删除对方', clear: '清空此项', withParent: '随对方一起删除' },
})
const pointing = { target: as('target', '引用哪类记录', needed), onDelete, among: as('filter', '只可选') } as const
const fixedTarget = { target: null, onDelete, among: as('filter', '只可选') } as const
const units = { unit: as('text', '单位', { max: 10 }) }

/** By kind and option; null for what a designer does not set. */
export const optionSpecs: { readonly [K in FieldKind]: Specs<K> } = {
  text: {
    max: int('最多字数', 1, 2000),
    pattern: as('pattern', '格式（正则表达式）'),
    patternMessage: as('text', '格式不符时的提示', { max: 60 }),
    suggest: as('words', '常用内容'),
    idOf: null,
  },
  longText: { max: int('最多字数', 1, 20_000) },
  richText: { max: int('最多字数', 1, 50_000) },
  integer: { min: int('最小'), max: int('最大'), ...units },
  decimal: { scale: int('小数位数', 0, 6, needed), min: as('decimal', '最小'), max: as('decimal', '最大'), ...units },
  money: {
    scale: int('小数位数', 0, 4, needed),
    currency: as('oneOf', '币种', { offered: { CNY: '人民币', USD: '美元', EUR: '欧元', HKD: '港元', JPY: '日元' } }),
    min: as('decimal', '最小'),
    max: as('decimal', '最大'),
    inWords: as('boolean', '同时显示大写'),
  },
  boolean: yesNo,
  switch: yesNo,
  slider: { min: int('最小'), max: int('最大'), step: int('每格', 1), ...units },
  rating: { max: int('几颗星', 2, 10), words: as('words', '各星的说法') },
  counter: { min: int('最小'), max: int('最大'), step: int('每次加减', 1), ...units },
  date: days,
  dateTime: days,
  time: { min: as('time', '最早'), max: as('time', '最晚'), minuteStep: int('分钟间隔', 1, 60) },
  year: { min: int('最早', 1000, 9999), max: int('最晚', 1000, 9999) },
  yearMonth: { min: as('month', '最早'), max: as('month', '最晚') },
  dateRange: { ...days, isOpen: as('boolean', '可以没有终止日'), openWord: as('text', '没有终止日时显示', { max: 10 }) },
  choice: { choices: as('choices', '选项', needed), of: null },
  choices: { choices: as('choices', '选项', needed), of: null },
  tags: { suggest: as('words', '常用标签'), max: int('最多几个', 1, 50), longest: int('每个最多字数', 1, 60) },
  cascade: { tree: as('tree', '各级选项', needed), anyLevel: as('boolean', '可以只选到上级') },
  tree: { ...pointing, parent: as('field', '上级是哪个字段', needed) },
  person: fixedTarget,
  unit: {
    ...fixedTarget,
    unitKinds: as('someOf', '哪些单位', { offered: unitKinds }),
  },
  members: {
    of: as('someOf', '可以包括', { offered: { person: '人员', unit: '科室', post: '职务' } }),
    max: int('最多几个', 1, 500),
  },
  reference: pointing,
  references: pointing,
  rows: {
    fields: as('columns', '列', needed),
    min: int('至少几行', 0, 2000),
    max: int('最多几行', 1, 2000),
    rowTitle: as('text', '每行的名称', { max: 20 }),
    totals: as('totals', '合计'),
  },
  phone: { mobileOnly: as('boolean', '只收手机号') },
  identityNumber: {},
  email: {},
  url: {},
  password: { min: int('至少几位', 1, 64) },
  colour: { suggest: as('words', '常用颜色') },
  address: {
    level: as('oneOf', '到哪一级', { offered: { province: '省', city: '市', district: '区县' } }),
    noDetail: as('boolean', '不填详细地址'),
  },
  location: { maxAccuracy: int('误差不超过（米）', 1, 10_000) },
  barcode: { symbology: as('oneOf', '码制', { offered: { qr: '二维码', code128: 'Code 128', ean13: 'EAN-13' } }) },
  files,
  image: files,
  video: files,
  audio: files,
  signature: { binds: null },
  autoNumber: {
    prefix: as('text', '前缀', { max: 12, ...needed }),
    digits: int('几位数字', 2, 10, needed),
    perYear: as('boolean', '每年重新编号'),
  },
  formula: {
    expression: as('expression', '公式', needed),
    result: as('oneOf', '结果是', {
      offered: { text: '文字', integer: '整数', decimal: '小数', boolean: '是否', date: '日期' },
      ...needed,
    }),
    scale: int('小数位数', 0, 6, { help: '四舍五入；只用于小数' }),
  },
}
