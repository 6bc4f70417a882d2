import { isUuid, printBounds, Refusal, type FieldProblem, type PrintTemplate } from '#model'
import { kindOfDesign } from '#kernel/model/designs/index.ts'
import { audit } from '../audit/audit.ts'
import type { Context } from '../context.ts'
import type { FileStore } from '../files/files.ts'
import type { Kernel } from '../kernel.ts'
import { wordPapers } from './papers.ts'
import { setSheets, type Printed } from './print.ts'
import { setSheet } from './set.ts'
import { sampleSource } from './sample.ts'
import { askingOf, beginPrinting, readSources, type Printing, type PrintSource } from './source.ts'
import { proveWord } from './word/word.ts'

/** A template that is being drawn, over a record that its drawer may read, or over one that nobody has. It proves nothing and says 预览 on every page. */
export async function previewTemplate(kernel: Kernel, ctx: Context, files: FileStore, given: { template: unknown; record: unknown; origin: string }): Promise<Omit<Printed, 'fileName' | 'number'>> {
  const template = kindOfDesign('print').read(given.template) as PrintTemplate
  const { resource } = template
  const { r } = kernel.resource(resource)
  const printing = await beginPrinting(kernel, ctx, r.label, given.origin)
  const sources = isUuid(given.record) ? await readOne(kernel, ctx, template, given.record, printing) : [sampleSource(kernel, resource, printing)]
  if (template.word) return wordPapers(ctx, files, { named: { name: '', label: '', template: { ...template, verify: null } }, sources, printing })
  const sheets = sources.map((source) => setSheet(template, source, template.verify ? `${given.origin}/v/` : null))
  return { content: await setSheets(ctx, files, sheets, { template, printing, watermark: `预览 ${printing.mark.by}` }), type: 'application/pdf' }
} // prettier-ignore

/** As it would be printed: by who reads its type, not by whom it was only opened to. */
async function readOne(kernel: Kernel, ctx: Context, template: PrintTemplate, id: string, printing: Printing): Promise<PrintSource[]> {
  kernel.access.need(ctx.actor, 'read', template.resource)
  const sources = await readSources(kernel, ctx, { name: template.resource, ids: [id], template: askingOf(template), printing, pace: null })
  await audit(ctx, {
    act: 'print',
    outcome: 'done',
    resource: template.resource,
    record: id,
    detail: { mark: printing.mark.number, preview: true },
  })
  return sources
}

/** A Word file as it is uploaded: refused where it cannot be opened; else the names that it uses, and what is wrong with them. */
export async function readWordFile(kernel: Kernel, given: { resource: unknown; base64: unknown; hasCode: boolean }): Promise<{ names: string[]; problems: FieldProblem[] }> {
  const { resource, base64, hasCode } = given
  if (typeof resource !== 'string' || typeof base64 !== 'string') throw new Refusal('badRequest', '缺少 resource 或 base64')
  kernel.resource(resource)
  const content = Buffer.from(base64, 'base64')
  if (content.length > printBounds.wordBytes) throw new Refusal('tooLarge', `Word 文件超过 ${printBounds.wordBytes / 1_000_000} MB`)
  return proveWord(content, kernel.defs, resource, { hasCode })
} // prettier-ignore
