import type { BindingItem } from '#model'
import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { api } from '../../api/client.ts'

/** Which form a flow is for: one that has to be approved. */
export function FormType({ value, onChange }: { value: string; onChange: (resource: string) => void }) {
  const bindings = useQuery({ queryKey: ['flow-bindings'], queryFn: ({ signal }) => api.get<BindingItem[]>('/api/flow-bindings', {}, signal) })
  const types = [...new Map((bindings.data ?? []).map((one) => [one.resource, one.resourceLabel]))]
  return (
    <Select aria-label="用于哪种表单" placeholder="请选择" loading={bindings.isPending} {...(value ? { value } : {})} showSearch={{ optionFilterProp: 'label' }} options={types.map(([type, label]) => ({ value: type, label }))} onChange={onChange} />
  )
} // prettier-ignore
