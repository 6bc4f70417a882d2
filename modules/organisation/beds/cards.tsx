import { figuresOf, passes, type BedFilter, type BedMap, type BedSpot, type BedUnit } from './beds.rules.ts'
import { signOf, type Looks } from './look.tsx'

interface Props {
  map: BedMap
  groups: readonly { unit: BedUnit | null; spots: BedSpot[] }[]
  filter: BedFilter
  looks: Looks
  onOpen: (unit: string | null) => void
}
/** Each ward or speciality with how its beds stand; those without a bed that is asked for are left out. */
export function Cards({ map, groups, filter, looks, onOpen }: Props) {
  const isFiltered = Object.keys(filter).length > 0
  return (
    <ul className="bed-cards" aria-label="病区与专科">
      {groups.map(({ unit, spots }) => {
        const fitting = spots.filter((spot) => passes(map, spot, filter))
        if (fitting.length === 0) return null
        const [states, troubles] = (['status', 'condition'] as const).map((by) => figuresOf(map, fitting, by, looks.words[by]).filter(({ count }) => count > 0))
        return (
          <li key={unit?.id ?? ''}>
            <button type="button" className="x-card bed-card" onClick={() => onOpen(unit?.id ?? null)}>
              <span className="bed-name"><b>{unit?.name ?? '未分专科'}</b><small>{isFiltered ? `符合 ${fitting.length} / ${spots.length}` : `开放 ${spots.length}`}</small></span>
              <span className="bed-stack" aria-hidden>{states!.map(({ value, count }) => <i key={value} className={`${looks.toneOf('status', value)} ${value}`} style={{ flexGrow: count }} />)}</span>
              <span className="bed-counts">{states!.map(({ value, label, count }) => <span key={value} className={looks.toneOf('status', value)}><i aria-hidden>{signOf(value)}</i>{label} <b>{count}</b></span>)}</span>
              <span className="bed-counts trouble">{troubles!.filter(({ value }) => value !== 'normal').map(({ value, label, count }) => <span key={value} className={looks.toneOf('condition', value)}><i aria-hidden>{signOf(value)}</i>{label} <b>{count}</b></span>)}</span>
            </button>
          </li>
        )
      })}
    </ul>
  )
} // prettier-ignore
