import { ApartmentOutlined, CalendarOutlined, ProjectOutlined, UnorderedListOutlined } from '@ant-design/icons'
import { lookLabels, writeLook, type ClientResource, type LookKind } from '#model'
import { Segmented, Select } from 'antd'
import { useMemo, type ComponentType } from 'react'
import type { Found } from '../../definitions/catalog.ts'
import { useCatalog } from '../../definitions/use-catalog.tsx'
import type { ListAddress } from '../list-address.ts'
import { lookFieldsOf, looksOffered } from './offered.ts'
import './looks.css'

const icons: Record<LookKind, ComponentType> = {
  table: UnorderedListOutlined,
  board: ProjectOutlined,
  calendar: CalendarOutlined,
  timeline: TimelineIcon,
  tree: ApartmentOutlined,
}
function TimelineIcon() {
  return <ProjectOutlined rotate={270} />
}

/** The kinds of view that the type's fields allow; nothing where there is only the table. */
export function LookSwitch({ resource, address, kind }: { resource: ClientResource; address: ListAddress; kind: LookKind }) {
  const catalog = useCatalog()
  const offered = useMemo(() => looksOffered(lookFieldsOf(catalog, resource)), [catalog, resource])
  if (offered.length < 2 || address.state.deleted || address.state.asOf) return null
  const choose = (next: LookKind) => {
    const found = offered.find((one) => one.kind === next)
    if (found && next !== kind) address.set({ look: writeLook(found.look) })
  }
  return (
    <Segmented
      className="x-look-switch"
      aria-label="显示为"
      value={kind}
      onChange={choose}
      options={offered.map(({ kind: value }) => {
        const Icon = icons[value]
        return { value, icon: <Icon />, label: lookLabels[value] }
      })}
    />
  )
}

interface FieldProps {
  label: string
  fields: readonly Found[]
  value: string | null
  onChange: (path: string | null) => void
  /** What none means; without it one has to be chosen. */
  none?: string
}
/** By which field a view is made; nothing to choose where there is only one. */
export function LookField({ label, fields, value, onChange, none }: FieldProps) {
  if (fields.length < (none === undefined ? 2 : 1)) return null
  return (
    <label className="x-look-field">
      <span>{label}</span>
      <Select
        size="small"
        aria-label={label}
        value={value ?? ''}
        popupMatchSelectWidth={160}
        options={[
          ...(none === undefined ? [] : [{ value: '', label: none }]),
          ...fields.map((one) => ({ value: one.path, label: one.label })),
        ]}
        onChange={(path: string) => onChange(path || null)}
      />
    </label>
  )
}
