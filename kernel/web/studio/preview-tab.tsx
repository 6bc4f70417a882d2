import type { ClientResource, DesignNames, Field, Group } from '#model'
import { Segmented, Select } from 'antd'
import { useMemo, useState } from 'react'
import { TitlesProvider } from '../fields/index.ts'
import { FormStore } from '../form/form-store.ts'
import { RecordForm } from '../form/record-form.tsx'
import type { GrantDesign } from '#kernel/model/designs/index.ts'

interface Props {
  label: string
  title: string
  fields: Readonly<Record<string, Field>>
  groups: readonly Group[]
  rules: NonNullable<ClientResource['rules']>
  names: DesignNames
  /** By role: what is closed to it, and what it must fill in. */
  roles: readonly (Pick<GrantDesign, 'hide' | 'readOnly' | 'require'> & { role: string })[]
}
/** 预览: the form as a role has it, on the desk and on a phone; it can be filled in, and nothing of it is kept. */
export function PreviewTab({ label, title, fields, groups, rules, names, roles }: Props) {
  const [role, setRole] = useState('')
  const [width, setWidth] = useState<'desk' | 'phone'>('desk')
  const resource = useMemo((): ClientResource => {
    const mine = roles.filter((one) => one.role === role)
    const every = (pick: (one: Props['roles'][number]) => readonly string[] | undefined, key: string) => mine.length > 0 && mine.every((one) => pick(one)?.includes(key))
    const shown = Object.entries(fields).filter(([key]) => !every(({ hide }) => hide, key))
    return {
      name: 'custom.preview', module: 'custom', moduleLabel: '', label, title, groups, rules, owner: {}, list: { columns: [] }, masked: [], openable: [],
      fields: Object.fromEntries(shown.map(([key, field]) => [key, every(({ require }) => require, key) ? { ...field, required: true } : field])),
      readOnly: Object.keys(fields).filter((key) => every(({ readOnly }) => readOnly, key)),
      may: { read: true, create: true, update: true, delete: false, import: false, export: false, writeDirectly: false },
    } // prettier-ignore
  }, [fields, groups, label, role, roles, rules, title])
  const store = useMemo(() => new FormStore(resource, {}), [resource])
  return (
    <div className="x-studio-preview">
      <div className="x-list-bar">
        <Select aria-label="以谁的身份" className="x-studio-role" value={role} options={[{ value: '', label: '不限角色' }, ...names.roles.map(({ name, label: of }) => ({ value: name, label: of }))]} onChange={setRole} />
        <Segmented value={width} options={[{ value: 'desk', label: '电脑' }, { value: 'phone', label: '手机' }]} onChange={setWidth} />
        <span className="x-muted">可以试填，不会保存</span>
      </div>
      <div className={`x-studio-sheet ${width}`}>
        <TitlesProvider>
          <RecordForm key={`${role} ${width}`} store={store} isNew />
        </TitlesProvider>
      </div>
    </div>
  )
} // prettier-ignore
