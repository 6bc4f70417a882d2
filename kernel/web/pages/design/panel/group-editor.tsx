import {
  bandKinds,
  divisionGrains,
  grains,
  plainKey,
  readGroupKey,
  writeGroupKey,
  type BandKind,
  type ClientResource,
  type Field,
} from '#model'
import { Input, Select } from 'antd'
import { useState } from 'react'
import { useCatalog } from '../../../definitions/use-catalog.tsx'
import { columnFields } from '../../../list/filter-fields.ts'
import { isGroupable, isNumber, isTime } from '../../../list/groups/group-words.tsx'
import { Line } from './line.tsx'

interface Props {
  resource: ClientResource
  label: string
  /** `from:month`; empty for none. */
  value: string
  mayClear: boolean
  problem?: string | undefined
  onChange: (text: string | null) => void
}
const usualEdges: Record<BandKind, string> = {
  value: '10, 20, 50, 100', age: '20, 30, 40, 50, 60', years: '1, 3, 5, 10, 20, 30', months: '1, 3, 6, 12', days: '7, 30, 90', left: '0, 30, 60, 90',
} // prettier-ignore
const mayGroup = (field: Field): boolean => isGroupable(field) || isTime(field) || isNumber(field) || field.kind === 'address'

/** By which field, and how finely: days by periods or by their distance from today, numbers by bands, addresses by province or city. */
export function GroupEditor({ resource, label, value, mayClear, problem, onChange }: Props) {
  const catalog = useCatalog()
  const key = readGroupKey(value)
  const field = key && catalog.find(resource, key.path)?.field
  const offered = columnFields(catalog, resource).filter((one) => mayGroup(one.field) && !one.isMasked)
  const pick = (path: string) => {
    const chosen = catalog.find(resource, path)?.field
    const plain = plainKey(path)
    onChange(writeGroupKey(chosen && isTime(chosen) ? { ...plain, grain: 'month' } : chosen?.kind === 'address' ? { ...plain, division: 'province' } : plain)) // prettier-ignore
  }
  return (
    <>
      <Line label={label} problem={problem}>
        <Select
          aria-label={label}
          allowClear={mayClear}
          value={key?.path ?? null}
          placeholder="选择字段"
          showSearch={{ optionFilterProp: 'label' }}
          options={offered.map(({ path, label: said }) => ({ value: path, label: said }))}
          onChange={(path: string | null | undefined) => (path ? pick(path) : onChange(null))}
        />
      </Line>
      {key && field && <Fineness key={value} text={value} field={field} label={label} onChange={onChange} />}
    </>
  )
}
function Fineness({ text, field, label, onChange }: { text: string; field: Field; label: string; onChange: (text: string) => void }) {
  const { path, grain, division, bands } = readGroupKey(text)!
  const [edges, setEdges] = useState(bands?.edges.join(', ') ?? '')
  const [isWrong, setWrong] = useState(false)
  const plain = plainKey(path)
  const isDay = isTime(field)
  if (!isDay && !isNumber(field) && field.kind !== 'address') return null
  const kinds = Object.entries(bandKinds).filter(([by]) => (by === 'value') !== isDay)
  const options = [
    ...(isDay ? Object.entries(grains).map(([value, said]) => ({ value, label: `按${said}` })) : []),
    ...(field.kind === 'address' ? Object.entries(divisionGrains).map(([value, said]) => ({ value, label: `按${said}` })) : []),
    ...(isNumber(field) ? [{ value: 'each', label: '每个数值一组' }] : []),
    ...(field.kind === 'address' ? [] : kinds.map(([value, { label: said }]) => ({ value, label: said }))),
  ]
  const choose = (chosen: string) => {
    if (Object.hasOwn(bandKinds, chosen)) return onChange(`${path}:${chosen}/${numbersIn(usualEdges[chosen as BandKind]).join('/')}`)
    onChange(chosen === 'each' ? path : `${path}:${chosen}`)
  }
  const keep = () => {
    const next = bands && writeGroupKey({ ...plain, bands: { by: bands.by, edges: numbersIn(edges).map(Number) } })
    const isRead = next !== null && readGroupKey(next) !== null
    setWrong(!isRead)
    if (isRead && next !== text) onChange(next)
  }
  return (
    <>
      <Line label="粗细">
        <Select aria-label={`${label}的粗细`} value={grain ?? division ?? bands?.by ?? 'each'} options={options} onChange={choose} />
      </Line>
      {bands && (
        <Line
          label={`分界（${bandKinds[bands.by].unit || '数值'}，从小到大）`}
          problem={isWrong ? '请填写从小到大的数，用逗号隔开' : undefined}
        >
          <Input aria-label="分界" value={edges} onChange={(event) => setEdges(event.target.value)} onBlur={keep} onPressEnter={keep} />
        </Line>
      )}
    </>
  )
}
const numbersIn = (text: string): string[] => text.split(/[,，、\s]+/).filter(Boolean)
