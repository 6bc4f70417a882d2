import { dayOf, invalid, isUuid, parseInstant, Refusal, type FieldProblem } from '#model'
import { roleLabels, type CheckRole } from './codes.rules.ts'

/** Who is asked about: our id, the staff number, or a number of another system. */
export type Who = { id: string } | { staffNumber: string } | { system: string; value: string }
export interface AskedCode {
  codeSystem: string
  code: string
  version: string | null
}
export interface Question {
  who: Who
  procedures: AskedCode[]
  role: CheckRole
  at: Date
  /** The hospital's day of `at`. */
  day: string
  /** As sent: code or id of a unit. */
  campus: string | null
  urgency: 'elective' | 'emergency' | null
  caseId: string | null
  replayOf: string | null
  /** When it was first asked. */
  askedAt: Date
  /** The records as they were known then; null: as they are now. */
  knownAt: Date | null
  explanation: string | null
}

/** So many procedures in one call, over all its questions. */
export const maxItems = 1000

/** Reads the body of a call: one question, or `{ questions: [...] }`. What is not understood is named by its path; nothing is guessed. */
export function readQuestions(body: unknown, now: Date): { questions: Question[]; isList: boolean } {
  const list = isObject(body) && Array.isArray(body['questions']) ? (body['questions'] as unknown[]) : null
  if (!list && !isObject(body)) throw new Refusal('badRequest', '请求须为一个问题，或 {"questions": [...]}')
  if (list) refuseTooMany(list.length)
  const problems: FieldProblem[] = []
  const questions = (list ?? [body]).flatMap((one, i) => readQuestion(one, now, list ? `questions.${i}.` : '', problems) ?? [])
  if (list?.length === 0) problems.push({ field: 'questions', message: '至少一个问题' })
  if (problems.length) throw invalid(problems.slice(0, 100))
  refuseTooMany(questions.reduce((sum, q) => sum + q.procedures.length, 0))
  return { questions, isList: list !== null }
}
function refuseTooMany(count: number): void {
  if (count > maxItems)
    throw new Refusal('tooMany', `一次最多校验 ${maxItems} 项，本次有 ${count} 项，请分批发送`, { limit: maxItems, given: count })
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
const known = new Set([
  'practitioner',
  'procedures',
  'role',
  'at',
  'campus',
  'urgency',
  'caseId',
  'replayOf',
  'askedAt',
  'knownAt',
  'explanation',
])

function readQuestion(one: unknown, now: Date, path: string, problems: FieldProblem[]): Question | null {
  const before = problems.length
  const problem = (field: string, message: string) => void problems.push({ field: path + field, message })
  if (!isObject(one)) {
    problem('', '须为一个对象')
    return null
  }
  for (const key in one) if (!known.has(key)) problem(key, '没有这个字段')
  const reader = { one, problem }
  const who = readWho(one['practitioner'], problem)
  const procedures = readProcedures(one['procedures'], problem)
  const role = one['role'] ?? 'operator'
  if (typeof role !== 'string' || !Object.hasOwn(roleLabels, role))
    problem('role', '须为 operator（术者）、firstAssistant（一助）或 supervisor（指导）')
  const urgency = one['urgency'] ?? null
  if (urgency !== null && urgency !== 'elective' && urgency !== 'emergency') problem('urgency', '须为 elective（择期）或 emergency（急诊）')
  const askedAt = readInstant(reader, 'askedAt') ?? now
  const at = readInstant(reader, 'at') ?? askedAt
  const knownAt = readInstant(reader, 'knownAt')
  // Some minutes ahead are a clock that runs fast; more is no time at which anything was asked or known.
  if (askedAt.getTime() > now.getTime() + 300_000) problem('askedAt', '不能晚于现在')
  if (knownAt && knownAt.getTime() > now.getTime() + 300_000) problem('knownAt', '不能晚于现在')
  const [campus, caseId, replayOf, explanation] = [
    readText(reader, 'campus', 60),
    readText(reader, 'caseId', 80),
    readText(reader, 'replayOf', 80),
    readText(reader, 'explanation', 200),
  ]
  if (problems.length > before || !who || !procedures) return null
  return {
    who, procedures, role: role as CheckRole, at, day: hospitalDay(at), campus, urgency: urgency as Question['urgency'],
    caseId, replayOf, askedAt, knownAt, explanation,
  } // prettier-ignore
}

type Problem = (field: string, message: string) => void
interface Reader {
  one: Record<string, unknown>
  problem: Problem
}
// A NUL cannot be stored, and would fail a whole batch of other people's answers with it.
// oxlint-disable-next-line no-control-regex
const control = /[\u0000-\u001f]/
const isText = (value: unknown, max: number): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= max && !control.test(value)

function readText({ one, problem }: Reader, key: string, max: number): string | null {
  const value = one[key]
  if (value === undefined || value === null || value === '') return null
  if (isText(value, max)) return value
  problem(key, `须为不超过 ${max} 字的文字`)
  return null
}
function readInstant({ one, problem }: Reader, key: string): Date | null {
  const value = one[key]
  if (value === undefined || value === null) return null
  const at = parseInstant(value)
  if (!at) problem(key, '须为带时区的时间，如 2026-06-30T08:00:00+08:00')
  return at
}
function readWho(value: unknown, problem: Problem): Who | null {
  if (isObject(value)) {
    const { id, staffNumber, system, value: number } = value
    if (isUuid(id)) return { id }
    if (isText(staffNumber, 80)) return { staffNumber: staffNumber.trim() }
    if (isText(system, 40) && isText(number, 80)) return { system: system.trim(), value: number.trim() }
  }
  problem('practitioner', '须为 {"id"}、{"staffNumber"} 或 {"system", "value"}（文字，保留前导零）')
  return null
}
function readProcedures(value: unknown, problem: Problem): AskedCode[] | null {
  if (!Array.isArray(value) || value.length === 0) {
    problem('procedures', '至少一项手术')
    return null
  }
  const codes: AskedCode[] = []
  for (const [i, one] of (value as unknown[]).entries()) {
    if (i > maxItems) break
    const { codeSystem, code, version = null } = isObject(one) ? one : {}
    if (isText(codeSystem, 40) && isText(code, 60) && (version === null || isText(version, 20)))
      codes.push({ codeSystem, code: code.trim(), version })
    else if (typeof code === 'number') problem(`procedures.${i}.code`, '编码须为文字：数字会丢失末尾的零')
    else problem(`procedures.${i}`, '须为 {"codeSystem", "code", "version"（可省）}')
  }
  return codes
}

// Questions come by the thousand and nearly all fall on a few days: an hour has one day in the hospital's zone.
const days = new Map<number, string>()
/** The hospital's day of an instant, remembered by the hour. */
export function hospitalDay(at: Date): string {
  const hour = Math.floor(at.getTime() / 3_600_000)
  let day = days.get(hour)
  if (day === undefined) {
    if (days.size > 10_000) days.clear()
    days.set(hour, (day = dayOf(at)))
  }
  return day
}
