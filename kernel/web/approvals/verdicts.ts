import type { ApprovalAnswer } from '#model'

export const statuses = {
  running: ['审批中', 'info'],
  returned: ['已退回', 'warn'],
  approved: ['已批准', 'good'],
  refused: ['未通过', 'bad'],
  withdrawn: ['已撤回', 'neutral'],
  terminated: ['已终止', 'neutral'],
} as const

/** What is chosen for one line before it is sent. */
export interface Choice {
  say: 'pass' | 'narrow' | 'refuse' | 'return' | 'abstain' | 'recuse'
  supervisedCases?: number | undefined
  to?: string | undefined
  reason?: string | undefined
}
export type Choices = Readonly<Record<string, Choice>>

export const sayLabels: Record<Choice['say'], string> = {
  pass: '通过',
  narrow: '限定',
  refuse: '不通过',
  return: '退回',
  abstain: '弃权',
  recuse: '回避',
}
export const lineStates: Record<string, { label: string; tone: 'good' | 'warn' | 'bad' | 'neutral' | 'info' }> = {
  open: { label: '待定', tone: 'neutral' },
  passed: { label: '通过', tone: 'good' },
  conditional: { label: '带教通过', tone: 'info' },
  narrowed: { label: '限定通过', tone: 'info' },
  refused: { label: '不通过', tone: 'bad' },
  returned: { label: '已退回', tone: 'warn' },
}

/** Which words a decider has at this step: a vote has no returning, but abstaining and 回避. */
export function wordsOf(a: ApprovalAnswer): Choice['say'][] {
  if (a.my.task?.vote) return ['pass', 'refuse', 'abstain', 'recuse']
  return a.narrow.length ? ['pass', 'narrow', 'return', 'refuse'] : ['pass', 'return', 'refuse']
}
/** What is missing before a choice can be sent; null when it is whole. */
export function lack(choice: Choice | undefined): string | null {
  if (!choice) return '请作出结论'
  if (choice.say === 'narrow' && !choice.to) return '请选择限定的范围'
  if ((choice.say === 'refuse' || choice.say === 'return') && !choice.reason?.trim())
    return choice.say === 'refuse' ? '请填写不通过的理由' : '请填写退回的理由'
  return null
}
/** `3 项通过，1 项退回` */
export function summary(choices: Choices): string {
  const counts = new Map<string, number>()
  for (const { say } of Object.values(choices)) counts.set(sayLabels[say], (counts.get(sayLabels[say]) ?? 0) + 1)
  return [...counts].map(([label, count]) => `${count} 项${label}`).join('，')
}
