/** A unit as it stood on a day, with who was counted in it. */
export interface ChartUnit {
  id: string
  code: string
  name: string
  kind: string
  /** Null at the top, and where what it stood under is not there on the day. */
  parent: string | null
  zone: string | null
  /** In the unit itself; absent where the reader may not count people. */
  own?: UnitCount
}
export interface UnitCount {
  active: number
  away: number
  external: number
}
/** GET /api/organisation/chart: in the order of siblings. */
export interface OrganisationChart {
  day: string
  units: ChartUnit[]
  /** People who were in no unit that was there. */
  without: UnitCount | null
}
export interface ChartNode extends ChartUnit {
  below: ChartNode[]
  /** With all below it. */
  all: UnitCount | null
}
export const nobody = (): UnitCount => ({ active: 0, away: 0, external: 0 })
export const totalOf = ({ active, away, external }: UnitCount): number => active + away + external

/** The tree out of its units; a circle's units stand at the top. */
export function treeOf(units: readonly ChartUnit[]): ChartNode[] {
  const nodes = new Map(units.map((unit): [string, ChartNode] => [unit.id, { ...unit, below: [], all: unit.own ? { ...unit.own } : null }]))
  const isCircle = (node: ChartNode): boolean => {
    const seen = new Set([node.id])
    for (let up = node.parent; up; up = nodes.get(up)?.parent ?? null) {
      if (up === node.id) return true
      if (seen.has(up)) return false
      seen.add(up)
    }
    return false
  }
  const top: ChartNode[] = []
  for (const node of nodes.values()) {
    const parent = node.parent && !isCircle(node) ? nodes.get(node.parent) : undefined
    if (parent) parent.below.push(node)
    else top.push(node)
  }
  top.forEach(sum)
  return top
}
function sum(node: ChartNode): void {
  for (const one of node.below) {
    sum(one)
    if (node.all && one.all) {
      node.all.active += one.all.active
      node.all.away += one.all.away
      node.all.external += one.all.external
    }
  }
}
