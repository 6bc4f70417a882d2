import { pageRights, Refusal, type Page, type PageItem, type ShownBlock, type ShownPage } from '#model'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { problemOf } from './run.ts'

const maySee = (kernel: Kernel, { actor }: Context, { who }: Pick<Page, 'who'>): boolean =>
  kernel.access.mayUse(actor, pageRights.use) && (who.length === 0 || kernel.access.rolesOf(actor).some((role) => who.includes(role)))

/** The pages that are for this reader: for his menu and his workplace. */
export function pagesFor(kernel: Kernel, ctx: Context): PageItem[] {
  const roles = kernel.access.rolesOf(ctx.actor)
  return [...kernel.defs.pages.values()]
    .filter((page) => maySee(kernel, ctx, page))
    .map(({ name, label, icon, menu, home }) => ({ name, label, icon, menu, isHome: home.some((role) => roles.includes(role)) }))
}
/** A page as this reader sees it: a block that he may not be shown says so, and nothing else of itself. */
export async function openPage(kernel: Kernel, ctx: Context, name: string): Promise<ShownPage> {
  const page = kernel.defs.pages.get(name)
  if (!page || !maySee(kernel, ctx, page)) throw new Refusal('notFound', '没有这个页面，或它不对你开放')
  const { name: _, ...content } = page
  return shownTo(kernel, ctx, name, content)
}
/** The same of a page that is being drawn. */
export async function shownTo(kernel: Kernel, ctx: Context, name: string, page: Page): Promise<ShownPage> {
  const blocks: ShownBlock[] = []
  for (const block of page.blocks) {
    const problem = await problemOf(kernel, ctx, block)
    const { id, title, place, phone } = block
    blocks.push(problem === null ? block : { kind: 'refused', id, title, place, phone, problem })
  }
  return { ...page, name, blocks, mayDesign: kernel.access.mayUse(ctx.actor, pageRights.design) }
}
