/** What pages and server say to each other about feeds. */

/** What a source may look after in a person's file; everything else stays the hospital's own. */
export const fedPersonFields = {
  name: '姓名',
  staffNumber: '工号',
  sex: '性别',
  birthDate: '出生日期',
  identityNumber: '证件号码',
  mobile: '手机',
  email: '邮箱',
  unit: '所在科室',
  joinedOn: '来院日期',
} as const
export type FedField = keyof typeof fedPersonFields

/** What a run tells of. */
export const abouts = { people: '人员', absences: '请假与外出', units: '科室' } as const
export type About = keyof typeof abouts

export const outcomes = {
  changed: { label: '更新', tone: 'info' },
  added: { label: '新增', tone: 'good' },
  missing: { label: '来源里没有', tone: 'warn' },
  doubtful: { label: '待认领', tone: 'warn' },
  refused: { label: '不能读入', tone: 'bad' },
} as const
export type Outcome = keyof typeof outcomes

export const counted = ['same', 'changed', 'added', 'missing', 'doubtful', 'refused'] as const
export type Counts = Record<(typeof counted)[number], number>

/** What a run answers to whoever told. */
export interface FeedAnswer extends Counts {
  run: string
  about: About
  number: string
  /** `failed`: nothing could be read. */
  status: 'applied' | 'stopped' | 'failed'
  total: number
}
/** What would come of a run, before anything happens. */
export interface FeedTrial extends Counts {
  total: number
  /** Why it would wait for somebody's word; empty where it would not. */
  stopped: string
  /** The first of them, the doubtful before the sure. */
  lines: { outcome: Outcome; number: string; name: string; message: string }[]
}
