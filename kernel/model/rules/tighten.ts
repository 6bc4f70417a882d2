import { amountText, type Layer, layerRank, layers, type RuleAmount, type RuleCard, type RuleValue } from './card.ts'

export type Comparison = 'same' | 'stricter' | 'looser' | 'incomparable'

// Natural time is one scale; working time hangs on a calendar, so hours of it are not days of it, nor either of them natural time.
const inMinutes: Partial<Record<string, number>> = { minutes: 1, hours: 60 }
const inYears: Partial<Record<string, number>> = { months: 1, years: 12 }
const inDays: Partial<Record<string, number>> = { days: 1, weeks: 7 }
function onOneScale(a: string, b: string): [number, number] | null {
  if (a === b) return [1, 1]
  const scale = [inMinutes, inDays, inYears].find((s) => s[a] !== undefined && s[b] !== undefined)
  return scale ? [scale[a]!, scale[b]!] : null
}

/** How `one` stands to `other`. */
export function compare(one: RuleAmount, other: RuleAmount): Comparison {
  if (one.order === 'subset' && other.order === 'subset') {
    const within = one.members.every((m) => other.members.includes(m))
    const covers = other.members.every((m) => one.members.includes(m))
    return within && covers ? 'same' : within ? 'stricter' : covers ? 'looser' : 'incomparable'
  }
  if (one.order === 'flag' && other.order === 'flag') return one.flag === other.flag ? 'same' : one.flag ? 'stricter' : 'looser'
  if ((one.order === 'max' && other.order === 'max') || (one.order === 'min' && other.order === 'min')) {
    const scale = onOneScale(one.unit, other.unit)
    if (!scale) return 'incomparable'
    const difference = one.amount * scale[0] - other.amount * scale[1]
    return difference === 0 ? 'same' : difference < 0 === (one.order === 'max') ? 'stricter' : 'looser'
  }
  return 'incomparable'
}

export interface LayerProblem {
  /** The value's name, where the message belongs. */
  readonly value: string
  readonly message: string
}
const who = (card: RuleCard): string => `${layers[card.layer]}“${card.label}”`
/**
 * May `card` stand below these? They are the cards in force above it. Loosening and what cannot be compared is refused, naming the value
 * and the layer that forbids it. Values that nobody above has named are new and free.
 */
export function tighteningProblems(card: RuleCard, above: readonly RuleCard[]): LayerProblem[] {
  const problems: LayerProblem[] = []
  for (const [name, value] of Object.entries(card.values))
    for (const upper of above) {
      const bound = upper.values[name]
      const message = bound && upper !== card ? refusalOf(value, bound, upper) : null
      if (message) problems.push({ value: name, message })
    }
  return problems
}
function refusalOf(value: RuleValue, bound: RuleValue, upper: RuleCard): string | null {
  const comparison = compare(value, bound)
  if (comparison === 'looser')
    return `“${bound.label}”${layers[upper.layer]}规定${amountText(bound)}，${amountText(value)}是放宽：下级规则只能收紧（见${who(upper)}）`
  return comparison === 'incomparable'
    ? `“${bound.label}”${layers[upper.layer]}规定${amountText(bound)}，${amountText(value)}与它无法比较宽严，请用相同的单位和口径（见${who(upper)}）`
    : null
}

/** Cards above this one on the way up from its unit: of wider layers, or of the same layer for a wider unit. */
export function isAbove(upper: RuleCard, card: Pick<RuleCard, 'key' | 'layer' | 'unit'>, unitPath: readonly string[]): boolean {
  if (upper.key !== card.key) return false
  const reaches = upper.unit === null || unitPath.includes(upper.unit)
  if (!reaches) return false
  const rank = layerRank[upper.layer] - layerRank[card.layer]
  return rank < 0 || (rank === 0 && upper.unit !== card.unit && depth(upper.unit, unitPath) > depth(card.unit, unitPath))
}
/** How far up the path a unit lies; no unit is the farthest. */
export const depth = (unit: string | null, unitPath: readonly string[]): number => (unit === null ? Infinity : unitPath.indexOf(unit))
/** The order in which layers are laid: widest first. */
export const byWidth =
  (unitPath: readonly string[]) =>
  (a: { layer: Layer; unit: string | null }, b: { layer: Layer; unit: string | null }): number =>
    layerRank[a.layer] - layerRank[b.layer] || Math.sign(depth(b.unit, unitPath) - depth(a.unit, unitPath)) || 0
