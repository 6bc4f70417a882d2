import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Select, Switch } from 'antd'
import { useId, type ReactNode } from 'react'
import type { Option } from '../context.ts'

/** One thing that is set: its name above it. */
export function Setting({ label, hint, problem, children }: { label: string; hint?: string | undefined; problem?: string | null; children: (id: string) => ReactNode }) {
  const id = useId()
  return (
    <div className="x-set">
      <label htmlFor={id}>{label}</label>
      {children(id)}
      {problem && <p className="x-problem" role="alert">{problem}</p>}
      {hint && <small>{hint}</small>}
    </div>
  )
} // prettier-ignore
/** Things that belong together; those seldom needed are folded away. */
export function SettingGroup({ title, isOpen = true, children }: { title: string; isOpen?: boolean; children: ReactNode }) {
  return (
    <details className="x-set-group" open={isOpen}>
      <summary>{title}</summary>
      <div>{children}</div>
    </details>
  )
}
export function SettingSwitch({ label, hint, value, onChange }: { label: string; hint?: string; value: boolean; onChange: (value: boolean) => void }) {
  const id = useId()
  return (
    <div className="x-set-switch">
      <label htmlFor={id}>
        {label}
        {hint && <small>{hint}</small>}
      </label>
      <Switch id={id} size="small" checked={value} onChange={onChange} />
    </div>
  )
} // prettier-ignore

interface PickProps<T extends string> {
  id?: string | undefined
  label?: string | undefined
  value: T | undefined
  options: readonly (Option & { value: T })[]
  onChange: (value: T) => void
  placeholder?: string
}
/** One of several; what is set but unknown here is shown as it is named. */
export function Pick<T extends string>({ id, label, value, options, onChange, placeholder = '请选择' }: PickProps<T>) {
  const isKnown = !value || options.some((one) => one.value === value)
  return (
    <Select<T>
      {...(id ? { id } : {})}
      {...(label ? { 'aria-label': label } : {})}
      className="x-set-wide"
      {...(value ? { value } : {})}
      placeholder={placeholder}
      showSearch={{ optionFilterProp: 'label' }}
      options={isKnown ? [...options] : [...options, { value, label: value }]}
      popupMatchSelectWidth={240}
      onChange={onChange}
    />
  )
}
export const namesAsOptions = (names: readonly { name: string; label: string }[]): Option[] =>
  names.map(({ name, label }) => ({ value: name, label }))

/** Several of the same kind, one below the other. */
export function SettingList<T>({
  items,
  most,
  add,
  addLabel,
  onChange,
  children,
}: {
  items: readonly T[]
  most: number
  add: () => T
  addLabel: string
  onChange: (items: readonly T[]) => void
  children: (item: T, set: (next: T) => void, at: number) => ReactNode
}) {
  return (
    <div className="x-set-list">
      {items.map((item, at) => (
        <div key={at} className="x-set-item">
          <div>{children(item, (next) => onChange(items.with(at, next)), at)}</div>
          <Button type="text" size="small" icon={<DeleteOutlined />} aria-label={`删除第 ${at + 1} 项`} onClick={() => onChange(items.toSpliced(at, 1))} />
        </div>
      ))}
      <Button size="small" type="dashed" icon={<PlusOutlined />} disabled={items.length >= most} onClick={() => onChange([...items, add()])}>
        {addLabel}
      </Button>
    </div>
  )
} // prettier-ignore
