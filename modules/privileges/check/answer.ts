import { checkPrivilege, decide, nameSeniors, stricter, unanswerable, type Senior } from './check.rules.ts'
import type { CheckCode, CheckResult } from './codes.rules.ts'
import type { Cure, PrivilegeAnswer, PrivilegeFacts, Reason } from './facts.rules.ts'
import type { LoadedProcedure, PersonFacts } from './load.ts'
import { staffNumbers, type CodeTarget, type Memory } from './memory.ts'
import type { AskedCode, Question, Who } from './question.ts'

export interface ProcedureAnswer {
  asked: AskedCode
  /** What the code means here; more than one where a mapping is 1:n, and then the strictest answer counts. */
  procedures: {
    id: string
    name: string
    codeSystem: string
    version: string
    code: string
    level: string | null
    by: CodeTarget['by']
    confirmed: boolean
  }[]
  /** What counts for the asker: `recorded` in the mode 仅记录. */
  result: CheckResult | 'recorded'
  /** In the mode 仅记录: what the answer would have been. */
  would: CheckResult | null
  mode: 'record' | 'warn' | 'block'
  warning: boolean
  sentence: string
  reasons: Reason[]
  notices: Reason[]
  seniors: readonly Senior[]
  cure: Cure | null
  /** Id of the durable record. */
  record: string
}
/** An answer, and what its record says of the person beside. */
export interface Answered {
  answer: QuestionAnswer
  unit: string | null
}
export interface QuestionAnswer {
  practitioner: { id: string; name: string; staffNumber: string | null; note: string | null } | null
  role: Question['role']
  at: string
  day: string
  campus: { id: string; code: string; name: string } | null
  /** The strictest over all procedures. */
  result: CheckResult | 'recorded'
  would: CheckResult | null
  answers: ProcedureAnswer[]
}

/** Facts other than the memory's: as they were known at an earlier moment. */
export interface KnownThen {
  person: PersonFacts | null
  procedure(id: string): LoadedProcedure | null
}
interface Unknown {
  code: CheckCode
  text: string
}
type Found = { person: PersonFacts; note: string | null } | Unknown

/** Answers one question out of the memory. Pure but for the memory; asked again when that has moved on. */
export function answerQuestion(
  memory: Memory,
  q: Question,
  today: string,
  recordIds: readonly string[],
  then: KnownThen | null = null,
): Answered {
  const found = identify(memory, q.who, q.day)
  const campus = q.campus === null ? null : memory.unit(q.campus)
  const person = 'person' in found ? (q.knownAt ? (then?.person ?? null) : found.person) : null
  const unknown: Unknown | null =
    'code' in found
      ? found
      : campus === undefined
        ? { code: 'unknownCampus', text: `没有编码为“${q.campus}”的院区` }
        : person
          ? null
          : { code: 'unknownPractitioner', text: '当时没有登记此人' }
  const mode = memory.modeFor(person?.practitioner.unit ?? null, q.urgency)
  const site = memory.siteOf(campus?.id ?? null)
  let worst: CheckResult = 'allowed'
  const answers = q.procedures.map((asked, i): ProcedureAnswer => {
    const targets = targetsOf(memory, asked)
    const known = 'code' in targets ? [] : targets
    const fault = unknown ?? ('code' in targets ? targets : null)
    const judged = fault ? unanswerable(fault.code, fault.text) : judge(memory, person!, known, { q, site, today, then })
    const said = known.some((t) => !t.confirmed) ? withNotice(judged, asked) : judged
    const seniors = seniorsFor(memory, person, known, said, { q, site, today })
    const { sentence } = seniors.length ? nameSeniors(said, seniors) : said
    worst = stricter(worst, said.result)
    const { result, would, warning } = decide(mode, said.result)
    const { reasons, notices, cure } = said
    return {
      asked,
      procedures: known.map((t) => shown(memory, t)),
      result,
      would,
      mode,
      warning,
      sentence,
      reasons,
      notices,
      seniors,
      cure,
      record: recordIds[i]!,
    }
  })
  const p = person?.practitioner
  const answer: QuestionAnswer = {
    practitioner: p ? { id: p.id, name: p.name, staffNumber: p.staffNumber, note: 'note' in found ? found.note : null } : null,
    role: q.role,
    at: q.at.toISOString(),
    day: q.day,
    campus: campus ? { id: campus.id, code: campus.code, name: campus.name } : null,
    result: mode === 'record' ? 'recorded' : worst,
    would: mode === 'record' ? worst : null,
    answers,
  }
  return { answer, unit: p?.unit ?? null }
}

