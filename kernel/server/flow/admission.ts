import {
  dayOf,
  invalid,
  kindOf,
  matches,
  readPath,
  today,
  type AdmissionView,
  type ApiRecord,
  type Day,
  type FieldProblem,
  type Filter,
} from '#model'
import { admissionModes, isEnded, type Act, type Admission, type AdmissionMode } from '#kernel/model/flow/index.ts'
import {
  amountText,
  basisText,
  dayOfUse,
  layers,
  satisfies,
  splitRule,
  type BindingValue,
  type StepRule,
} from '#kernel/model/rules/index.ts'
import { planningOf, type Planning } from '../clock/planning.ts'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { loadRecord } from '../records/load.ts'
import type { CompiledResource } from '../store/compiled.ts'
import type { Instance } from './instances.ts'
import type { Subject } from './subject.ts' // prettier-ignore

/** What each condition of an approval says of it: by which rule, how strictly, and which lines do not keep it. */
export async function admissionsOf(
  kernel: Kernel,
  ctx: Pick<Context, 'db' | 'clock' | 'directory'>,
  { id, definition, state }: Pick<Instance, 'id' | 'definition' | 'state'>,
  subject: Subject,
): Promise<AdmissionView[]> {
  const list = definition.admissions ?? []
  if (list.length === 0) return []
  const planning = await planningOf(kernel)
  const { c, shown } = subject
  const own = c.r.owner.department ? shown[c.r.owner.department] : null
  const unit = typeof own === 'string' ? own : (ctx.directory.people.get(state.applicant)?.unit ?? null)
  // What is decided was decided under the rule of that day.
  const decidedOn = isEnded(state) ? state.chain.at(-1)?.at : undefined
  const [begun] = await ctx.db.query<{ at: string }>(`SELECT started_at AS at FROM kernel.flow_instance WHERE id = $1::uuid`, [id])
  const days = {
    startedOn: dayOf(new Date(begun!.at)),
    today: decidedOn ? dayOf(new Date(decidedOn)) : today(ctx.clock),
  }
  const lines = linesOf(subject, state)
  const views: AdmissionView[] = []
  for (const one of list) {
    const about = lines === null || !one.lines ? null : lines.filter((line) => isAbout(kernel, ctx, one.lines as Filter, line))
    views.push(judge({ planning, unit, days }, one, await factOf(kernel, ctx, c, shown, one.fact), about))
  }
  return views
}
type Line = { id: string } & Record<string, unknown>
/** The lines that this approval answers for and that may still be, or were, granted. */
function linesOf({ c, shown, request }: Subject, state: Instance['state']): Line[] | null {
  if (!c.r.items || request) return null
  const out: ReadonlySet<string> = new Set(['refused', 'returned'])
  return ((shown[c.r.items] ?? []) as Line[]).filter(({ id }) => {
    const line = state.items[id]
    return line !== undefined && !line.splitTo && !out.has(line.state)
  })
}
function isAbout(kernel: Kernel, ctx: Pick<Context, 'db' | 'clock' | 'directory'>, filter: Filter, line: Line): boolean {
  const world = kernel.world({ ...(ctx as Context), actor: { kind: 'system', reason: 'flow' } })
  return matches(filter, line, { ...world, read: readPath })
}

interface Fact {
  raw: unknown
  text: string
  label: string
}
/** A field of the record, or of the living record that a reference names. */
async function factOf(kernel: Kernel, ctx: Pick<Context, 'db'>, c: CompiledResource, shown: ApiRecord, path: string): Promise<Fact> {
  const [head, inner] = path.split('.') as [string, string?]
  const through = inner === undefined ? null : kernel.resource(c.byKey.get(head)!.target!)
  const id = shown[head]
  const record = !through ? shown : typeof id === 'string' ? await loadRecord(kernel, ctx, through, id, { deleted: true }) : null
  const field = (through ?? c).r.fields[inner ?? head]!
  const raw = record?.[inner ?? head] ?? null
  return { raw, text: raw === null ? '未登记' : kindOf(field).format(raw, field, (_, value) => value), label: field.label }
}

