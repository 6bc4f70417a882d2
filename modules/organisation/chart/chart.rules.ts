import { nest, type Nested } from '../nest.rules.ts'

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
export type ChartNode = Nested<
  ChartUnit & {
    /** With all below it. */
    all: UnitCount | null
  }
>
export const nobody = (): UnitCount => ({ active: 0, away: 0, external: 0 })
export const totalOf = ({ active, away, external }: UnitCount): number => active + away + external

/** The tree out of its units; a circle's units stand at the top. */
export function treeOf(units: readonly ChartUnit[]): ChartNode[] {
  const top = nest(units.map((unit) => ({ ...unit, all: unit.own ? { ...unit.own } : null })))
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
