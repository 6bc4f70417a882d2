import { choiceLabel, formatInstant, grouped, type ChoiceSpec, type Choices } from '#model'
import { Link } from 'react-router'
import { here } from '../api/place.ts'
import { useCatalog } from '../definitions/use-catalog.tsx'
import { Tag } from '../parts/tag.tsx'
import { asList, asText, type DisplayProps } from './field-view.ts'
import { useTitles } from './titles.tsx'

export const Nothing = () => <span className="x-faint">—</span>

export const TextDisplay = ({ value }: { value: unknown }) => (asText(value) ? <>{asText(value)}</> : <Nothing />)
/** What an empty date means, where its help says so: 空 = 长期. */
const emptyWord = /空\s*=\s*([^，。；]+)/
export const DateDisplay = ({ field, value }: DisplayProps<'date'>) => {
  const word = emptyWord.exec(field.help ?? '')?.[1]
  return value || !word ? <TextDisplay value={value} /> : <span className="x-muted">{word}</span>
}
export const LongTextDisplay = ({ value }: DisplayProps<'longText'>) =>
  asText(value) ? <span className="x-long">{asText(value)}</span> : <Nothing />

export function NumberDisplay({ value, unit }: { value: unknown; unit: string | undefined }) {
  if (value === null || value === undefined || value === '') return <Nothing />
  return (
    <>
      {grouped(asText(value))}
      {unit && <span className="x-faint"> {unit}</span>}
    </>
  )
}
export const IntegerDisplay = ({ field, value }: DisplayProps<'integer'>) => <NumberDisplay value={value} unit={field.options.unit} />
export const DecimalDisplay = ({ field, value }: DisplayProps<'decimal'>) => <NumberDisplay value={value} unit={field.options.unit} />

export const BooleanDisplay = ({ field, value }: DisplayProps<'boolean'>) =>
  typeof value === 'boolean' ? <>{value ? (field.options.yes ?? '是') : (field.options.no ?? '否')}</> : <Nothing />

export const DateTimeDisplay = ({ value }: DisplayProps<'dateTime'>) =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value) ? (
    <time dateTime={value}>{formatInstant(value)}</time>
  ) : (
    <TextDisplay value={value} />
  )

const specOf = (choices: Choices, key: string): ChoiceSpec | undefined => {
  const spec = choices[key]
  return typeof spec === 'string' ? { label: spec } : spec
}
function ChoiceTag({ choices, value }: { choices: Choices; value: string }) {
  const tone = specOf(choices, value)?.tone
  return tone ? <Tag tone={tone}>{choiceLabel(choices, value)}</Tag> : <>{choiceLabel(choices, value)}</>
}
export const ChoiceDisplay = ({ field, value }: DisplayProps<'choice'>) =>
  asText(value) ? <ChoiceTag choices={field.options.choices} value={asText(value)} /> : <Nothing />
export const ChoicesDisplay = ({ field, value }: DisplayProps<'choices'>) => {
  const keys = asList(value)
  return keys.length ? (
    <span className="x-tags">
      {keys.map((key) => (
        <Tag key={key} tone={specOf(field.options.choices, key)?.tone}>
          {choiceLabel(field.options.choices, key)}
        </Tag>
      ))}
    </span>
  ) : (
    <Nothing />
  )
}

type Referring = DisplayProps<'reference' | 'person' | 'references' | 'tree'>
const targetIn = ({ field }: Referring): string => field.options.target

export function ReferenceCell(props: Referring) {
  const ids = Array.isArray(props.value) ? asList(props.value) : asText(props.value) ? [asText(props.value)] : []
  const titles = useTitles(targetIn(props), ids)
  return ids.length ? <>{ids.map((_, at) => titles[at] ?? '…').join('、')}</> : <Nothing />
}
/** In a record a reference leads to its record, where it may be read. */
export function ReferenceDisplay(props: Referring) {
  const target = targetIn(props)
  const mayOpen = useCatalog().resource(target)?.may.read
  const ids = Array.isArray(props.value) ? asList(props.value) : asText(props.value) ? [asText(props.value)] : []
  const titles = useTitles(target, ids)
  if (!ids.length) return <Nothing />
  return (
    <span className="x-tags">
      {ids.map((id, at) =>
        mayOpen ? (
          <Link key={id} to={`/r/${target}/${id}`}>
            {titles[at] ?? '查看'}
          </Link>
        ) : (
          <span key={id}>{titles[at] ?? '（无权查看）'}</span>
        ),
      )}
    </span>
  )
}
/** A record of some type by its title, leading to it where it may be read. */
export function RecordDisplay({ target, id }: { target: string; id: string }) {
  const mayOpen = useCatalog().resource(target)?.may.read
  const [title] = useTitles(target, [id])
  if (title === undefined) return <span className="x-muted">（无权查看，或已不再显示）</span>
  return mayOpen ? <Link to={`/r/${target}/${id}`}>{title}</Link> : <>{title}</>
}
export function UnitCell({ value }: { value: unknown }) {
  const catalog = useCatalog()
  const id = asText(value)
  const [title] = useTitles('directory.unit', id ? [id] : [])
  return id ? <span title={catalog.unitPath(id)}>{title ?? '…'}</span> : <Nothing />
}
export const SignatureCell = ({ value }: DisplayProps<'signature'>) => (value ? <Tag tone="good">已签名</Tag> : <Nothing />)
export function SignatureDisplay({ value }: DisplayProps<'signature'>) {
  return asText(value) ? <img className="x-signature" src={here(`/api/files/${asText(value)}`)} alt="手写签名" /> : <Nothing />
}
export const CountCell = ({ value, unit }: { value: unknown; unit: string }) =>
  Array.isArray(value) && value.length ? (
    <>
      {value.length} {unit}
    </>
  ) : typeof value === 'number' ? (
    <>
      {value} {unit}
    </>
  ) : (
    <Nothing />
  )

export function FormulaDisplay({ field, value }: DisplayProps<'formula'>) {
  if (field.options.result === 'boolean') return typeof value === 'boolean' ? <>{value ? '是' : '否'}</> : <Nothing />
  return field.options.result === 'integer' || field.options.result === 'decimal' ? (
    <NumberDisplay value={value} unit={undefined} />
  ) : (
    <TextDisplay value={value} />
  )
}
