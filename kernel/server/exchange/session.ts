import { Refusal, today, type Filter, type ImportChoices } from '#model'
import type { Permission } from '../access/access.ts'
import { personOf, type Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { ImportWay } from '../flow/import-way.ts'
import type { CompiledResource } from '../store/compiled.ts'
import { targetsOf } from './columns.ts'
import type { CodeIndex } from './match/codes.ts'
import { loadCodes } from './match/load-codes.ts'
import { PeopleIndex } from './match/people.ts'
import { UnitIndex } from './match/units.ts'
import type { ImportProfile, TargetSpec } from './profile.ts'

/** What a person settled about a file: where its heading stands, which column goes where, what holds for all lines. */
export interface ImportSettings {
  sheet: string | null
  headRow: number
  headLines: number
  headings: string[]
  columns: (string | null)[]
  constants: Record<string, string>
  clearBlank: boolean
  strict: boolean
  basis: string
  /** Rows under approval are not written as approved: the batch is sent for approval as one request. */
  forApproval: boolean
}

/** Up to this many records of a target are held in memory to match by; beyond, each portion asks for its own. */
const heldInMemory = 200_000

/** What one pass over one file carries along: who, what, how, and the indexes it joins with. */
export class ImportSession {
  readonly kernel: Kernel
  readonly ctx: Context
  readonly profile: ImportProfile
  readonly c: CompiledResource
  readonly permission: Permission
  readonly settings: ImportSettings
  readonly choices: ImportChoices
  readonly targets: readonly TargetSpec[]
  readonly batch: { id: string; number: number }
  readonly today: string
  /** Does this pass write, or only say what it would. */
  readonly isWriting: boolean
  /** What may be one request; null where rows are written as they stand. */
  readonly way: ImportWay | null
  private peopleIndex: Promise<PeopleIndex> | null = null
  private unitIndex: UnitIndex | null = null
  private readonly indexes = new Map<string, Promise<CodeIndex | null>>()

  constructor(parts: {
    kernel: Kernel
    ctx: Context
    profile: ImportProfile
    settings: ImportSettings
    choices: ImportChoices
    batch: { id: string; number: number }
    isWriting: boolean
  }) {
    this.kernel = parts.kernel
    this.ctx = parts.ctx
    this.profile = parts.profile
    this.settings = parts.settings
    this.choices = parts.choices
    this.batch = parts.batch
    this.isWriting = parts.isWriting
    this.c = this.kernel.resource(this.profile.resource)
    this.permission = importPermission(this.kernel, this.ctx, this.profile)
    this.way = isForApproval(this.c.r, this.profile, this.settings)
      ? new ImportWay(this.kernel, this.ctx, this.c, needSender(this.ctx))
      : null
    this.targets = targetsOf(this.kernel, this.c, this.profile, this.permission)
    this.today = today(this.ctx.clock)
  }

  /** The column of a target, or -1. */
  columnOf = (target: string): number => this.settings.columns.indexOf(target)
  /** The cell of a target in a line, or the value set for all lines. */
  textOf(row: { readonly cells: readonly string[] }, target: string): string {
    const at = this.columnOf(target)
    const cell = at < 0 ? '' : (row.cells[at] ?? '').trim()
    return cell || (this.settings.constants[target] ?? '').trim()
  }
  /** How a column is called to the person: by the file's own heading. */
  labelOf(target: string): string {
    const at = this.columnOf(target)
    return (
      (at < 0 ? undefined : this.settings.headings[at]?.replace('\n', ' / ')) || this.targets.find((t) => t.key === target)?.label || target
    )
  }

  people(): Promise<PeopleIndex> {
    this.peopleIndex ??= PeopleIndex.load(this.ctx.db, this.ctx.directory, this.today)
    return this.peopleIndex
  }
  units(): UnitIndex {
    this.unitIndex ??= new UnitIndex(this.ctx.directory)
    return this.unitIndex
  }
  /** Records of a target by code and name; `texts` names what this portion asks for when the target is large. */
  async coded(
    target: string,
    options: { where?: Readonly<Record<string, string>>; texts?: readonly string[]; alias?: string } = {},
  ): Promise<CodeIndex> {
    const key = `${target}\n${JSON.stringify(options.where ?? {})}`
    let whole = this.indexes.get(key)
    if (!whole) this.indexes.set(key, (whole = this.loadWhole(target, options)))
    return (await whole) ?? loadCodes(this.kernel, this.ctx, target, { ...options, texts: options.texts ?? [] })
  }
  private async loadWhole(
    target: string,
    options: { where?: Readonly<Record<string, string>>; alias?: string },
  ): Promise<CodeIndex | null> {
    const [count] = await this.ctx.db.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM (SELECT 1 FROM ${this.kernel.resource(target).table} LIMIT ${heldInMemory + 1}) x`,
    )
    return count!.n > heldInMemory ? null : loadCodes(this.kernel, this.ctx, target, { ...options, texts: null })
  }
}

/** Is this import sent for approval as one request? A module's own imports and types without an approval never are. */
export const isForApproval = (r: { approval?: string | undefined }, profile: ImportProfile, settings: ImportSettings): boolean =>
  settings.forApproval && r.approval !== undefined && !profile.right

function needSender(ctx: Context): string {
  const person = personOf(ctx.actor)
  if (!person) throw new Refusal('importRefused', '送审须有申请人：在命令行用 --as 工号 说明以谁的名义')
  return person
}

/** What the actor may do by this import: the record type's `import` right, or the profile's own. */
export function importPermission(kernel: Kernel, ctx: Context, profile: ImportProfile): Permission {
  const r = kernel.defs.resource(profile.resource)
  if (profile.right) {
    kernel.access.needUse(ctx.actor, profile.right)
    return {
      filter: kernel.access.scopeOf(ctx.actor, profile.right, profile.resource),
      hidden: new Set(),
      masked: new Set(),
      openable: new Set(),
      readOnly: new Set(),
    }
  }
  if (r.writtenBy === 'module') throw new Refusal('noRight', `“${r.label}”由业务流程产生，不能直接导入`)
  const own = kernel.access.need(ctx.actor, 'import', profile.resource)
  const read = kernel.access.can(ctx.actor, 'read', profile.resource)
  return {
    filter: own.filter,
    hidden: new Set([...own.hidden, ...(read?.hidden ?? [])]),
    masked: new Set([...own.masked, ...(read?.masked ?? [])]),
    openable: new Set(),
    readOnly: own.readOnly,
  }
}
export const mayImport = (kernel: Kernel, ctx: Context, profile: ImportProfile): { filter: Filter | null } | null => {
  try {
    return importPermission(kernel, ctx, profile)
  } catch (error) {
    if (error instanceof Refusal) return null
    throw error
  }
}
