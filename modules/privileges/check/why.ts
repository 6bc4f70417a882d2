import { dayOf, isDay, isUuid, parseInstant, Refusal } from '#model'
import { audit } from '#kernel/server/audit/audit.ts'
import { personOf, type Context } from '#kernel/server/context.ts'
import type { Server } from '#kernel/server/http/server.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { loadRecord } from '#kernel/server/records/load.ts'
import { reaches } from '#kernel/server/records/rights-over.ts'
import { checkPrivilege, nameSeniors } from './check.rules.ts'
import { resultLabels, roleLabels, type CheckRole } from './codes.rules.ts'
import { keeperOf } from './keeper.ts'
import type { Memory } from './memory.ts'

type Query = Partial<Record<'practitioner' | 'procedure' | 'role' | 'at' | 'day' | 'campus' | 'urgency', string>>

/** GET /api/privileges/why: the large answer, the sentence, the whole chain, the act that cures it, and who else can. */
export function whyRoute({ app, kernel, contextOf }: Server): void {
  app.get<{ Querystring: Query }>('/api/privileges/why', { config: { who: { right: 'privileges.why' } } }, async (request) => {
    const ctx = await contextOf(request)
    const answer = await why(kernel, ctx, request.query)
    await audit(ctx, {
      act: 'privileges.why',
      outcome: 'done',
      resource: 'staff.practitioner',
      record: answer.practitioner.id,
      detail: { procedure: answer.procedure.id },
    })
    return answer
  })
}

/** Why, or why not, for a person that the actor may ask about. Always of this moment's records. */
export async function why(kernel: Kernel, ctx: Context, query: Query) {
  const keeper = keeperOf(kernel)
  const [id] = await Promise.all([mayAskAbout(kernel, ctx, query.practitioner), keeper.refresh()])
  const { memory } = keeper
  const person = memory.people.get(id)
  const procedure = memory.procedures.get(query.procedure ?? '')
  if (!person || !procedure) throw new Refusal('notFound', procedure ? undefined : '没有这项手术')
  const { practitioner } = person
  const today = dayOf(ctx.clock.now())
  const [day, role, urgency] = [readDay(query, today), readRole(query.role), readUrgency(query.urgency)]
  const campus = query.campus ? memory.unit(query.campus) : memory.campusOf(practitioner.unit)
  if (query.campus && !campus) throw new Refusal('badRequest', '没有这个院区')
  const site = memory.siteOf(campus?.id ?? null)
  const question = { role, day, today, urgency }
  const judged = checkPrivilege(memory.factsOf(person, procedure, site), question)
  const seniors =
    judged.result === 'allowedUnderSupervision'
      ? memory.seniors(procedure, { except: id, unit: practitioner.unit, day, today, site, most: 3 })
      : []
  return {
    practitioner: {
      id,
      name: practitioner.name,
      staffNumber: practitioner.staffNumber,
      title: practitioner.appointedTitle,
      unit: practitioner.unit,
      unitName: ctx.directory.unitName(practitioner.unit),
    },
    procedure: {
      id: procedure.id,
      name: procedure.name,
      codeSystem: procedure.codeSystem,
      version: procedure.codeVersion,
      code: procedure.code,
      level: procedure.level,
      restricted: procedure.restricted,
    },
    campus: campus ? { id: campus.id, code: campus.code, name: campus.name } : null,
    day,
    role,
    roleLabel: roleLabels[role],
    urgency,
    mode: memory.modeFor(practitioner.unit, urgency),
    word: resultLabels[judged.result],
    ...nameSeniors(judged, seniors),
    others: whoElse(memory, procedure.id, { except: id, unit: practitioner.unit, ask: question, site }),
  }
}

/** His own always comes through the scope "own"; another's only where the right reaches. What he may not see does not exist for him. */
async function mayAskAbout(kernel: Kernel, ctx: Context, given: string | undefined): Promise<string> {
  const id = given ?? personOf(ctx.actor)
  if (!isUuid(id)) throw new Refusal('badRequest', '请选择医务人员')
  const filter = kernel.access.scopeOf(ctx.actor, 'privileges.why', 'staff.practitioner')
  const c = kernel.resource('staff.practitioner')
  const record = await loadRecord(kernel, ctx, c, id)
  if (!record || !(await reaches(kernel, ctx, c, filter, record))) throw new Refusal('notFound')
  return id
}
function readDay({ at, day }: Query, today: string): string {
  if (!at) return isDay(day) ? day : today
  const instant = parseInstant(at)
  if (!instant) throw new Refusal('badRequest', 'at 须为带时区的时间，如 2026-06-30T08:00:00+08:00')
  return dayOf(instant)
}
function readRole(role: string | undefined): CheckRole {
  if (role === undefined) return 'operator'
  if (!Object.hasOwn(roleLabels, role)) throw new Refusal('badRequest', 'role 须为 operator、firstAssistant 或 supervisor')
  return role as CheckRole
}
const readUrgency = (text: string | undefined): 'elective' | 'emergency' | null =>
  text === 'elective' || text === 'emergency' ? text : null

interface Around {
  except: string
  unit: string | null
  ask: Parameters<typeof checkPrivilege>[1]
  site: ReturnType<Memory['siteOf']>
}
const mostOthers = 20
/** Who else can do it that day without anybody beside him: the same department first. */
function whoElse(memory: Memory, procedure: string, { except, unit, ask, site }: Around) {
  const able = memory.grantedFor(procedure).flatMap((person) => {
    const { practitioner: p, grants } = person
    if (p.id === except) return []
    const answer = checkPrivilege(memory.factsOf(person, memory.procedures.get(procedure)!, site), ask)
    if (answer.result !== 'allowed') return []
    const until = answer.chain.find((l) => l.code === 'grant')?.on ?? grants.find((g) => g.procedure === procedure)?.to ?? null
    return [
      {
        id: p.id,
        name: p.name,
        title: p.appointedTitle,
        unit: p.unit,
        unitName: p.unit ? (memory.unit(p.unit)?.name ?? '') : '',
        sameUnit: p.unit === unit,
        until,
      },
    ]
  })
  return able.sort((a, b) => Number(b.sameUnit) - Number(a.sameUnit) || a.name.localeCompare(b.name, 'zh')).slice(0, mostOthers)
}
