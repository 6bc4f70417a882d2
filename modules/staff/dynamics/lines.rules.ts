import { all, among, type Filter } from '#model'
import { nest, type Nested } from '../../organisation/nest.rules.ts'
import type { Counts, Dynamics, DynamicsUnit, Figure } from './dynamics.rules.ts'

/** So many units are named one by one in an address; more are asked for by the unit above them. */
const mostNamed = 60

/** A unit in the order of the tree, with how deep it stands and all that stands below it. */
export interface Line extends DynamicsUnit {
  depth: number
  /** Itself and every unit below. */
  ids: string[]
}

/** The units from top to bottom, those that a word names alone and flat; units of nobody are left out. */
export function linesOf(answer: Dynamics | undefined, word: string): Line[] {
  if (!answer) return []
  const lines: Line[] = []
  const walk = ({ below, ...unit }: Nested<DynamicsUnit>, depth: number): string[] => {
    const line: Line = { ...unit, depth, ids: [unit.id] }
    lines.push(line)
    for (const one of below) line.ids.push(...walk(one, depth + 1))
    return line.ids
  }
  for (const unit of nest(answer.units)) walk(unit, 0)
  const some = lines.filter(({ counts }) => Object.keys(counts).length > 0)
  if (!word) return some
  const wanted = word.toLowerCase()
  const isNamed = ({ name, code, zone }: Line) => [name, code, zone ?? ''].some((text) => text.toLowerCase().includes(wanted))
  return some.filter(isNamed).map((line) => ({ ...line, depth: 0 }))
}

/** Where the people of a figure stand; of the whole hospital without a line. */
export function addressOf(figure: Figure, { day, since }: Dynamics, line: Line | null, today: string): string {
  const within: Filter | null = !line
    ? null
    : line.ids.length === 1
      ? { field: figure.unit, op: 'eq', value: line.id }
      : figure.isDated || line.ids.length > mostNamed
        ? { field: figure.unit, op: 'under', value: line.id }
        : among(figure.unit, line.ids)
  const filter = figure.filter(day, since)
  const query = new URLSearchParams({
    filter: JSON.stringify(within ? all(within, filter) : filter),
    ...(figure.isDated && day !== today ? { asOf: day } : {}),
  })
  return `/r/${figure.resource}?${query.toString()}`
}
export const countIn = (counts: Counts, { key }: Figure): number => counts[key] ?? 0
