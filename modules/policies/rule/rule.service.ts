import { dayOf, invalid, isDay, isUuid, Refusal, today, type FieldProblem } from '#model'
import { add } from '#kernel/model/clock/index.ts'
import {
  amountText,
  asDuration,
  basisText,
  type Binding,
  type BindingValue,
  byWidth,
  cardOfRecord,
  changesBetween,
  compare,
  isAbove,
  isOn,
  layers,
  type RuleCard,
  type RuleUse,
  standing,
  tighteningProblems,
  touchedBy,
  valueOfRow,
} from '#kernel/model/rules/index.ts'
import { ruleUsesOf } from '#kernel/model/rule-uses.ts'
import { audit } from '#kernel/server/audit/audit.ts'
import { planningOf, type Planning } from '#kernel/server/clock/planning.ts'
import type { Context } from '#kernel/server/context.ts'
import { personOf } from '#kernel/server/context.ts'
import { bodyOf } from '#kernel/server/http/routes/records.ts'
import type { Server } from '#kernel/server/http/server.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { flowsInForce } from '#kernel/server/flow/in-force.ts'
import { remindersInForce } from '#kernel/server/reminders/in-force.ts'
import { createRecord } from '#kernel/server/records/write.ts'
import { service } from '#kernel/server/service.ts'
import type { CardView, RuleAnswer, RuleLine, RuleList, ValueView } from './rule.rules.ts'

const usesOf = async (kernel: Kernel): Promise<RuleUse[]> =>
  ruleUsesOf(kernel.defs, await flowsInForce(kernel), await remindersInForce(kernel))
const pathOf = (ctx: Context, unit: string | null): string[] => (unit ? ctx.directory.pathOf(unit) : [])
const unitAnswer = (ctx: Context, unit: string | null) => (unit ? { id: unit, name: ctx.directory.unitName(unit) } : null)

/** Every rule as it binds a unit on a day. */
async function listRules(kernel: Kernel, ctx: Context, unit: string | null, day: string): Promise<RuleList> {
  const planning = await planningOf(kernel)
  const uses = await usesOf(kernel)
  const keys = [...new Set(planning.rules.cards.map((card) => card.key))]
  const rules = keys.flatMap((key): RuleLine[] => {
    const binding = planning.bindingOf(key, day, unit)
    return binding ? [lineOf(binding, touchedBy(uses, key).length)] : []
  })
  return { unit: unitAnswer(ctx, unit), day, rules }
}
function lineOf(binding: Binding, uses: number): RuleLine {
  const first = (binding.cards[0] ?? binding.unsigned[0])!
  return {
    key: binding.key,
    label: binding.label,
    values: Object.values(binding.values).map(({ name, value, card }) => ({
      name,
      text: `${value.label}${amountText(value)}`,
      layer: card.layer,
    })),
    basis: basisText(first.basis),
    certainty: first.certainty,
    layers: [...new Set([...binding.cards, ...binding.unsigned].map((card) => card.layer))],
    unsigned: binding.unsigned.length,
    uses,
  }
}

