import { invalid, Refusal, type Filter, type FlowDesign, type FlowFile } from '#model'
import type { Flow } from '#kernel/model/flow/index.ts'
import { audit } from '../../audit/audit.ts'
import type { Context } from '../../context.ts'
import type { Kernel } from '../../kernel.ts'
import {
  definitionInForce,
  drawnFor,
  findDesign,
  isNewName,
  isOwn,
  keepDraft,
  loadDraft,
  needType,
  newName,
  openDesign,
  type Draft,
} from './drafts.ts'
import { needFile, needFlow } from './read.ts'

/** A flow as a file for another hospital, as it is in force or as its draft: the definition by its names; no cases, which name people of this one. */
export async function exportDesign(kernel: Kernel, ctx: Context, flow: string, of: 'inForce' | 'draft'): Promise<FlowFile> {
  const row = await findDesign(ctx, flow)
  if (of === 'draft' && !row?.draft) throw new Refusal('notFound', '没有草稿')
  const definition = of === 'draft' ? row!.draft! : await definitionInForce(kernel, ctx, flow)
  const resource = await drawnFor(kernel, ctx, flow, row)
  await audit(ctx, { act: 'flow.export', outcome: 'done', resource: resource || null, detail: { flow, label: definition.label } })
  return { format: 'xinglin.flow', version: 1, flow, resource, definition }
}

/** Takes a file in as a draft; what it names and this hospital does not know comes back as faults. A draft that stands is not written over. */
export async function importDesign(kernel: Kernel, ctx: Context, given: Readonly<Record<string, unknown>>): Promise<FlowDesign> {
  const file = needFile(given['file'])
  const isKnown = !isOwn(kernel, file.flow) || (await findDesign(ctx, file.flow)) !== null
  const draft = isKnown ? await loadDraft(kernel, ctx, file.flow) : beginning(kernel, file, given['resource'])
  if (isKnown && draft.revision > 0) throw invalid([{ field: 'file', message: `“${draft.definition.label}”已有草稿，请先发布或放弃` }])
  const definition: Flow<Filter> = needFlow(file.definition, draft.flow, 'file.definition')
  await kernel.transaction(ctx, async (tx) => {
    await keepDraft(tx, { ...draft, definition }, 0)
    await audit(tx, { act: 'flow.import', outcome: 'done', resource: draft.resource || null, detail: { flow: draft.flow, from: file.flow, label: definition.label } }) // prettier-ignore
  })
  return openDesign(kernel, ctx, draft.flow)
}
/** What is new here becomes a flow of this hospital's own. */
function beginning(kernel: Kernel, file: FlowFile, given: unknown): Draft {
  const resource = given ?? file.resource
  if (!kernel.defs.resources.get(String(resource))?.approval)
    throw invalid([{ field: 'resource', message: '请选择这个流程用于哪种须经审批的表单' }])
  const flow = isNewName(file.flow) ? file.flow : newName()
  return { flow, resource: needType(kernel, resource), revision: 0, base: null, definition: file.definition, tests: [] }
}
