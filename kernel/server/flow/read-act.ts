import { invalid, isDay, isUuid, Refusal, type FieldProblem } from '#model'
import type { Meeting, Verdict } from '#kernel/model/flow/index.ts'
import type { GivenAct } from './act.ts'
import { readRemark } from './remarks.ts'
import type { SubmitOptions } from './submit.ts'

type Body = Record<string, unknown>
const isObject = (value: unknown): value is Body => typeof value === 'object' && value !== null && !Array.isArray(value)
const text = (value: unknown, max = 2000): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, max) : undefined

/** Reads an act as it came over HTTP: what the engine gets is well formed, or the refusal names the place. */
export function readAct(body: Body): GivenAct {
  const { kind, actId, seenVersion } = body
  if (!isUuid(actId)) throw new Refusal('badRequest', '缺少 actId')
  if (typeof seenVersion !== 'number') throw new Refusal('badRequest', '缺少 seenVersion')
  const opinion = text(body['opinion'])
  const base = {
    actId,
    seenVersion,
    ...(opinion ? { opinion } : {}),
    ...(isUuid(body['signature']) ? { signature: body['signature'] } : {}),
    ...(isObject(body['changes']) ? { changes: body['changes'] } : {}),
    ...(typeof body['seenBase'] === 'number' ? { seenBase: body['seenBase'] } : {}),
    ...readRemark(body),
  }
  const read = Object.hasOwn(readers, String(kind)) ? readers[kind as GivenAct['kind']] : undefined
  if (!read) throw new Refusal('badRequest', '没有这种操作')
  return { ...base, ...read(body) } as GivenAct
}

/** What each act needs beside what all carry. */
const readers: { readonly [K in GivenAct['kind']]: (body: Body) => Omit<Extract<GivenAct, { kind: K }>, 'actId' | 'seenVersion' | 'opinion' | 'signature' | 'changes' | 'seenBase' | 'pictures' | 'mentions'> } = {
  withdraw: () => ({ kind: 'withdraw' }),
  resubmit: (body) => ({ kind: 'resubmit', ...chosenOf(body), ...(body['to'] === 'returner' ? { to: 'returner' } : {}) }),
  approve: (body) => ({ kind: 'approve', ...onTask(body), ...chosenOf(body) }),
  reject: (body) => ({ kind: 'reject', ...onTask(body) }),
  return: (body) => ({ kind: 'return', ...onTask(body), ...(isObject(body['to']) && typeof body['to']['step'] === 'string' ? { to: { step: body['to']['step'] } } : {}) }),
  decideItems: (body) => ({ kind: 'decideItems', ...onTask(body), ...chosenOf(body), verdicts: readVerdicts(body['verdicts']) }),
  seal: (body) => ({ kind: 'seal', ...onTask(body), copies: Number.isInteger(body['copies']) ? (body['copies'] as number) : 0, files: ids(body['files']) }),
  transfer: (body) => ({ kind: 'transfer', ...onTask(body), to: personIn(body, 'to', '请选择转办给谁') }),
  delegateTask: (body) => ({ kind: 'delegateTask', ...onTask(body), to: personIn(body, 'to', '请选择委派给谁') }),
  addApprover: (body) => ({ kind: 'addApprover', ...onTask(body), people: peopleIn(body, '请选择加签给谁'), where: oneOf(body, 'where', ['before', 'after', 'parallel']) }),
  removeApprover: (body) => ({ kind: 'removeApprover', ...onTask(body), person: personIn(body, 'person', '请选择减签的人') }),
  takeBack: (body) => ({ kind: 'takeBack', undo: textIn(body, 'undo') }),
  copyTo: (body) => ({ kind: 'copyTo', people: peopleIn(body, '请选择抄送给谁'), ...(typeof body['task'] === 'string' ? onTask(body) : {}) }),
  consult: (body) => {
    if (!text(body['opinion'])) throw invalid([{ field: 'opinion', message: '请写下要问什么' }])
    return { kind: 'consult', ...onTask(body), people: peopleIn(body, '请选择向谁征求意见') }
  },
  reply: (body) => {
    if (!text(body['opinion'])) throw invalid([{ field: 'opinion', message: '请填写答复' }])
    return { kind: 'reply', consultation: textIn(body, 'consultation') }
  },
  markRead: () => ({ kind: 'markRead' }),
  urge: (body) => ({ kind: 'urge', ...(body['urgent'] === true ? { urgent: true } : {}) }),
  claim: (body) => ({ kind: 'claim', entry: textIn(body, 'entry') }),
  release: (body) => ({ kind: 'release', ...onTask(body) }),
  jump: (body) => ({ kind: 'jump', to: textIn(body, 'to'), withoutSeals: Array.isArray(body['withoutSeals']) ? body['withoutSeals'].map(String) : [] }),
  terminate: () => ({ kind: 'terminate' }),
  repair: (body) => {
    const entry = textIn(body, 'entry')
    const how = oneOf(body, 'how', ['retry', 'skip', 'assign'])
    return how === 'assign' ? { kind: 'repair', entry, how, people: peopleIn(body, '请选择由谁处理') } : { kind: 'repair', entry, how }
  },
  enterMinutes: (body) => ({ kind: 'enterMinutes', step: textIn(body, 'step'), meeting: readMeeting(body['meeting']) }),
} // prettier-ignore