/** A rule with all its layers side by side, its versions and what it touches. */
async function ruleAnswer(kernel: Kernel, ctx: Context, key: string, unit: string | null, day: string): Promise<RuleAnswer> {
  const planning = await planningOf(kernel)
  const path = pathOf(ctx, unit)
  const all = planning.rules.cards.filter((card) => card.key === key && (card.unit === null || path.includes(card.unit)))
  const known = planning.rules.cards.find((card) => card.key === key)
  if (!known) throw new Refusal('notFound', '没有这条规则')
  const binding = planning.bindingOf(key, day, unit)
  const columns = standing(planning.rules, key, day, path)
  const view = (card: RuleCard) => cardView(ctx, planning, card, all, columns)
  const may = (action: 'create' | 'update') => kernel.access.can(ctx.actor, action, 'rules.card')
  const mayWrite = may('create')
  return {
    key,
    label: binding?.label ?? known.label,
    day,
    unit: unitAnswer(ctx, unit),
    columns: columns.map(view),
    values: Object.values(binding?.values ?? {}).map((value) => valueView(planning, value, unit, ctx.clock.now())),
    versions: [...all].sort((a, b) => (a.from === b.from ? byWidth(path)(a, b) : a.from < b.from ? 1 : -1)).map(view),
    uses: touchedBy(await usesOf(kernel), key),
    may: {
      sign: kernel.access.mayUse(ctx.actor, 'policies.sign'),
      write: !mayWrite ? [] : mayWrite.filter === null ? ['province', 'hospital', 'department'] : ['department'],
    },
  }
}
function cardView(ctx: Context, planning: Planning, card: RuleCard, all: readonly RuleCard[], columns: readonly RuleCard[]): CardView {
  const signature = planning.rules.signatures.find((s) => s.card === card.id)
  const before = all
    .filter((o) => o.layer === card.layer && o.unit === card.unit && o.from < card.from)
    .sort((a, b) => (a.from < b.from ? 1 : -1))[0]
  const on = isOn(card, planning.rules.signatures)
  return {
    card,
    layerName: card.unit ? `${layers[card.layer]} · ${ctx.directory.unitName(card.unit)}` : layers[card.layer],
    texts: Object.fromEntries(Object.entries(card.values).map(([name, value]) => [name, amountText(value)])),
    basis: basisText(card.basis),
    stands: columns.includes(card) && on,
    waits: !on,
    signature: signature ? { by: ctx.directory.nameOf(signature.by), on: signature.on } : null,
    checkedByName: card.checkedBy ? ctx.directory.nameOf(card.checkedBy) : null,
    changes: before ? changesBetween(before, card) : null,
  }
}
function valueView(planning: Planning, value: BindingValue, unit: string | null, now: Date): ValueView {
  const due = (of: BindingValue['value'] | null) => {
    const span = of && asDuration(of)
    if (!span) return null
    const { at, provisional } = add(span, now, planning.calendarOf(unit))
    return { at: at.toISOString(), provisional }
  }
  return {
    name: value.name,
    label: value.label,
    text: amountText(value.value),
    card: value.card.id,
    said: value.said.map(({ card, value: one }, at) => ({
      card: card.id,
      text: amountText(one),
      isBinding: card === value.card,
      // Laid down below the one that binds and looser all the same: an upper layer has been tightened since.
      isOverruled: compare(one, value.value) === 'looser' && at > value.said.findIndex((s) => s.card === value.card),
    })),
    due: due(value.value),
    lawDue: value.law && value.law !== value.value ? due(value.law) : null,
  } // prettier-ignore
}

/** A card of the hospital's own: complete, of the right unit, no looser than what stands above it, and unchanged once it is in force. */
async function checkCard(
  kernel: Kernel,
  ctx: Context,
  values: Readonly<Record<string, unknown>>,
  stored: Readonly<Record<string, unknown>> | null,
): Promise<FieldProblem[]> {
  const problems = rowProblems(values)
  const card = cardOfRecord({ ...values, id: stored?.['id'] ?? '' })
  const place = placeProblem(ctx, card)
  if (place) problems.push(place)
  if (stored && isUsed(ctx, stored, card)) problems.push({ field: 'from', message: '这一版已经生效，数值不能再改：请从某日起建立新的一版' })
  if (problems.length) return problems
  const planning = await planningOf(kernel)
  const isTwin = (o: RuleCard) => o.id !== card.id && o.key === card.key && o.layer === card.layer && o.unit === card.unit && o.from === card.from
  if (planning.rules.cards.some(isTwin)) return [{ field: 'from', message: '这一天起已有一版，请修改那一版，或另选日期' }]
  const path = card.unit ? ctx.directory.pathOf(card.unit) : []
  const above = standing(planning.rules, card.key, card.from, path).filter((o) => isAbove(o, card, path) && isOn(o, planning.rules.signatures))
  const names = (values['values'] as { name: string }[]).map((row) => row.name)
  const fieldOf = { max: 'amount', min: 'amount', subset: 'members', flag: 'flag' } as const
  return tighteningProblems(card, above).map(({ value, message }) => ({ field: `values.${names.indexOf(value)}.${fieldOf[card.values[value]!.order]}`, message }))
} // prettier-ignore
function rowProblems(values: Readonly<Record<string, unknown>>): FieldProblem[] {
  const rows = values['values'] as Parameters<typeof valueOfRow>[0][]
  return rows.flatMap((row, at): FieldProblem[] => {
    const value = valueOfRow(row)
    if ('field' in value) return [{ field: `values.${at}.${value.field}`, message: value.message }]
    return rows.findIndex((other) => other.name === row.name) === at ? [] : [{ field: `values.${at}.name`, message: '代号重复' }]
  })
}
function placeProblem(ctx: Context, card: RuleCard): FieldProblem | null {
  const unit = card.unit ? ctx.directory.units.get(card.unit) : null
  if (card.layer === 'department' && !unit) return { field: 'unit', message: '请选择科室' }
  if (card.layer === 'department' && ['group', 'institution'].includes(unit!.kind)) return { field: 'unit', message: '请选择院区或科室；全院规则请选“医院”层级' }
  return card.layer === 'hospital' && unit && unit.kind !== 'institution' ? { field: 'unit', message: '医院层级只能选医疗机构，或留空表示全院' } : null
} // prettier-ignore
/**
 * In force since a day before this one, and its meaning is being changed: the cases that began under it must find it as it was. An end may
 * be set at any time, and what was written today may be mended today.
 */
