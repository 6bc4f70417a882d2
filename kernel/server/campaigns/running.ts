import { formatInstant, invalid, parseInstant, Refusal, today, type ApiRecord, type FieldProblem } from '#model'
import { v7 as uuidv7 } from 'uuid'
import { audit } from '../audit/audit.ts'
import type { Actor, Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { noteWork, tell, tellEach } from '../messages/messages.ts'
import { bulkCreate } from '../store/bulk.ts'
import { answerersOf, askedOf, keyOf, type Asked } from './asked.ts'
import { campaign, line, linePath, needManaged, needRunning, todoKey, writeCampaign } from './managed.ts'
import { askThem, closeAll } from './todos.ts'

/** Why it cannot begin, each at its field. */
export function startProblems(kernel: Kernel, ctx: Context, stored: ApiRecord): FieldProblem[] {
  const problems: FieldProblem[] = []
  const asked = askedOf(ctx, stored)
  if (asked.length === 0) problems.push({ field: 'to', message: stored['asked'] === 'units' ? '范围内没有科室' : '范围内没有在岗人员' })
  if (!isLater(ctx, stored['due'])) problems.push({ field: 'due', message: '截止时间须晚于现在' })
  const form = kernel.defs.resources.get(String(stored['form']))
  if (!form) problems.push({ field: 'form', message: '这个表单已停用' })
  else {
    const people = [...new Set(asked.flatMap((one) => answerersOf(ctx, one, stored['answerer'])))]
    const outside = people.filter((person) => !kernel.access.can(actorOf(ctx, person), 'create', form.name))
    const names = outside.slice(0, 5).map((person) => ctx.directory.nameOf(person)).join('、') // prettier-ignore
    if (outside.length) problems.push({ field: 'form', message: `${names}${outside.length > 5 ? `等 ${outside.length} 人` : ''}没有新增“${form.label}”的权限，无法填报` })
  }
  return problems
} // prettier-ignore
const actorOf = ({ directory, clock }: Context, person: string): Actor => ({ kind: 'person', person, account: person, name: '', roles: directory.rolesOf(person, today(clock)) }) // prettier-ignore
const isLater = (ctx: Context, due: unknown): boolean => (parseInstant(due)?.getTime() ?? 0) > ctx.clock.now().getTime()

/** Begins a campaign: everybody who is named has his line, his to-do and his message at once. */
export async function start(kernel: Kernel, ctx: Context, id: string, version: unknown): Promise<{ asked: number }> {
  return kernel.transaction(ctx, async (tx) => {
    const stored = await needManaged(kernel, tx, id, true)
    if (stored['status'] !== 'draft') throw new Refusal('flowRefused', '这个填报任务已经开始过')
    if (stored.version !== version) throw new Refusal('versionConflict', '填报任务已被他人修改，请核对后再开始')
    const problems = startProblems(kernel, tx, stored)
    if (problems.length) throw invalid(problems)
    const asked = askedOf(tx, stored)
    await writeCampaign(kernel, tx, stored, { status: 'running', startedAt: tx.clock.now().toISOString() }, 'campaign.start')
    await ask(kernel, tx, stored, asked)
    await audit(tx, { act: 'campaign.start', outcome: 'done', resource: campaign, record: id, detail: { asked: asked.length } })
    return { asked: asked.length }
  })
}
/** Asks whoever belongs to those named now and has no line yet. */
export async function addNewcomers(kernel: Kernel, ctx: Context, id: string): Promise<{ asked: number }> {
  return kernel.transaction(ctx, async (tx) => {
    const stored = await needRunning(kernel, tx, id)
    const before = await tx.db.query<Asked & object>(`SELECT person, unit FROM campaigns.line WHERE campaign = $1::uuid AND deleted_at IS NULL`, [id])
    const has = new Set(before.map(keyOf))
    const asked = askedOf(tx, stored).filter((one) => !has.has(keyOf(one)))
    await ask(kernel, tx, stored, asked)
    if (asked.length) await audit(tx, { act: 'campaign.add', outcome: 'done', resource: campaign, record: id, detail: { asked: asked.length } })
    return { asked: asked.length }
  })
} // prettier-ignore
async function ask(kernel: Kernel, tx: Context, stored: ApiRecord, asked: readonly Asked[]): Promise<void> {
  if (asked.length === 0) return
  const lines = asked.map((one) => ({ ...one, id: uuidv7() }))
  const nameOf = ({ person, unit }: Asked) => (person ? tx.directory.nameOf(person) : tx.directory.unitName(unit))
  const whole = lines.map((one) => ({ ...one, name: nameOf(one), campaign: stored.id, office: stored['unit'], status: 'open', late: false, records: 0, reminded: 0 }))
  await bulkCreate(kernel, tx, line, whole, { act: 'campaign.ask', batch: stored.id })
  const people = await askThem(tx, stored, lines, true)
  await tellThem(tx, stored, lines, { title: `请填报：${String(stored['title'])}`, kind: 'task', suffix: '' })
  await noteWork(tx, [...people])
} // prettier-ignore
/** A message a line to whoever answers it, once under its suffix. */
export async function tellThem(tx: Context, stored: ApiRecord, lines: readonly (Asked & { id: string })[], said: { title: string; kind: 'task' | 'urge'; suffix: string }): Promise<number> {
  const body = `截止 ${formatInstant(stored['due'] as string)}`
  const messages = lines.flatMap((one) =>
    answerersOf(tx, one, stored['answerer']).map((person) => ({ person, title: said.title, body: one.person ? body : `${tx.directory.unitName(one.unit)} · ${body}`, link: linePath(one.id), onceKey: `${todoKey(one.id)}${said.suffix}` })),
  )
  await tellEach(tx, messages, { kind: said.kind })
  return new Set(messages.map(({ person }) => person)).size
} // prettier-ignore

/** Gives them more time; those who have not answered see the new day. */
export async function extend(kernel: Kernel, ctx: Context, id: string, due: unknown): Promise<void> {
  await kernel.transaction(ctx, async (tx) => {
    const stored = await needRunning(kernel, tx, id)
    const instant = parseInstant(due)
    if (!instant) throw invalid([{ field: 'due', message: '请填写新的截止时间' }])
    if (!isLater(tx, due) || instant.getTime() <= new Date(stored['due'] as string).getTime()) throw invalid([{ field: 'due', message: '须晚于现在，也晚于原截止时间' }])
    const changes = { due: instant.toISOString() }
    await writeCampaign(kernel, tx, stored, changes, 'campaign.extend')
    const open = await tx.db.query<Asked & { id: string }>(`SELECT id, person, unit FROM campaigns.line WHERE campaign = $1::uuid AND status = 'open' AND deleted_at IS NULL`, [id])
    await noteWork(tx, [...(await askThem(tx, { ...stored, ...changes }, open, false))])
    await audit(tx, { act: 'campaign.extend', outcome: 'done', resource: campaign, record: id, detail: { from: stored['due'], to: changes.due } })
  })
} // prettier-ignore

/** Ends it: whoever is just answering comes before or too late, nobody half. */
export async function close(kernel: Kernel, ctx: Context, id: string): Promise<void> {
  await kernel.transaction(ctx, async (tx) => {
    await end(kernel, tx, await needRunning(kernel, tx, id))
  })
}
async function end(kernel: Kernel, tx: Context, stored: ApiRecord): Promise<void> {
  await writeCampaign(kernel, tx, stored, { status: 'closed', closedAt: tx.clock.now().toISOString() }, 'campaign.close')
  await closeAll(tx, stored.id)
  const [counts] = await tx.db.query<{ has: number; none: number; open: number }>(
    `SELECT count(*) FILTER (WHERE status = 'has')::int AS has, count(*) FILTER (WHERE status = 'none')::int AS none, count(*) FILTER (WHERE status = 'open')::int AS open FROM campaigns.line WHERE campaign = $1::uuid AND deleted_at IS NULL`,
    [stored.id],
  )
  const { has, none, open } = counts!
  await tell(tx, [stored['author'] as string], { kind: 'result', title: `填报任务已截止：${String(stored['title'])}`, body: `有 ${has}，无 ${none}，未报 ${open}`, link: `/r/${campaign}/${stored.id}` })
  await audit(tx, { act: 'campaign.close', outcome: 'done', resource: campaign, record: stored.id, detail: { ...counts } })
} // prettier-ignore
/** Ends those that end by themselves and whose time is over. Two processes may try: the second finds it ended. */
export async function closeDue(kernel: Kernel): Promise<number> {
  const rows = await kernel.db.query<{ id: string }>(`SELECT id FROM campaigns.campaign WHERE status = 'running' AND closes_at_due AND due <= $1::timestamptz AND deleted_at IS NULL`, [kernel.clock.now().toISOString()])
  let closed = 0
  for (const { id } of rows) {
    const ctx = await kernel.context({ kind: 'system', reason: '填报到期' }, 'system')
    await kernel.transaction(ctx, async (tx) => {
      const stored = await needManaged(kernel, tx, id, true)
      const isDue = stored['status'] === 'running' && stored['closesAtDue'] === true && !isLater(tx, stored['due'])
      if (!isDue) return
      await end(kernel, tx, stored)
      closed++
    })
  }
  return closed
} // prettier-ignore