const onTask = (body: Body): { task: string; onBehalfOf?: string } => ({
  task: textIn(body, 'task'),
  ...(isUuid(body['onBehalfOf']) ? { onBehalfOf: body['onBehalfOf'] } : {}),
})
function textIn(body: Body, key: string): string {
  const value = body[key]
  if (typeof value !== 'string' || value === '' || value.length > 200) throw new Refusal('badRequest', `缺少 ${key}`)
  return value
}
function personIn(body: Body, key: string, message: string): string {
  const value = body[key]
  if (!isUuid(value)) throw invalid([{ field: key, message }])
  return value
}
function peopleIn(body: Body, message: string): string[] {
  const people = ids(body['people'])
  if (people.length === 0) throw invalid([{ field: 'people', message }])
  if (people.length > 50) throw invalid([{ field: 'people', message: '一次最多选 50 人' }])
  return people
}
function oneOf<T extends string>(body: Body, key: string, values: readonly T[]): T {
  const value = values.find((one) => one === body[key])
  if (!value) throw new Refusal('badRequest', `${key} 不对`)
  return value
}
/** People chosen for later steps, by step. */
function chosenOf(body: Body): { chosen?: Record<string, string[]> } {
  const given = body['chosen']
  return isObject(given) ? { chosen: Object.fromEntries(Object.entries(given).map(([step, people]) => [step, ids(people)])) } : {}
}

function readVerdicts(given: unknown): Record<string, Verdict> {
  if (!isObject(given) || Object.keys(given).length === 0) throw new Refusal('badRequest', '请先逐项作出结论')
  const problems: FieldProblem[] = []
  const verdicts: Record<string, Verdict> = {}
  for (const [item, one] of Object.entries(given)) {
    const verdict = readVerdict(one)
    if (typeof verdict === 'string') problems.push({ field: `verdicts.${item}`, message: verdict })
    else verdicts[item] = verdict
  }
  if (problems.length) throw invalid(problems)
  return verdicts
}
/** One verdict, or what is wrong with it. */
function readVerdict(given: unknown): Verdict | string {
  if (!isObject(given)) return '结论的格式不对'
  const cases = given['supervisedCases']
  if (cases !== undefined && (typeof cases !== 'number' || !Number.isInteger(cases) || cases < 1 || cases > 999))
    return '带教例数须为 1–999 的整数'
  const supervised = typeof cases === 'number' ? { supervisedCases: cases } : {}
  const reason = text(given['reason'], 500)
  switch (given['say']) {
    case 'pass':
      return { say: 'pass', ...supervised }
    case 'narrow':
      return typeof given['to'] === 'string' && given['to'] ? { say: 'narrow', to: given['to'], ...supervised } : '请选择限定的范围'
    case 'refuse':
    case 'return':
      return reason ? { say: given['say'], reason } : given['say'] === 'refuse' ? '请填写不通过的理由' : '请填写退回的理由'
    case 'abstain':
      return { say: 'abstain' }
    case 'recuse':
      return { say: 'recuse', ...(reason ? { reason } : {}) }
    default:
      return '没有这种结论'
  }
}

const ids = (value: unknown): string[] => (Array.isArray(value) ? value.filter(isUuid) : [])
const count = (value: unknown): number => (typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : Number.NaN)
function readMeeting(given: unknown): Meeting {
  if (!isObject(given)) throw new Refusal('badRequest', '缺少会议内容')
  const problems: FieldProblem[] = []
  if (!isDay(given['date'])) problems.push({ field: 'meeting.date', message: '请填写会议日期' })
  if (!isUuid(given['scan'])) problems.push({ field: 'meeting.scan', message: '请上传会议纪要扫描件' })
  if (ids(given['members']).length === 0) problems.push({ field: 'meeting.members', message: '请填写应到人员' })
  if (ids(given['present']).length === 0) problems.push({ field: 'meeting.present', message: '请勾选实到人员' })
  const lines = (Array.isArray(given['lines']) ? given['lines'] : []).map((line: unknown, i) => {
    const one = isObject(line) ? line : {}
    const votes = { for: count(one['for']), against: count(one['against']), abstain: count(one['abstain']) }
    const result = readVerdict(one['result'])
    if (typeof result === 'string' || result.say === 'abstain' || result.say === 'recuse')
      problems.push({ field: `meeting.lines.${i}.result`, message: typeof result === 'string' ? result : '请填写结论' })
    if (Object.values(votes).some(Number.isNaN)) problems.push({ field: `meeting.lines.${i}.for`, message: '请填写票数' })
    return {
      item: typeof one['item'] === 'string' ? one['item'] : '',
      recused: ids(one['recused']),
      ...votes,
      result: result as Meeting['lines'][number]['result'],
      ...(one['byChair'] === true ? { byChair: true } : {}),
    }
  })
  if (lines.length === 0) problems.push({ field: 'meeting.lines', message: '请填写每一项的结果' })
  if (problems.length) throw invalid(problems)
  const place = text(given['place'], 100)
  const membersReason = text(given['membersReason'], 300)
  return {
    date: given['date'] as string,
    members: ids(given['members']),
    present: ids(given['present']),
    lines,
    scan: given['scan'] as string,
    ...(place ? { place } : {}),
    ...(membersReason ? { membersReason } : {}),
  }
}

/** What a flow may further want of whoever asks: his signature, and whom he chooses for its steps. */
export const furtherOf = (signature: unknown, chosen: unknown): Pick<SubmitOptions, 'signature' | 'chosen'> => ({
  ...(isUuid(signature) ? { signature } : {}),
  ...(chosen && typeof chosen === 'object' ? { chosen: chosen as Record<string, string[]> } : {}),
})
