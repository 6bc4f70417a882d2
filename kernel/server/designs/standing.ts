import { Definitions } from '#model'
import { effectiveModules, type DesignInForce } from '#kernel/model/designs/index.ts'
import type { Queryable } from '../database/database.ts'
import type { Standing } from '../definition-set.ts'
import type { Kernel } from '../kernel.ts'

/** The name under which a release is told to all processes. */
export const releaseTable = 'kernel.release'

/** Every piece in force, in the order of names. */
export const designsInForce = (db: Queryable): Promise<DesignInForce[]> =>
  db.query<DesignInForce & object>(
    `SELECT d.kind, d.name, d.in_force AS version, v.content FROM kernel.design d
     JOIN kernel.design_version v ON v.kind = d.kind AND v.name = d.name AND v.version = d.in_force WHERE v.content IS NOT NULL ORDER BY d.kind, d.name`,
  )
export async function latestRelease(db: Queryable): Promise<number> {
  const [row] = await db.query<{ no: number | null }>(`SELECT max(no) AS no FROM kernel.release`)
  return row!.no ?? 0
}

/** The product's definitions with these designs; proved by whoever publishes. */
export const effectiveDefinitions = (product: Definitions, designs: readonly DesignInForce[]): Definitions =>
  designs.length === 0 ? product : new Definitions(effectiveModules(product.modules, designs), [...product.roles.values()])

/** What is in force, as far as it fits this program: an upgrade of the product never keeps it from starting. */
export async function standingDefinitions(db: Queryable, product: Definitions): Promise<Standing> {
  const [release, all] = [await latestRelease(db), await designsInForce(db)]
  const resting: Standing['resting'][number][] = []
  let designs = all
  for (;;) {
    const defs = attempt(product, designs)
    if (defs instanceof Definitions) return { defs, release, designs, resting }
    const gone = culprit(product, designs, defs.problem)
    resting.push({ kind: gone.kind, name: gone.name, problem: defs.problem })
    designs = designs.filter((one) => one !== gone)
  }
}
/** What the first problem names; where it names none, that without which it is gone. */
function culprit(product: Definitions, designs: readonly DesignInForce[], problem: string): DesignInForce {
  const isTheReason = (one: DesignInForce) => {
    const rest = attempt(product, designs.filter((other) => other !== one)) // prettier-ignore
    return rest instanceof Definitions || rest.problem !== problem
  }
  return designs.findLast(({ name }) => problem.includes(name)) ?? designs.findLast(isTheReason) ?? designs.at(-1)!
}
function attempt(product: Definitions, designs: readonly DesignInForce[]): Definitions | { problem: string } {
  if (designs.length === 0) return product
  try {
    const defs = effectiveDefinitions(product, designs)
    const [problem] = defs.prove()
    return problem === undefined ? defs : { problem }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) }
  }
}

/** What stands as this reader of the database sees it: what the process has, unless there is a later release. */
export const standingAsOf = async (kernel: Kernel, db: Queryable): Promise<Standing> =>
  (await latestRelease(db)) === kernel.standing.release ? kernel.standing : standingDefinitions(db, kernel.product)
/** Takes up what is in force where this process does not have it yet. */
export async function takeUp(kernel: Kernel): Promise<void> {
  const standing = await standingAsOf(kernel, kernel.db.aside)
  if (standing !== kernel.standing) kernel.take(standing)
}