interface Judging {
  planning: Planning
  unit: string | null
  days: { startedOn: Day; today: Day }
}
function judge({ planning, unit, days }: Judging, one: Admission<unknown>, fact: Fact, about: readonly Line[] | null): AdmissionView {
  const { key, value } = splitRule(one.by.rule)
  const on = (day: Day) => planning.bindingOf(key, day, unit)
  const binding = on(dayOfUse(one.by, days))
  const bound = binding?.values[value]
  const demands = (name: string | undefined) => {
    const said = name ? binding?.values[splitRule(name).value]?.value : undefined
    return said?.order === 'flag' && said.flag
  }
  const mode: AdmissionMode = demands(one.block) ? 'block' : demands(one.explain) ? 'explain' : 'hint'
  const concerns = about === null || about.length > 0
  const isAsked = bound !== undefined && concerns
  const holds = isAsked ? satisfies(bound.value, fact) : null
  return {
    id: one.id,
    label: one.label,
    asOf: one.by.asOf,
    mode,
    modeLabel: admissionModes[mode],
    concerns,
    holds,
    fact: `${fact.label}：${fact.text}`,
    lines: holds === false && about ? about.map(({ id }) => id) : [],
    rule: ruleOf(key, { bound, start: on(days.startedOn)?.values[value], now: on(days.today)?.values[value] }, binding?.label ?? on(days.today)?.label ?? one.label),
  }
} // prettier-ignore
function ruleOf(
  key: string,
  { bound, start, now }: { bound: BindingValue | undefined; start: BindingValue | undefined; now: BindingValue | undefined },
  label: string,
): StepRule {
  const text = bound ? amountText(bound.value) : null
  const said = (other: BindingValue | undefined) => (other === undefined ? null : amountText(other.value))
  return {
    key,
    label,
    text,
    layer: bound ? layers[bound.card.layer] : null,
    basis: bound ? basisText(bound.card.basis) : null,
    version: bound?.card.from ?? null,
    today: said(now) === text ? null : said(now),
    start: said(start) === text ? null : (said(start) ?? '尚无规定'),
  }
}

type Said = Pick<Act, 'kind'> &
  Partial<{
    opinion: string
    verdicts: Readonly<Record<string, { say: string }>>
    meeting: { lines: readonly { item: string; result: { say: string } }[] }
  }>
const consents: ReadonlySet<string> = new Set(['pass', 'narrow'])
/** Consent to what does not keep its conditions: refused at the line, or wants an opinion. Whatever is not consented to needs neither. */
export async function needAdmitted(kernel: Kernel, ctx: Context, instance: Instance, subject: Subject, given: Said): Promise<void> {
  if (!instance.definition.admissions?.length || !isConsent(given.kind)) return
  const passed = given.kind === 'approve' ? null : passedLines(given)
  const problems: FieldProblem[] = []
  for (const one of await admissionsOf(kernel, ctx, instance, subject)) {
    const lines = passed && one.lines.length ? one.lines.filter((id) => passed.has(id)) : one.lines
    const isMeant = one.holds === false && (passed === null || (one.lines.length ? lines.length > 0 : passed.size > 0))
    if (!isMeant || one.mode === 'hint') continue
    const why = `不符合“${one.label}”：${one.rule.label}${one.rule.text ?? ''}，${one.fact}`
    if (one.mode === 'block') problems.push(...placesOf(given, lines).map((field) => ({ field, message: `${why}，不能通过` })))
    else if (!given.opinion?.trim()) problems.push({ field: 'opinion', message: `${why}，同意须在意见中说明理由` })
  }
  if (problems.length) throw invalid(problems)
} // prettier-ignore
const isConsent = (kind: string): boolean => kind === 'approve' || kind === 'decideItems' || kind === 'enterMinutes'
function passedLines({ verdicts, meeting }: Said): Set<string> {
  const said = meeting ? meeting.lines.map(({ item, result }) => [item, result] as const) : Object.entries(verdicts ?? {})
  return new Set(said.flatMap(([id, { say }]) => (consents.has(say) ? [id] : [])))
}
const placesOf = ({ kind, meeting }: Said, lines: readonly string[]): string[] =>
  lines.length === 0
    ? ['act']
    : lines.map((id) =>
        kind === 'enterMinutes' ? `meeting.lines.${meeting!.lines.findIndex(({ item }) => item === id)}.result` : `verdicts.${id}`,
      )
