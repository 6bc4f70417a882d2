import { isDeepStrictEqual } from 'node:util'
import { bindPolicy, invalid, readProtectionDraft, Refusal, type Binding, type FieldProblem, type NamedNetwork, type Policy, type Profile } from '#model' // prettier-ignore
import { audit } from '../audit/audit.ts'
import type { Context } from '../context.ts'
import type { Queryable } from '../database/database.ts'
import type { Kernel } from '../kernel.ts'
import { networkProblem } from './networks.ts'

/** What the hospital adds to its profile: tighter thresholds, and names of its networks. */
export interface OwnProtection {
  own: Partial<Policy>
  networks: NamedNetwork[]
}
const settingName = 'protection'
/** Under which a change is told to all processes. */
const table = 'kernel.protection'
const holdMs = 3000

/** The thresholds in force: of the installation's profile and the hospital's own. Held for three seconds, and forgotten when changed anywhere. */
export class Protection {
  readonly profile: Profile
  private readonly kernel: Kernel
  private held: { answer: Promise<OwnProtection & Binding>; until: number } | null = null
  constructor(kernel: Kernel, profile: Profile) {
    this.kernel = kernel
    this.profile = profile
    kernel.whenChanged([table], () => (this.held = null))
  }
  current(): Promise<OwnProtection & Binding> {
    if (this.held && performance.now() < this.held.until) return this.held.answer
    const answer = readOwn(this.kernel.db).then((found) => ({ ...found, ...bindPolicy(this.profile, found.own) }))
    this.held = { answer, until: performance.now() + holdMs }
    answer.catch(() => (this.held = null))
    return answer
  }
  async policy(): Promise<Policy> {
    return (await this.current()).policy
  }
  /** Takes the hospital's own thresholds and networks. `seen`: what the page was filled from; refuses when somebody has changed it since. */
  async change(ctx: Context, draft: { own: unknown; networks: unknown }, seen: unknown): Promise<void> {
    const { own, problems } = readProtectionDraft(this.profile, draft.own)
    const networks = readNetworks(draft.networks, problems)
    if (problems.length) throw invalid(problems)
    await this.kernel.transaction(ctx, async (tx) => {
      await tx.db.query(`SELECT pg_advisory_xact_lock(hashtextextended('protection', 7013))`)
      const before = await readOwn(tx.db)
      if (!isDeepStrictEqual(seen, before)) throw new Refusal('versionConflict', '防护策略已被他人修改，请核对后重新保存')
      const at = tx.clock.now().toISOString()
      await tx.db.query(`INSERT INTO kernel.setting VALUES ($1, $2::jsonb) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, [settingName, JSON.stringify({ own, networks })]) // prettier-ignore
      await tx.db.query(`INSERT INTO kernel.outbox (at, topic, resource, payload) VALUES ($1, 'record.updated', $2, '{}')`, [at, table])
      await audit(tx, { act: 'protection.change', outcome: 'done', detail: { before, after: { own, networks } } })
      tx.afterCommit.push(() => this.kernel.changed(table))
    })
  }
}
async function readOwn(db: Queryable): Promise<OwnProtection> {
  const [row] = await db.query<{ value: OwnProtection }>(`SELECT value FROM kernel.setting WHERE name = $1`, [settingName])
  return row?.value ?? { own: {}, networks: [] }
}
function readNetworks(given: unknown, problems: FieldProblem[]): NamedNetwork[] {
  if (!Array.isArray(given)) return []
  if (given.length > 200) problems.push({ field: 'networks', message: '至多 200 个' })
  return given.slice(0, 200).map((one: unknown, at) => {
    const { name, range } = (typeof one === 'object' && one !== null ? one : {}) as Partial<Record<keyof NamedNetwork, unknown>>
    const network = { name: typeof name === 'string' ? name.trim() : '', range: typeof range === 'string' ? range.trim() : '' }
    if (!network.name || network.name.length > 40) problems.push({ field: `networks.${at}.name`, message: '请填写名称，不超过 40 字' })
    const problem = networkProblem(network.range)
    if (problem) problems.push({ field: `networks.${at}.range`, message: problem })
    return network
  })
}
