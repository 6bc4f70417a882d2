import type { ChartKind } from '#model'
import type { ComponentType } from 'react'
import { Bars } from './bars.tsx'
import { drawsOnce, figureText, summed } from './chart-data.ts'
import { colourOf, type ChartProps, type DrawingProps } from './chart-props.ts'
import { Columns } from './columns.tsx'
import { DivisionMap } from './division-map.tsx'
import { Funnel } from './funnel.tsx'
import { Pie } from './pie.tsx'
import { Pivot } from './pivot.tsx'
import { Radar } from './radar.tsx'
import { Scatter } from './scatter.tsx'
import { useWidth } from './use-width.ts'
import './charts.css'

const drawings: Readonly<Record<Exclude<ChartKind, 'number'>, ComponentType<DrawingProps>>> = {
  bar: Bars, stacked: Bars, column: Columns, line: Columns, axes: Columns, pie: Pie, ring: Pie,
  radar: Radar, funnel: Funnel, pivot: Pivot, division: DivisionMap, scatter: Scatter,
} // prettier-ignore

/** Groups as a picture: every figure stands beside its mark and leads to its records. */
export function Chart(props: ChartProps) {
  const { kind, label, data, whole, beside, height, share = false, colours = [], format = figureText, hasHead = true, onPick } = props
  const [ref, width] = useWidth<HTMLElement>()
  if (kind === 'number')
    return (
      <p className="x-chart-number">
        {onPick ? (
          <button type="button" className="x-link" aria-label={`${label} ${whole}`} onClick={() => onPick(0, 0)}>
            <b>{whole}</b>
          </button>
        ) : (
          <b>{whole}</b>
        )}
        {beside && <small>{beside}</small>}
        {hasHead && <span>{label}</span>}
      </p>
    )
  const Drawing = drawings[kind]
  return (
    <figure className="x-chart" aria-label={`${label}的图表`} ref={ref}>
      {hasHead && <h3>{label}</h3>}
      {data.categories.length === 0 ? (
        <p className="x-chart-none">没有可以画的数据</p>
      ) : (
        width > 0 && (
          <Drawing
            kind={kind}
            label={label}
            data={drawsOnce.has(kind) ? summed(data) : data}
            whole={whole}
            width={width}
            height={height}
            share={share}
            format={format}
            colour={(at) => colourOf((colours[at] ?? at + 1) - 1)}
            onPick={onPick}
          />
        )
      )}
    </figure>
  )
}
