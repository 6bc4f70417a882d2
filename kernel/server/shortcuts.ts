import { invalid, isUuid, readShortcuts, Refusal, type Shortcut, type StandingShortcut } from '#model'
import type { Context } from './context.ts'
import type { Kernel } from './kernel.ts'
import { keepPreference, preferenceOf } from './preferences.ts'
import { needReadable } from './records/read.ts'
import { viewsOf } from './records/saved-views.ts'
import { pagesFor } from './pages/shown.ts'
import { getReport } from './reporting/reports.ts'

const preference = 'shortcuts'

/** What a person keeps at hand, in his order, with what has become of each. */
export async function shortcutsOf(kernel: Kernel, ctx: Context, account: string): Promise<StandingShortcut[]> {
  const kept = await preferenceOf<Shortcut[]>(ctx.db, account, preference)
  const standing: StandingShortcut[] = []
  for (const one of kept ?? []) standing.push({ ...one, gone: await whyGone(kernel, ctx, one.path) })
  return standing
}
/** Keeps them all anew: order, names and what was removed are one act. */
export async function keepShortcuts(kernel: Kernel, ctx: Context, account: string, given: unknown): Promise<StandingShortcut[]> {
  const { shortcuts, problems } = readShortcuts(given)
  if (problems.length) throw invalid(problems)
  await keepPreference(ctx, account, preference, shortcuts)
  return shortcutsOf(kernel, ctx, account)
}

const noRight = '您已没有查看的权限'
/** Why an address leads nowhere for this person; null while it does. Pages without a right of their own are the browser's to know. */
async function whyGone(kernel: Kernel, ctx: Context, path: string): Promise<string | null> {
  const { pathname, searchParams } = new URL(path, 'http://localhost')
  const [, root = '', second = '', third = ''] = pathname.split('/').map((part) => decoded(part))
  if (root === 'r') return whyNoRecord(kernel, ctx, second, third, searchParams.get('view'))
  if (root === 'reports' && second) return isUuid(second) ? told(getReport(kernel, ctx, second)) : '报表已删除'
  if (root === 'p') return pagesFor(kernel, ctx).some(({ name }) => name === second) ? null : '页面已停用，或没有查看的权限'
  const entry = kernel.defs.modules
    .flatMap((m) => (m.menu ?? []).flatMap(({ entries }) => entries))
    .find((one) => one.kind === 'page' && (pathname === one.path || pathname.startsWith(`${one.path}/`)))
  return entry?.kind === 'page' && !kernel.access.mayUse(ctx.actor, entry.right) ? noRight : null
}
async function whyNoRecord(kernel: Kernel, ctx: Context, name: string, place: string, view: string | null): Promise<string | null> {
  const r = kernel.defs.resources.get(name)
  if (!r) return '这种记录已停用'
  if (place === 'new') return kernel.access.can(ctx.actor, 'create', name) && r.writtenBy !== 'module' ? null : '您已没有新建的权限'
  if (isUuid(place)) return told(needReadable(kernel, ctx, name, place))
  if (!kernel.access.can(ctx.actor, 'read', name)) return noRight
  const isThere =
    !view || r.list?.views?.some((one) => one.name === view) || (await viewsOf(kernel, ctx, name)).some(({ id }) => id === view)
  return isThere ? null : '视图已删除，或不再共享给您'
}
/** The refusal's own words. */
const told = (asked: Promise<unknown>): Promise<string | null> =>
  asked.then(
    () => null,
    (error: unknown) => (error instanceof Refusal && error.status < 500 ? (error.code === 'noRight' ? noRight : error.message) : Promise.reject(error as Error)),
  ) // prettier-ignore
function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
