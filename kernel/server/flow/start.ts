import { invalid, type ResolvedResource, type Startable, type StartAnswer } from '#model'
import { type Context, personOf } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { autosavePlace } from '../personal/autosave.ts'
import { keepPreference, preferenceOf } from '../preferences.ts'

const favouritesName = 'start.favourites'
const mostFavourites = 50

/** What this person may ask for: types under approval that he may create, or whose own form he may open. */
export function startableBy(kernel: Kernel, { actor }: Pick<Context, 'actor'>): Startable[] {
  const pages = kernel.defs.modules.flatMap((m) => m.menu ?? []).flatMap((g) => g.entries.flatMap((e) => (e.kind === 'page' ? [e] : [])))
  const mayStart = (r: ResolvedResource): boolean => {
    if (!r.approval) return false
    const page = r.form ? pages.find((one) => one.path === r.form) : undefined
    if (page) return kernel.access.mayUse(actor, page.right)
    return r.writtenBy !== 'module' && kernel.access.can(actor, 'create', r.name) !== null
  }
  return [...kernel.defs.resources.values()].filter(mayStart).map((r) => ({
    name: r.name,
    label: r.label,
    module: kernel.defs.modules.find((m) => m.name === r.name.split('.')[0])?.label ?? '',
    path: r.form ?? `/r/${r.name}/new`,
  }))
}

/** The start page: what he may ask for, what he keeps at hand, what he asked for last, and what he has begun. */
export async function startPage(kernel: Kernel, ctx: Context, account: string): Promise<StartAnswer> {
  const startable = startableBy(kernel, ctx)
  const may = new Map(startable.map((one) => [one.name, one]))
  const kept = await preferenceOf<string[]>(ctx.db, account, favouritesName)
  const recent = await ctx.db.query<{ resource: string }>(
    // By flow_instance_applicant; who asks daily has his few kinds among the last hundred.
    `SELECT resource FROM (SELECT resource, started_at FROM kernel.flow_instance WHERE applicant = $1::uuid AND occasion = 'new' ORDER BY started_at DESC LIMIT 100) last
     GROUP BY resource ORDER BY max(started_at) DESC LIMIT 6`,
    [personOf(ctx.actor)],
  )
  return {
    startable,
    favourites: (kept ?? []).filter((name) => may.has(name)),
    recent: recent.map((row) => row.resource).filter((name) => may.has(name)),
    drafts: (await begun(kernel, ctx, account)).flatMap(({ resource, at }) => {
      const one = may.get(resource)
      return one ? [{ name: one.name, form: `${one.name}/new`, label: one.label, path: one.path, at }] : []
    }),
  }
}
async function begun(kernel: Kernel, ctx: Context, account: string): Promise<{ resource: string; at: string }[]> {
  const rows = await ctx.db.query<{ form: string; at: string; value: Buffer }>(
    `SELECT form, at, value FROM kernel.autosave WHERE account = $1::uuid AND form LIKE '%/new' ORDER BY at DESC LIMIT 20`,
    [account],
  )
  // A form that was opened and emptied again is nothing to continue.
  const isEmpty = (value: unknown): boolean => {
    const changes = (value as { changes?: object } | null)?.changes
    return value === null || (changes !== undefined && Object.keys(changes).length === 0)
  }
  return rows
    .filter(({ form, value }) => !isEmpty(JSON.parse(kernel.protector.open(autosavePlace(account, form), value))))
    .map(({ form, at }) => ({ resource: form.replace(/\/new$/, ''), at }))
}

/** Keeps what a person wants at hand, in his order, wherever he signs in. */
export async function keepFavourites(kernel: Kernel, ctx: Context, account: string, given: unknown): Promise<void> {
  const may = new Set(startableBy(kernel, ctx).map((one) => one.name))
  if (!Array.isArray(given) || given.length > mostFavourites) throw invalid([{ field: 'favourites', message: `最多 ${mostFavourites} 项` }])
  const problems = given.flatMap((name, n) =>
    may.has(name as string) ? [] : [{ field: `favourites.${n}`, message: '没有这种申请，或您不能发起' }],
  )
  if (problems.length) throw invalid(problems)
  await keepPreference(ctx, account, favouritesName, [...new Set(given)])
}
