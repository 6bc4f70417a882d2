import type { ApiRecord, ImportTarget, ResolvedResource } from '#model'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import type { Item, RawRow } from './item.ts'
import type { ImportSession } from './session.ts'

export interface TargetSpec extends ImportTarget {
  aliases?: readonly string[]
}
/** How lines of one file become records: opened once an import, so that it may load what it joins with. */
export type ItemMaker = (rows: readonly RawRow[]) => Promise<Item[]>

/** An import with a meaning of its own: which record type, how lines are joined with what is there. Every record type has a plain one without declaring it. */
export interface ImportProfile {
  /** `module.noun`; the plain import of a record type bears the type's name. */
  readonly name: string
  readonly label: string
  readonly resource: string
  /** One sentence for the person who chooses it. */
  readonly help?: string
  /** Taken when only the record type is named. */
  readonly isDefault?: boolean
  /** Right that replaces `import` on the record type, for those that a module writes. */
  readonly right?: string
  /** Further spellings of headings, by target key. */
  readonly aliases?: Readonly<Record<string, readonly string[]>>
  /** Of each group at least one must be given, else no line can mean anything. */
  readonly needs?: readonly (readonly string[])[]
  /** Only these fields may be given. */
  readonly only?: readonly string[]
  readonly extra?: readonly TargetSpec[]
  /** Unrecognised headings go to this target: the columns of a matrix. */
  readonly wide?: string
  /** Headings that a matrix's columns never are. */
  readonly notWide?: RegExp
  /** Values offered for what the file does not have. */
  readonly constants?: Readonly<Record<string, string>>
  /** By which fields a line finds its record; may depend on what the file gives. */
  readonly key?: readonly string[] | ((given: ReadonlySet<string>) => readonly string[])
  /** Only such records are found: field → value. */
  readonly among?: Readonly<Record<string, string>>
  /** Values of new records, where the file says nothing. */
  readonly defaults?: (session: ImportSession) => Readonly<Record<string, unknown>>
  /** Why a record found must not be changed by this import; null when it may. */
  readonly mayChange?: (stored: ApiRecord) => string | null
  readonly open?: (session: ImportSession) => Promise<ItemMaker>
  /** The last touch on a new record: numbers, the batch's mark. */
  readonly complete?: (record: Record<string, unknown>, nth: number, batch: { id: string; number: number }) => void
  /** Whether records that the file does not name are listed. */
  readonly listsAbsent?: boolean
  /** Runs in the transaction after the records are written, and after an undo. */
  readonly afterWrite?: (kernel: Kernel, ctx: Context) => Promise<void>
}
export const importProfile = (spec: ImportProfile): ImportProfile => Object.freeze(spec)

/** The profiles of the house: those of modules, and a plain one for every record type. */
export class Profiles {
  private readonly byName: Map<string, ImportProfile>
  private readonly kernel: Pick<Kernel, 'defs'>
  constructor(kernel: Pick<Kernel, 'defs'>, declared: readonly ImportProfile[]) {
    this.kernel = kernel
    this.byName = new Map(declared.map((profile) => [profile.name, profile]))
    if (this.byName.size !== declared.length) throw new Error('two import profiles bear the same name')
    for (const profile of declared)
      if (!kernel.defs.resources.has(profile.resource)) throw new Error(`import profile ${profile.name}: no resource ${profile.resource}`)
  }
  /** By its own name, else the default of the record type of that name. */
  find(name: string): ImportProfile {
    const declared = this.byName.get(name) ?? [...this.byName.values()].find((profile) => profile.isDefault && profile.resource === name)
    return declared ?? plainProfile(this.kernel.defs.resource(name))
  }
  /** What a batch's way of importing is called, also after its module has gone. */
  labelOf(name: string): string {
    return this.byName.get(name)?.label ?? (this.kernel.defs.resources.has(name) ? this.find(name).label : name)
  }
  /** Every way to import into a record type. */
  of(resource: string): ImportProfile[] {
    const declared = [...this.byName.values()].filter((profile) => profile.resource === resource)
    return declared.some((profile) => profile.isDefault || profile.right)
      ? declared
      : [plainProfile(this.kernel.defs.resource(resource)), ...declared]
  }
}
const plainProfile = (r: ResolvedResource): ImportProfile => ({ name: r.name, label: `导入${r.label}`, resource: r.name })
