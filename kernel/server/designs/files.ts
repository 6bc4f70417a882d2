import { invalid, Refusal, type ImportLine, type Meeting } from '#model'
import { isDesignKind, isObject, isSame, kindOfDesign, newTypeName, type DesignKindName } from '#kernel/model/designs/index.ts'
import { audit } from '../audit/audit.ts'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { allDesigns, findDesign, isMadeName, keepDesign } from './drafts.ts'

export interface Piece {
  kind: DesignKindName
  name: string
  label: string
  content: unknown
}
/** Definitions as they travel from one hospital to another: names and contents, no records, nobody's name. */
export interface DesignFile {
  xinglin: 'designs'
  format: 1
  at: string
  pieces: Piece[]
}

/** The pieces named (all, where none is), as they are in force. */
export async function exportDesigns(kernel: Kernel, ctx: Context, names: readonly string[]): Promise<DesignFile> {
  const rows = (await allDesigns(ctx)).filter(({ name, content }) => content !== null && (names.length === 0 || names.includes(name)))
  if (rows.length === 0) throw new Refusal('notFound', '没有可以导出的定义')
  const pieces = rows.map(({ kind, name, content }) => ({
    kind,
    name,
    label: kindOfDesign(kind).label(kernel.defs, name, content),
    content,
  }))
  await audit(ctx, {
    act: 'design.export',
    outcome: 'done',
    detail: { pieces: pieces.map(({ kind, name, label }) => ({ kind, name, label })) },
  })
  return { xinglin: 'designs', format: 1, at: ctx.clock.now().toISOString(), pieces }
}

/** A file as it comes from outside; every piece is read as if it were typed. */
export function readFile(given: unknown): DesignFile {
  const file = isObject(given) ? given : {}
  if (file['xinglin'] === 'designs' && Number(file['format']) > 1)
    throw invalid([{ field: 'file', message: '文件来自更新版本的系统，请先升级本系统' }])
  if (file['xinglin'] !== 'designs' || file['format'] !== 1 || !Array.isArray(file['pieces']))
    throw invalid([{ field: 'file', message: '这不是本系统导出的定义文件' }])
  if (file['pieces'].length > 500) throw invalid([{ field: 'file', message: '一个文件最多 500 个定义' }])
  const pieces = (file['pieces'] as unknown[]).map((one, n): Piece => {
    const { kind, name, content, label } = isObject(one) ? one : {}
    if (!isDesignKind(kind) || typeof name !== 'string' || !/^[a-z][a-zA-Z0-9]*\.[a-z][a-zA-Z0-9]*$/.test(name))
      throw invalid([{ field: `pieces.${n}`, message: '文件中有无法识别的定义' }])
    return { kind, name, label: typeof label === 'string' ? label.slice(0, 200) : name, content: kindOfDesign(kind).read(content) }
  })
  return { xinglin: 'designs', format: 1, at: String(file['at'] ?? ''), pieces }
}

/** What importing a file would do, piece by piece. */
export async function previewFile(kernel: Kernel, ctx: Context, given: unknown): Promise<ImportLine[]> {
  const { pieces } = readFile(given)
  const here = await allDesigns(ctx)
  return pieces.map(({ kind, name, content }) => {
    const model = kindOfDesign(kind)
    const mine = here.find((one) => one.kind === kind && one.name === name)
    const stands = mine?.draft ?? mine?.content ?? null
    const label = model.label(kernel.defs, name, content)
    const twin = here.some(
      (one) => one.kind === kind && one.name !== name && one.content !== null && model.label(kernel.defs, one.name, one.content) === label,
    )
    const meets: Meeting = stands !== null ? (isSame(stands, content) ? 'same' : 'differs') : twin && model.isMade ? 'sameLabel' : 'new'
    return { kind, name, label, meets, words: meets === 'same' ? [] : model.words(kernel.defs, name, stands, content) }
  })
}
/** Takes pieces of a file in as drafts: nothing counts until it is published. `asNew`: under names of their own, beside what is here. Answers what was drawn. */
export async function importFile(
  kernel: Kernel,
  ctx: Context,
  given: unknown,
  chosen: { names: readonly string[]; asNew: readonly string[] },
): Promise<{ kind: DesignKindName; name: string }[]> {
  const { pieces } = readFile(given)
  const wanted = pieces.filter(({ name }) => chosen.names.includes(name))
  if (wanted.length === 0) throw new Refusal('badRequest', '请选择要导入的定义')
  const renamed = new Map(
    wanted.filter(({ kind, name }) => kindOfDesign(kind).isMade && chosen.asNew.includes(name)).map(({ name }) => [name, newTypeName()]),
  )
  // Names are made by chance: one stands for nothing else, wherever it is found in a content.
  const text = (content: unknown) =>
    [...renamed].reduce((said, [from, to]) => said.replaceAll(`"${from}"`, `"${to}"`), JSON.stringify(content))
  return kernel.transaction(ctx, async (tx) => {
    const drawn = wanted.map(({ kind, name, content }) => ({
      kind,
      name: renamed.get(name) ?? name,
      content: JSON.parse(text(content)) as unknown,
    }))
    for (const { kind, name, content } of drawn) {
      const model = kindOfDesign(kind)
      const isKnown = model.isMade ? isMadeName(kind, name) : model.offered(kernel.product).some((one) => one.name === name)
      if (!isKnown) throw invalid([{ field: name, message: `这里没有“${name}”，不能导入对它的调整` }])
      await keepDesign(tx, kind, name, content, (await findDesign(tx, kind, name))?.revision ?? 0)
    }
    await audit(tx, { act: 'design.import', outcome: 'done', detail: { pieces: drawn.map(({ kind, name }) => ({ kind, name })) } })
    return drawn.map(({ kind, name }) => ({ kind, name }))
  })
}
