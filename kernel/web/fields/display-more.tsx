import { cascadeLabel, formatMoney, isRange, kindOf, locationText, moneyInWords, writeOnlyMark } from '#model'
import { EnvironmentOutlined, LockOutlined, StarFilled, StarOutlined } from '@ant-design/icons'
import { addressText } from '#model'
import type { CSSProperties } from 'react'
import { Tag } from '../parts/tag.tsx'
import { Nothing, NumberDisplay, TextDisplay } from './display.tsx'
import { asList, asText, type DisplayProps } from './field-view.ts'

const isNumber = (value: unknown): value is number => typeof value === 'number'

export function MoneyCell({ field, value }: DisplayProps<'money'>) {
  return asText(value) ? <>{formatMoney(asText(value), field.options.currency)}</> : <Nothing />
}
export function MoneyDisplay(props: DisplayProps<'money'>) {
  const { field, value } = props
  const words = field.options.inWords && (field.options.currency ?? 'CNY') === 'CNY' ? moneyInWords(asText(value)) : null
  return (
    <>
      <MoneyCell {...props} />
      {words && <span className="x-in-words">{words}</span>}
    </>
  )
}
export const YearDisplay = ({ value }: DisplayProps<'year'>) => (isNumber(value) ? <>{value} 年</> : <TextDisplay value={value} />)

export const SwitchDisplay = ({ field, value }: DisplayProps<'switch'>) =>
  typeof value === 'boolean' ? (
    <Tag tone={value ? 'good' : 'neutral'}>{value ? (field.options.yes ?? '是') : (field.options.no ?? '否')}</Tag>
  ) : (
    <Nothing />
  )
export function SliderDisplay({ field, value }: DisplayProps<'slider'>) {
  const { min = 0, max = 100, unit } = field.options
  if (!isNumber(value)) return <TextDisplay value={value} />
  return (
    <span className="x-meter">
      <i style={{ '--share': `${((value - min) / Math.max(1, max - min)) * 100}%` } as CSSProperties} aria-hidden />
      <span>
        <NumberDisplay value={value} unit={unit} />
      </span>
    </span>
  )
}
export function RatingDisplay({ field, value }: DisplayProps<'rating'>) {
  const { max = 5, words } = field.options
  if (!isNumber(value)) return <TextDisplay value={value} />
  return (
    <span className="x-stars" role="img" aria-label={`${value} 分，满分 ${max} 分`}>
      {Array.from({ length: max }, (_, at) => (at < value ? <StarFilled key={at} className="on" /> : <StarOutlined key={at} />))}
      {words?.[value - 1] && <span className="x-muted"> {words[value - 1]}</span>}
    </span>
  )
}
export const RatingPrint = ({ field, value }: DisplayProps<'rating'>) =>
  isNumber(value) ? (
    <>
      {value} / {field.options.max ?? 5} {field.options.words?.[value - 1]}
    </>
  ) : null
export const CounterDisplay = ({ field, value }: DisplayProps<'counter'>) => <NumberDisplay value={value} unit={field.options.unit} />

export const ColourDisplay = ({ value }: DisplayProps<'colour'>) =>
  /^#[\da-f]{6}$/.test(asText(value)) ? (
    <span className="x-swatch">
      <i style={{ background: asText(value) }} aria-hidden /> {asText(value)}
    </span>
  ) : (
    <TextDisplay value={value} />
  )
export const EmailDisplay = ({ value }: DisplayProps<'email'>) =>
  asText(value).includes('@') && !asText(value).includes('*') ? (
    <a href={`mailto:${asText(value)}`}>{asText(value)}</a>
  ) : (
    <TextDisplay value={value} />
  )

/** Only what leads to a page is a link. */
export const UrlDisplay = ({ value }: DisplayProps<'url'>) =>
  /^https?:\/\//i.test(asText(value)) ? (
    <a className="x-break" href={asText(value)} target="_blank" rel="noreferrer noopener">
      {asText(value)}
    </a>
  ) : (
    <TextDisplay value={value} />
  )
export const UrlCell = ({ value }: DisplayProps<'url'>) => <TextDisplay value={asText(value).replace(/^https?:\/\//, '')} />
export const PasswordDisplay = ({ value }: DisplayProps<'password'>) =>
  value === writeOnlyMark || value ? (
    <span className="x-muted">
      <LockOutlined aria-hidden /> 已设置
    </span>
  ) : (
    <Nothing />
  )
export function TagsDisplay({ value }: DisplayProps<'tags'>) {
  const tags = asList(value)
  return tags.length ? (
    <span className="x-tags">
      {tags.map((tag) => (
        <Tag key={tag}>{tag}</Tag>
      ))}
    </span>
  ) : (
    <TextDisplay value={value} />
  )
}
export const DateRangeDisplay = ({ field, value }: DisplayProps<'dateRange'>) =>
  isRange(value) ? <span className="x-nowrap">{kindOf(field).format(value, field, () => '')}</span> : <TextDisplay value={value} />
export const CascadeDisplay = ({ field, value }: DisplayProps<'cascade'>) =>
  asText(value) ? <>{cascadeLabel(field.options.tree, asText(value))}</> : <Nothing />
/** In a list the last level says most; the way to it stands behind. */
export const CascadeCell = ({ field, value }: DisplayProps<'cascade'>) => {
  const label = cascadeLabel(field.options.tree, asText(value))
  return label ? <span title={label}>{label.split(' / ').at(-1)}</span> : <Nothing />
}
export const AddressDisplay = ({ value }: DisplayProps<'address'>) => (
  <TextDisplay value={typeof value === 'object' ? addressText(value) : value} />
)
export const LocationDisplay = ({ value }: DisplayProps<'location'>) =>
  value ? (
    <span className="x-nowrap">
      <EnvironmentOutlined className="x-faint" aria-hidden /> {locationText(value)}
    </span>
  ) : (
    <Nothing />
  )
