import { invalid, isDay, isUuid, Refusal, type FieldProblem } from '#model'
import type { Meeting, Verdict } from '#kernel/model/flow/index.ts'
import type { GivenAct } from './approvals.ts'

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
  }
  switch (kind) {
    case 'withdraw':
    case 'resubmit':
      return { ...base, kind }
    case 'approve':
    case 'reject':
      return { ...base, kind, task: taskOf(body) }
    case 'return':
      return {
        ...base,
        kind,
        task: taskOf(body),
        ...(isObject(body['to']) && typeof body['to']['step'] === 'string' ? { to: { step: body['to']['step'] } } : {}),
      }
    case 'decideItems':
      return { ...base, kind, task: taskOf(body), verdicts: readVerdicts(body['verdicts']) }
    case 'transfer':
      if (!isUuid(body['to'])) throw invalid([{ field: 'to', message: '请选择转办给谁' }])
      return { ...base, kind, task: taskOf(body), to: body['to'] }
    case 'enterMinutes':
      if (typeof body['step'] !== 'string') throw new Refusal('badRequest', '缺少 step')
      return { ...base, kind, step: body['step'], meeting: readMeeting(body['meeting']) }
    default:
      throw new Refusal('badRequest', '没有这种操作')
  }
}

function taskOf(body: Body): string {
  if (typeof body['task'] !== 'string') throw new Refusal('badRequest', '缺少 task')
  return body['task']
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
      item: String(one['item']),
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
