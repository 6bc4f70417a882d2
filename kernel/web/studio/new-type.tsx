import type { DesignAnswer, DesignItem } from '#model'
import { newKey, starters, type TypeDesign } from '#kernel/model/designs/index.ts'
import { api } from '../api/client.ts'
import { BeginDesign } from './begin-design.tsx'
import { designUrl } from './use-studio.ts'

/** A type of the hospital's own: empty, from a template, or a copy of another. */
export function NewType({ items, onClose }: { items: readonly DesignItem[]; onClose: () => void }) {
  const offered = [
    { value: '', label: '空白' },
    ...starters.map((one, n) => ({ value: `template ${n}`, label: `模板：${one.label}` })),
    ...items.filter(({ kind }) => kind === 'type').map(({ name, label }) => ({ value: name, label: `复制“${label}”` })),
  ]
  return <BeginDesign kind="type" title="新建记录类型" placeholder="例如：设备借用登记" longest={60} offered={offered} beginning={beginning} onClose={onClose} />
} // prettier-ignore

/** What it begins with: a name, whose it is, and who may use it. */
async function beginning(from: string): Promise<Partial<TypeDesign>> {
  if (from.startsWith('template ')) return starters[Number(from.slice(9))]!
  if (from) return (await api.get<DesignAnswer>(designUrl('type', from))).content as TypeDesign
  const [name, unit] = [newKey(), newKey()]
  return {
    fields: [
      { key: name, kind: 'text', label: '名称', required: true, search: true, options: {} },
      { key: unit, kind: 'unit', label: '科室', required: false, default: 'myUnit', options: {} },
    ],
    title: name,
    owner: { person: 'createdBy', department: unit },
    grants: [
      { role: 'staffMember', actions: ['read', 'create', 'update'], scope: 'own' },
      { role: 'medicalOffice', actions: ['read', 'create', 'update', 'delete', 'import', 'export'], scope: 'hospital' },
    ],
  }
}
