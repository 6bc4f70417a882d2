import { Link } from 'react-router'
import { useIsPhone } from '#kernel/web/shell/use-is-phone.ts'
import { dimensionKeys, figuresOf, type BedFilter, type BedMap, type BedSpot, type Dimension } from './beds.rules.ts'
import { signOf, type Looks } from './look.tsx'

interface Props {
  map: BedMap
  spots: readonly BedSpot[]
  looks: Looks
  filter: BedFilter
  addressOf: (filter: BedFilter) => string
  onPick: (by: Dimension, value: string) => void
}
/** How many of what: a word filters the map, its number opens the list. */
export function Figures(props: Props) {
  const isPhone = useIsPhone()
  if (!isPhone)
    return (
      <section className="bed-figures" aria-label="数量与分布">
        {dimensionKeys.map((by) => (
          <Block key={by} by={by} {...props} />
        ))}
      </section>
    )
  const [first, ...rest] = dimensionKeys
  const asked = rest.filter((by) => props.filter[by] !== undefined).length
  return (
    <section className="bed-figures" aria-label="数量与分布">
      <Block by={first!} {...props} />
      <details>
        <summary>按性质、类型、房间、情况{asked > 0 && `（已选 ${asked} 项）`}</summary>
        {rest.map((by) => (
          <Block key={by} by={by} {...props} />
        ))}
      </details>
    </section>
  )
}

function Block({ by, map, spots, looks, filter, addressOf, onPick }: Props & { by: Dimension }) {
  const figures = figuresOf(map, spots, by, looks.words[by], filter)
  return (
    <div className="x-card bed-block" role="group" aria-label={looks.labels[by]}>
      <h2>{looks.labels[by]}</h2>
      <ul>
        {figures.map(({ value, label, count, share }) => (
          <li key={value} className={count === 0 ? 'none' : ''}>
            <button type="button" aria-pressed={filter[by] === value} onClick={() => onPick(by, value)}>
              {(by === 'status' || by === 'condition') && <i className={looks.toneOf(by, value)} aria-hidden>{signOf(value)}</i>}
              <span>{label}</span>
            </button>
            <span className="bed-bar" aria-hidden style={{ width: `${share}%` }} />
            <small>{share}%</small>
            <Link to={addressOf({ ...filter, [by]: value })} aria-label={`${label} ${count} 张，看列表`}>{count}</Link>
          </li>
        ))}
      </ul>
    </div>
  )
} // prettier-ignore
