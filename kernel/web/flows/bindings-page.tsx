import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import type { BindingItem, Filter } from '#model'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Input, Select, Switch } from 'antd'
import { useState } from 'react'
import { api } from '../api/client.ts'
import { useResource } from '../definitions/use-catalog.tsx'
import { FilterSentence } from '../list/sentence.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { useSend } from '../parts/use-send.tsx'
import './flows.css'

interface FlowName {
  name: string
  label: string
}
const key = ['flow-bindings']
/** 流程搭配: which flow a record takes on which occasion — the first condition that holds, else the default. */
export default function BindingsPage() {
  const bindings = useQuery({ queryKey: key, queryFn: ({ signal }) => api.get<BindingItem[]>('/api/flow-bindings', {}, signal) })
  const flows = useQuery({ queryKey: ['flows'], queryFn: ({ signal }) => api.get<FlowName[]>('/api/flows', {}, signal) })
  const [resource, setResource] = useState<string | null>(null)
  const error = bindings.error ?? flows.error
  const items = bindings.data
  const names = [...new Map((items ?? []).map((one) => [one.resource, one.resourceLabel]))]
  const shown = resource ?? names[0]?.[0] ?? null
  return (
    <div className="x-page">
      <PageHead
        title="流程搭配"
        acts={
          names.length > 1 ? (
            <Select
              key="type"
              aria-label="表单"
              value={shown}
              showSearch={{ optionFilterProp: 'label' }}
              options={names.map(([value, label]) => ({ value, label }))}
              onChange={setResource}
              popupMatchSelectWidth={220}
            />
          ) : null
        }
      />
      {error ? (
        <Failed error={error} retry={() => void bindings.refetch()} />
      ) : !items || !flows.data ? (
        <Skeleton rows={6} />
      ) : items.length === 0 ? (
        <Notice kind="empty" title="没有须审批的表单" />
      ) : (
        items
          .filter((one) => one.resource === shown)
          .map((one) => <Occasion key={`${one.resource} ${one.occasion}`} item={one} flows={flows.data} />)
      )}
    </div>
  )
}

type Binding = Omit<BindingItem['bindings'][number], 'id'>
function Occasion({ item, flows }: { item: BindingItem; flows: readonly FlowName[] }) {
  const resource = useResource(item.resource)
  const client = useQueryClient()
  const { message } = App.useApp()
  const { problems, problem, send } = useSend()
  const [rows, setRows] = useState<readonly Binding[]>(item.bindings)
  const [isChanged, setChanged] = useState(false)
  const set = (next: readonly Binding[]) => {
    setRows(next)
    setChanged(true)
  }
  const put = (at: number, change: Partial<Binding>) => set(rows.map((row, n) => (n === at ? { ...row, ...change } : row)))
  const move = (at: number, by: number) => {
    const next = [...rows]
    next.splice(at + by, 0, ...next.splice(at, 1))
    set(next)
  }
  const save = () =>
    send(async () => {
      await api.put(`/api/flow-bindings/${item.resource}/${item.occasion}`, { bindings: rows })
      setChanged(false)
      void client.invalidateQueries({ queryKey: key })
      void message.success('已保存，之后提交的按新的搭配')
    })
  const flowLabel = flows.find((flow) => flow.name === item.default)?.label ?? item.default
  return (
    <section className="x-card x-binding">
      <header>
        <h2>{item.occasionLabel}</h2>
        <span className="x-space" />
        <Button
          size="small"
          icon={<PlusOutlined />}
          onClick={() => set([...rows, { label: '', filter: { and: [] }, flow: item.default, enabled: true }])}
        >
          加一条
        </Button>
        {isChanged && (
          <Button size="small" type="primary" onClick={() => void save()}>
            保存
          </Button>
        )}
      </header>
      {problem('')}
      <ol>
        {rows.map((row, at) => (
          <li key={at}>
            <div className="x-binding-line">
              <Input
                aria-label="名称"
                placeholder="名称，如“东院”"
                maxLength={60}
                value={row.label}
                status={problems[`${at}.label`] ? 'error' : ''}
                onChange={(event) => put(at, { label: event.target.value })}
              />
              <Select
                aria-label="流程"
                value={row.flow}
                showSearch={{ optionFilterProp: 'label' }}
                options={flows.map(({ name, label }) => ({ value: name, label }))}
                popupMatchSelectWidth={240}
                onChange={(flow: string) => put(at, { flow })}
              />
              <Switch aria-label="启用" checked={row.enabled} onChange={(enabled) => put(at, { enabled })} />
              <Button type="text" icon={<ArrowUpOutlined />} aria-label="上移" disabled={at === 0} onClick={() => move(at, -1)} />
              <Button
                type="text"
                icon={<ArrowDownOutlined />}
                aria-label="下移"
                disabled={at === rows.length - 1}
                onClick={() => move(at, 1)}
              />
              <Button type="text" danger icon={<DeleteOutlined />} aria-label="删除" onClick={() => set(rows.filter((_, n) => n !== at))} />
            </div>
            {resource ? (
              <FilterSentence
                resource={resource}
                filter={row.filter}
                onChange={(filter: Filter | null) => put(at, { filter: filter ?? { and: [] } })}
              />
            ) : (
              <p className="x-muted">这种表单没有对你开放，条件不能修改。</p>
            )}
            {problem(`${at}.label`)}
            {problem(`${at}.filter`)}
            {problem(`${at}.flow`)}
          </li>
        ))}
        <li className="x-binding-default">
          其余情况 → <b>{flowLabel}</b>
        </li>
      </ol>
    </section>
  )
}