/** Whose number this was on that day. Zeros lost on the way are put back when only one person can be meant, and that is said. */
export function identify(memory: Memory, who: Who, day: string): Found {
  if ('id' in who) {
    const person = memory.people.get(who.id)
    return person ? { person, note: null } : { code: 'unknownPractitioner', text: `没有标识为 ${who.id} 的人员` }
  }
  const [system, value, word] =
    'staffNumber' in who ? [staffNumbers, who.staffNumber, '工号'] : [who.system, who.value, `${who.system}标识`]
  const exact = memory.holdersOf(system, value, day)
  const found = exact.length ? exact : memory.holdersOf(system, value, day, true)
  if (found.length === 0) return { code: 'unknownPractitioner', text: `没有${word}为“${value}”的人员` }
  if (found.length > 1) return { code: 'ambiguousPractitioner', text: `${word}“${value}”对应 ${found.length} 名人员，请改用其他标识` }
  const person = found[0]!
  return {
    person,
    note: exact.length
      ? null
      : `${word}“${value}”按补足前导零识别为${person.practitioner.name}${person.practitioner.staffNumber ? `（${person.practitioner.staffNumber}）` : ''}`,
  }
}

function targetsOf(memory: Memory, { codeSystem, code, version }: AskedCode): CodeTarget[] | Unknown {
  const targets = memory.targetsOf(codeSystem, code, version)
  if (targets.length) return targets
  if (!memory.hasSystem(codeSystem))
    return { code: 'unknownCodeSystem', text: `没有编码体系“${codeSystem}”（已有：${[...memory.systems].sort().join('、') || '无'}）` }
  return { code: 'unmappedCode', text: `编码“${code}”（${codeSystem}${version ? ` ${version}` : ''}）未对照到院内手术目录` }
}
function shown(memory: Memory, t: CodeTarget): ProcedureAnswer['procedures'][number] {
  const { id, name, codeSystem, codeVersion, code, level } = memory.procedures.get(t.procedure)!
  return { id, name, codeSystem, version: codeVersion, code, level, by: t.by, confirmed: t.confirmed }
}

interface Ask {
  q: Question
  site: PrivilegeFacts['site']
  today: string
  then?: KnownThen | null
}
/** Where a code means several procedures the strictest answer is given. */
function judge(memory: Memory, person: PersonFacts, targets: readonly CodeTarget[], { q, site, today, then }: Ask): PrivilegeAnswer {
  let worst: PrivilegeAnswer | null = null
  for (const { procedure: id } of targets) {
    const procedure = then ? then.procedure(id) : memory.procedures.get(id)!
    const answer = procedure
      ? checkPrivilege(memory.factsOf(person, procedure, site), { role: q.role, day: q.day, today, urgency: q.urgency }, false)
      : unanswerable('unmappedCode', '当时院内手术目录中没有此手术')
    if (!worst || stricter(worst.result, answer.result) !== worst.result) worst = answer
  }
  return worst!
}
function withNotice(answer: PrivilegeAnswer, asked: AskedCode): PrivilegeAnswer {
  const text = `编码“${asked.code}”（${asked.codeSystem}）的对照尚未确认`
  const notice: Reason = {
    code: 'unconfirmedMapping',
    effect: 'notes',
    label: '对照未确认',
    rule: '编码对照尚未由人员确认',
    record: null,
    resource: 'privileges.codeMapping',
    on: null,
    text,
  }
  return { ...answer, notices: [notice, ...answer.notices], sentence: `${answer.sentence.slice(0, -1)}（${text}）。` }
}
const nobody: readonly Senior[] = []
function seniorsFor(
  memory: Memory,
  person: PersonFacts | null,
  targets: readonly CodeTarget[],
  answer: PrivilegeAnswer,
  { q, site, today }: Ask,
): readonly Senior[] {
  const procedure = targets[0] && memory.procedures.get(targets[0].procedure)
  if (!person || !procedure || answer.result !== 'allowedUnderSupervision') return nobody
  return memory.seniors(procedure, { except: person.practitioner.id, unit: person.practitioner.unit, day: q.day, today, site, most: 3 })
}