function isUsed(ctx: Context, stored: Readonly<Record<string, unknown>>, card: RuleCard): boolean {
  const before = cardOfRecord(stored)
  if (before.from >= today(ctx.clock)) return false
  const isSame = before.key === card.key && before.layer === card.layer && before.unit === card.unit && before.from === card.from
  const asBefore = { ...card, to: before.to, label: before.label, basis: before.basis, ...(before.note ? { note: before.note } : {}) }
  return !isSame || changesBetween(before, asBefore).some(({ what }) => !what.startsWith('说明'))
}

/** Somebody of the hospital answers for a proposed card: from now on it counts. */
async function sign(kernel: Kernel, ctx: Context, given: Record<string, unknown>): Promise<{ id: string }> {
  const { rules } = await planningOf(kernel)
  const card = rules.cards.find((c) => c.id === given['card'])
  const problems: FieldProblem[] = []
  if (!card) problems.push({ field: 'card', message: '没有这张规则卡' })
  else if (card.certainty !== 'C') problems.push({ field: 'card', message: '这张规则卡不需要签署' })
  else if (isOn(card, rules.signatures)) problems.push({ field: 'card', message: '这张规则卡已经签署' })
  const opinion = typeof given['opinion'] === 'string' ? given['opinion'].trim() : ''
  if (opinion === '') problems.push({ field: 'opinion', message: '请写明签署意见：依据核对到哪里，本院为何采用' })
  if (problems.length) throw invalid(problems)
  return kernel.transaction(ctx, async (tx) => {
    const draft = { card: card!.id, key: card!.key, by: personOf(tx.actor), on: today(tx.clock), opinion }
    const { record } = await createRecord(kernel, tx, 'rules.signature', draft, { byModule: true, act: 'sign' })
    await audit(tx, { act: 'rules.sign', outcome: 'done', resource: 'rules.signature', record: record.id, detail: { card: card!.id } })
    return { id: record.id }
  })
}

function routes({ app, kernel, contextOf }: Server): void {
  const config = { config: { who: { right: 'policies.rules' } } }
  type Query = { unit?: string; day?: string }
  const asked = (ctx: Context, { unit, day }: Query) => {
    if (unit && (!isUuid(unit) || !ctx.directory.units.has(unit))) throw new Refusal('badRequest', '没有这个科室')
    if (day && !isDay(day)) throw new Refusal('badRequest', '日期不对')
    return { unit: unit || null, day: day ?? dayOf(ctx.clock.now()) }
  }
  app.get<{ Querystring: Query }>('/api/rules', config, async (request) => {
    const ctx = await contextOf(request)
    const { unit, day } = asked(ctx, request.query)
    return listRules(kernel, ctx, unit, day)
  })
  app.get<{ Params: { key: string }; Querystring: Query }>('/api/rules/:key', config, async (request) => {
    const ctx = await contextOf(request)
    const { unit, day } = asked(ctx, request.query)
    return ruleAnswer(kernel, ctx, request.params.key, unit, day)
  })
  app.post('/api/rules/sign', { config: { who: { right: 'policies.sign' } } }, async (request, reply) => {
    const ctx = await contextOf(request)
    reply.status(201)
    return sign(kernel, ctx, bodyOf(request))
  })
}

export default service({ name: 'policies.rule', routes, checks: { 'rules.card': checkCard } })
