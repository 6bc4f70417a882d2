import {
  both,
  factsOf,
  fillWords,
  kindOf,
  Refusal,
  today,
  type ApiRecord,
  type Filter,
  type Reminder,
  type Titles,
  type Withheld,
} from '#model'
import type { Permission } from '../access/access.ts'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { refuseFilters, refuseHidden } from '../records/may-ask.ts'
import { closedOver, maskedOf } from '../records/present.ts'
import { reaches } from '../records/rights-over.ts'
import { mask, type CompiledResource } from '../store/compiled.ts'

interface Judged {
  permission: Permission | null
  isHidden: boolean
}
interface Reader extends Judged {
  ctx: Context
}
/** What is said of one record. */
export interface Said {
  title: string
  text: string
}
/** Everybody who is told, as a reader of what he is told: by rights of his own, under which the conditions are judged and the words filled. */
export class Readers {
  private readonly kernel: Kernel
  private readonly system: Context
  private readonly reminder: Reminder
  private readonly c: CompiledResource
  private readonly stopped: ReadonlySet<string>
  private readonly readers = new Map<string, Reader>()
  /** By the roles that somebody holds: who holds the same may ask the same. */
  private readonly judged = new Map<string, Judged>()
  private constructor(kernel: Kernel, system: Context, reminder: Reminder, stopped: ReadonlySet<string>) {
    this.kernel = kernel
    this.system = system
    this.reminder = reminder
    this.c = kernel.resource(reminder.resource)
    this.stopped = stopped
  }
  static async of(kernel: Kernel, system: Context, reminder: Reminder): Promise<Readers> {
    const stopped = await system.db.query<{ person: string }>(
      `SELECT person FROM security.account WHERE person IS NOT NULL AND deleted_at IS NULL GROUP BY person HAVING bool_and(status <> 'active')`,
    )
    return new Readers(kernel, system, reminder, new Set(stopped.map(({ person }) => person)))
  }

  /** Why somebody is not told of this record; null: he is. */
  async withheld(person: string, record: ApiRecord): Promise<Withheld | null> {
    if (!this.system.directory.isActive(person) || this.stopped.has(person)) return 'gone'
    const { permission, isHidden, ctx } = this.reader(person)
    if (!permission) return 'unseen'
    if (isHidden) return 'hidden'
    return (await reaches(this.kernel, ctx, this.c, permission.filter, record)) ? null : 'unseen'
  }
  private reader(person: string): Reader {
    let found = this.readers.get(person)
    if (found) return found
    const roles = this.system.directory.rolesOf(person, today(this.system.clock))
    const actor = { kind: 'person', person, account: '', name: this.system.directory.nameOf(person), roles } as const
    const ctx: Context = { ...this.system, actor }
    const key = roles.toSorted().join()
    let judged = this.judged.get(key)
    if (!judged) this.judged.set(key, (judged = judge(this.kernel, ctx, this.c, this.reminder)))
    this.readers.set(person, (found = { ...judged, ctx }))
    return found
  }

  /** The words of one record as this person may read them. Only of whom nothing withholds it. */
  words(person: string, record: ApiRecord, titles: Titles, about: { date: string | null; left: number | null; basis: string | null }): Said {
    const { permission, ctx } = this.reader(person)
    return sayRecord(this.c, this.reminder, { ctx, permission: permission! }, record, titles, about)
  }
} // prettier-ignore

/** May somebody with these rights ask what the reminder asks? */
export function judge(kernel: Kernel, ctx: Context, c: CompiledResource, reminder: Reminder): Judged {
  const permission = kernel.access.can(ctx.actor, 'read', c.r.name)
  if (!permission) return { permission, isHidden: false }
  try {
    refuseFilters(kernel, ctx, c, permission, conditionsOf(reminder))
    refuseHidden(kernel, ctx, c, permission, reminder.when.kind === 'date' ? [reminder.when.date] : [])
    return { permission, isHidden: false }
  } catch (error) {
    if (error instanceof Refusal) return { permission, isHidden: true }
    throw error
  }
}
const conditionsOf = ({ where, done }: Reminder): (Filter | null)[] => [where, done]
/** What a reminder asks of every record beside its date. */
export const askedBy = ({ where, done }: Reminder): Filter =>
  both(where, done && { not: done }, { field: 'state', op: 'eq', value: 'approved' })

/** What a reader who may see the record is told of it: what is hidden from him is left out, what is masked masked. */
export function sayRecord(
  c: CompiledResource,
  reminder: Reminder,
  { ctx, permission }: { ctx: Context; permission: Permission },
  record: ApiRecord,
  titles: Titles,
  { date, left, basis }: { date: string | null; left: number | null; basis: string | null },
): Said {
  const { hidden } = closedOver(ctx, c, permission, record)
  const masked = maskedOf(ctx, c, permission, record)
  const facts: Readonly<Record<string, string>> = factsOf(c.r.label, date, left)
  const read = (name: string): string => {
    const field = Object.hasOwn(c.r.fields, name) ? c.r.fields[name] : undefined
    if (!field) return facts[name] ?? ''
    if (hidden.has(name)) return '…'
    const value = masked.has(name) ? mask(field, record[name]) : record[name]
    return kindOf(field).format(value, field, (target, id) => titles[target]?.[id] ?? '')
  }
  return { title: fillWords(reminder.title, read), text: `${fillWords(reminder.text, read)}${basis ? `（依据：${basis}）` : ''}` }
}
