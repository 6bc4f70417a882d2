import { invalid, type Filter, type FlowDesign, type FlowFile } from '#model'
import type { Flow } from '#kernel/model/flow/index.ts'
import { audit } from '../../audit/audit.ts'
import type { Context } from '../../context.ts'
import type { Kernel } from '../../kernel.ts'
import { findDesign, keepDraft, loadDrawn, needType, newName, openDesign, type Drawn } from './drafts.ts'
import { needFile, needFlow } from './read.ts'

/** A flow as a file for another hospital: the definition by its names; no cases, which name people of this one. */
export async function exportDesign(kernel: Kernel, ctx: Context, flow: string): Promise<FlowFile> {
  const { definition, resource } = await loadDrawn(kernel, ctx, flow)
  await audit(ctx, { act: 'flow.export', outcome: 'done', resource: resource || null, detail: { flow, label: definition.label } })
  return { format: 'xinglin.flow', version: 1, flow, resource, definition }
}

/** Takes a file in as a draft; what it names and this hospital does not know comes back as faults. A draft that stands is not written over. */
export async function importDesign(kernel: Kernel, ctx: Context, given: Readonly<Record<string, unknown>>): Promise<FlowDesign> {
  const file = needFile(given['file'])
  const isKnown = kernel.defs.flows.has(file.flow) || (await findDesign(ctx, file.flow)) !== null
  const drawn = isKnown ? await loadDrawn(kernel, ctx, file.flow) : beginning(kernel, file, given['resource'])
  if (isKnown && drawn.revision > 0) throw invalid([{ field: 'file', message: `“${drawn.definition.label}”已有草稿，请先发布或丢弃` }])
  const definition: Flow<Filter> = needFlow(file.definition, drawn.flow, 'file.definition')
  await kernel.transaction(ctx, async (tx) => {
    await keepDraft(tx, { ...drawn, definition }, 0)
    await audit(tx, { act: 'flow.import', outcome: 'done', resource: drawn.resource || null, detail: { flow: drawn.flow, from: file.flow, label: definition.label } }) // prettier-ignore
  })
  return openDesign(kernel, ctx, drawn.flow)
}
/** What is new here becomes a flow of this hospital's own. */
function beginning(kernel: Kernel, file: FlowFile, given: unknown): Drawn {
  const resource = given ?? file.resource
  if (!kernel.defs.resources.get(String(resource))?.approval)
    throw invalid([{ field: 'resource', message: '请选择这个流程用于哪种须经审批的表单' }])
  const flow = /^custom\.[a-z][a-z0-9]{0,40}$/.test(file.flow) ? file.flow : newName()
  return { flow, resource: needType(kernel, resource), revision: 0, base: null, definition: file.definition, tests: [] }
}
