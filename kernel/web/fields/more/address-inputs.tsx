import { divisions, scalarsOf, type AddressValue, type Division, type DivisionLevel } from '#model'
import { Cascader, Input } from 'antd'
import { use, useMemo, useState } from 'react'
import { divisionsLoaded } from '../load-divisions.ts'
import type { FilterValueProps, InputProps } from '../field-view.ts'
import { LevelSheet, type LevelNode } from '../phone/level-sheet.tsx'
import { SheetTrigger } from '../phone/sheet.tsx'
import './inputs.css'

const depths: Record<DivisionLevel, number> = { province: 1, city: 2, district: 3 }
const cut = (tree: readonly Division[], depth: number): LevelNode[] =>
  tree.map(({ code, name, children }) => ({
    key: code,
    label: name,
    ...(children && depth > 1 ? { children: cut(children, depth - 1) } : {}),
  }))
function useDivisions(level: DivisionLevel = 'district'): LevelNode[] {
  use(divisionsLoaded())
  return useMemo(() => cut(divisions.tree(), depths[level]), [level])
}
const parts = (value: unknown): AddressValue =>
  typeof value === 'object' && value !== null ? { code: null, region: '', detail: '', ...value } : { code: null, region: '', detail: '' }
const put = (next: AddressValue): AddressValue | null => (next.code || next.detail ? next : null)

function Detail({ props, label }: { props: InputProps<'address'>; label: string }) {
  const { field, value, onChange, onBlur, isDisabled, isInvalid, id } = props
  if (field.options.noDetail) return null
  const now = parts(value)
  return (
    <Input
      id={`${id}-detail`}
      value={now.detail}
      placeholder="街道、门牌号、楼层"
      aria-label={label}
      maxLength={200}
      status={isInvalid ? 'error' : ''}
      disabled={isDisabled ?? false}
      onChange={(event) => onChange(put({ ...now, detail: event.target.value }))}
      onBlur={onBlur}
    />
  )
}
interface Option {
  value: string
  label: string
  children?: Option[]
}
const options = (nodes: readonly LevelNode[]): Option[] =>
  nodes.map(({ key, label, children }) => ({ value: key, label, ...(children ? { children: options(children) } : {}) }))
const search = { filter: (typed: string, path: readonly Option[]) => path.map((one) => one.label).join('').includes(typed), limit: 30 } // prettier-ignore

export function AddressInput(props: InputProps<'address'>) {
  const { id, field, value, onChange, onBlur, isDisabled, isInvalid } = props
  const nodes = useDivisions(field.options.level)
  const tree = useMemo(() => options(nodes), [nodes])
  const now = parts(value)
  return (
    <div className="x-address">
      <Cascader<Option>
        id={id}
        value={now.code ? divisions.wayTo(now.code) : []}
        options={tree}
        showSearch={search}
        displayRender={() => divisions.nameOf(now.code ?? '') ?? now.region}
        placeholder={field.placeholder ?? '省 / 市 / 区县，可输入名称查找'}
        allowClear={!field.required}
        status={isInvalid ? 'error' : ''}
        disabled={isDisabled ?? false}
        onChange={(way) => {
          const code = Array.isArray(way) ? (way.at(-1) ?? null) : null
          onChange(put({ ...now, code, region: code ? (divisions.nameOf(code) ?? '') : '' }))
        }}
        onBlur={() => onBlur?.()}
      />
      <Detail props={props} label={`${field.label}的详细地址`} />
    </div>
  )
}
export function PhoneAddressInput(props: InputProps<'address'>) {
  const { id, field, value, onChange, isDisabled, isInvalid } = props
  const [isOpen, setOpen] = useState(false)
  const nodes = useDivisions(field.options.level)
  const now = parts(value)
  return (
    <div className="x-address">
      <SheetTrigger id={id} isDisabled={isDisabled} isInvalid={isInvalid} placeholder="省 / 市 / 区县" onOpen={() => setOpen(true)}>
        {now.region || undefined}
      </SheetTrigger>
      <Detail props={props} label={`${field.label}的详细地址`} />
      {isOpen && (
        <LevelSheet
          title={field.label}
          nodes={nodes}
          chosen={now.code ? divisions.wayTo(now.code) : []}
          anyLevel={false}
          mayClear={!field.required && now.code !== null}
          onPick={(way) => {
            const code = way.at(-1)?.key ?? null
            onChange(put({ ...now, code, region: code ? (divisions.nameOf(code) ?? '') : '' }))
          }}
          onClose={() => setOpen(false)}
        />
      )}
    </div>
  )
}
export function AddressFilterValue({ op, value, onChange }: FilterValueProps<'address'>) {
  const nodes = useDivisions()
  const tree = useMemo(() => options(nodes), [nodes])
  const given = scalarsOf(value).map(String)
  if (op === 'contains')
    return <Input autoFocus defaultValue={given[0] ?? ''} placeholder="地址中的字" onChange={(event) => onChange(event.target.value.trim() || undefined)} /> // prettier-ignore
  return (
    <Cascader
      multiple
      changeOnSelect
      value={given.map((code) => divisions.wayTo(code))}
      options={tree}
      showSearch={search}
      showCheckedStrategy={Cascader.SHOW_PARENT}
      placeholder="省、市或区县"
      style={{ width: '100%' }}
      onChange={(ways) => onChange(ways.length ? ways.map((way) => way.at(-1)!) : undefined)}
    />
  )
}
