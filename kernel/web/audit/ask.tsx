import { auditActs, auditViews, type AuditViewName } from '#model'
import { useQuery } from '@tanstack/react-query'
import { Button, Input, Select } from 'antd'
import { useState } from 'react'
import { api } from '../api/client.ts'
import { PersonPicker } from '../fields/record-picker.tsx'
import { DaySpan, spanOf } from '../parts/day-span.tsx'
import type { useAddress } from '../parts/use-address.ts'
import { outcomes } from './entries.tsx'

export type Get = ReturnType<typeof useAddress>[0]
export type Put = ReturnType<typeof useAddress>[1]
export type Asked = Record<string, string>
const kept = ['view', 'act', 'outcome', 'actor', 'resource', 'record', 'address', 'from', 'to'] as const
const ofTab: Readonly<Record<string, readonly string[]>> = { '': kept.filter((key) => key !== 'record'), person: ['actor', 'outcome', 'from', 'to'], record: ['record', 'resource', 'from', 'to'] } // prettier-ignore

/** What the address asks of the log. */
export function askedIn(get: Get, tab: string): Asked {
  const asked = Object.fromEntries((ofTab[tab] ?? []).map((key) => [key, get(key)]).filter(([, value]) => value))
  return tab ? { ...asked, timeline: tab } : asked
}
export const fileAddress = (asked: Asked): string => `/api/audit/file?${new URLSearchParams(asked).toString()}`

/** Every record type by name: the log names them all, whatever else the officer may read. */
export function useTypes(): { value: string; label: string }[] {
  const { data } = useQuery({
    queryKey: ['audit', 'types'],
    queryFn: async ({ signal }) => (await api.get<{ types: { value: string; label: string }[] }>('/api/audit/types', {}, signal)).types,
    staleTime: Infinity,
  })
  return data ?? []
}

/** Ready-made reports, each a question in one word. */
export function Views({ get, put }: { get: Get; put: Put }) {
  const shown = get('view') || 'all'
  const view = auditViews[shown as AuditViewName] ?? auditViews.all
  return (
    <div className="a-views">
      <div role="group" aria-label="报表">
        {Object.entries(auditViews).map(([name, { label }]) => (
          <button key={name} type="button" aria-pressed={name === shown} onClick={() => put({ view: name === 'all' ? null : name, act: null, outcome: null })}>
            {label}
          </button>
        ))}
      </div>
      <small>{view.hint}</small>
    </div>
  )
} // prettier-ignore

export function Filters({ get, put }: { get: Get; put: Put }) {
  const types = useTypes()
  const isAny = ['act', 'outcome', 'actor', 'resource', 'address', 'from', 'to'].some((key) => get(key))
  return (
    <div className="a-ask">
      <div className="a-person">
        <PersonPicker value={get('actor') || null} onChange={(id) => put({ actor: id })} placeholder="人员" />
      </div>
      <Select
        placeholder="操作"
        aria-label="操作"
        value={get('act') || null}
        allowClear
        showSearch={{ optionFilterProp: 'label' }}
        options={auditActs.map(({ label, acts }) => ({ label, options: acts.map((one) => ({ value: one.act, label: one.label })) }))}
        onChange={(act?: string) => put({ act: act ?? null })}
      />
      <Select
        placeholder="结果"
        aria-label="结果"
        value={get('outcome') || null}
        allowClear
        options={Object.entries(outcomes).map(([value, [label]]) => ({ value, label }))}
        onChange={(outcome?: string) => put({ outcome: outcome ?? null })}
      />
      <Select
        placeholder="记录类型"
        aria-label="记录类型"
        value={get('resource') || null}
        allowClear
        showSearch={{ optionFilterProp: 'label' }}
        options={types}
        onChange={(resource?: string) => put({ resource: resource ?? null })}
      />
      <AddressInput key={get('address')} value={get('address')} onGive={(address) => put({ address })} />
      <DaySpan span={spanOf(get)} onChange={put} mayBeOpen />
      {isAny && (
        <Button type="link" onClick={() => put({ act: null, outcome: null, actor: null, resource: null, address: null, from: null, to: null })}>
          清除条件
        </Button>
      )}
    </div>
  )
} // prettier-ignore

/** Asks when it is left or given by Enter, not at every letter. */
function AddressInput({ value, onGive }: { value: string; onGive: (address: string) => void }) {
  const [text, setText] = useState(value)
  const give = () => text.trim() !== value && onGive(text.trim())
  return (
    <Input
      className="a-address"
      placeholder="IP 地址"
      aria-label="IP 地址"
      value={text}
      maxLength={60}
      allowClear
      onChange={(event) => {
        setText(event.target.value)
        if (event.target.value === '') onGive('')
      }}
      onBlur={give}
      onPressEnter={give}
    />
  )
}
