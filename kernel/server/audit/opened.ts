import type { ApiRecord } from '#model'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { holdsAny } from '../records/present.ts'
import { audit } from './audit.ts'

/** Protected fields that these records show in plain: what somebody has really seen, not what he might. */
function openedIn(kernel: Kernel, ctx: Context, resource: string, rows: readonly ApiRecord[]): string[] {
  const rules = kernel.access.can(ctx.actor, 'read', resource)
  const isOpen = (key: string) => !rules?.masked.has(key) && !rules?.hidden.has(key)
  return kernel.resource(resource).protected.filter((key) => isOpen(key) && rows.some((row) => holdsAny(row, key)))
}

/** One record was opened: by whom, and which protected fields he saw in plain. */
export function noteRead(kernel: Kernel, ctx: Context, resource: string, record: ApiRecord): Promise<void> {
  const opened = openedIn(kernel, ctx, resource, [record])
  return audit(ctx, { act: 'read', outcome: 'done', resource, record: record.id, ...(opened.length ? { detail: { opened } } : {}) })
}

/** A page of a list that shows protected fields in plain is a read of many; one that shows none is no more than a look. */
export async function noteListed(kernel: Kernel, ctx: Context, resource: string, rows: readonly ApiRecord[]): Promise<void> {
  const opened = openedIn(kernel, ctx, resource, rows)
  if (opened.length) await audit(ctx, { act: 'read.many', outcome: 'done', resource, detail: { count: rows.length, opened } })
}
