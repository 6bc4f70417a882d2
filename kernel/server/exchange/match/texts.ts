import { Refusal, today, type NamedAnswer } from '#model'
import type { Context } from '../../context.ts'
import type { Kernel } from '../../kernel.ts'
import { mayName } from '../../records/choices.ts'
import { splitCoded } from './codes.ts'
import { loadCodes } from './load-codes.ts'
import { PeopleIndex } from './people.ts'
import { UnitIndex } from './units.ts'

const most = 1000
/**
 * Which records typed or pasted texts name, found as an import finds them: people by number and name, units by code, name and path, everything else by code
 * and name. A text that names several, or none for certain, says so. At most 1,000 texts; for whoever may name records of this kind.
 */
export async function recordsNamed(kernel: Kernel, ctx: Context, name: string, texts: readonly string[]): Promise<NamedAnswer> {
  const c = kernel.resource(name)
  if (!mayName(kernel, ctx, name)) throw new Refusal('noRight')
  if (texts.length > most) throw new Refusal('tooMany', `一次最多查找 ${most} 个`)
  if (c.byKey.get(c.r.title)?.secret) throw new Refusal('badRequest', `“${c.r.label}”的名称受保护，请在格内选择`)
  if (c.r.table === 'directory.person') {
    const people = await PeopleIndex.load(ctx.db, ctx.directory, today(ctx.clock))
    return { found: texts.map((text) => answerOf(people.findAny(text))) }
  }
  if (c.r.table === 'directory.unit') {
    const units = new UnitIndex(ctx.directory)
    return { found: texts.map((text) => answerOf(units.find(text))) }
  }
  const parts = texts.flatMap((text) => [text.trim(), ...Object.values(splitCoded(text))]).filter(Boolean)
  const codes = await loadCodes(kernel, ctx, name, { texts: parts })
  return { found: texts.map((text) => answerOf(codes.findAny(text))) }
}
type Found =
  | { person: { id: string; name: string } }
  | { unit: { id: string; name: string } }
  | { entry: { id: string; name: string } }
  | { doubt: string; candidates: { title: string; hint?: string }[] }
  | { missing: string }
function answerOf(found: Found): NamedAnswer['found'][number] {
  if ('missing' in found) return { problem: found.missing }
  if ('doubt' in found) {
    const named = found.candidates.map(({ title, hint }) => (hint ? `${title}（${hint}）` : title)).join('、')
    return { problem: `${found.doubt}：${named}` }
  }
  const one = 'person' in found ? found.person : 'unit' in found ? found.unit : found.entry
  return { id: one.id, title: one.name }
}
