import { Refusal, type ApiRecord } from '#model'
import type { Permission } from '../access/access.ts'
import type { Context } from '../context.ts'
import type { CompiledResource } from '../store/compiled.ts'
import { closedOver, maskedOf } from './present.ts'

/** A mask is no value to work with, nor is what is left out: refuses to go on from fields that this reader does not see plainly in the record as he sees it. `who`: what wants them, as people call it. */
export function needPlain(ctx: Context, c: CompiledResource, permission: Permission, shown: ApiRecord, keys: readonly string[], who: string): void {
  const closed = closedOver(ctx, c, permission, shown).hidden.union(maskedOf(ctx, c, permission, shown))
  const unseen = keys.find((key) => c.r.fields[key] && closed.has(key))
  if (unseen !== undefined) throw new Refusal('noRight', `${who}看不到的“${c.r.fields[unseen]!.label}”`)
} // prettier-ignore
