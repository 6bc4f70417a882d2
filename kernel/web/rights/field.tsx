import type { FieldPeople, FieldRights, RightsFields, Sight } from '#model'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Input, Select } from 'antd'
import { useDeferredValue, useState } from 'react'
import { api } from '../api/client.ts'
import { More } from '../parts/more.tsx'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { Tag, type Tone } from '../parts/tag.tsx'
import { useIsPhone } from '../shell/use-is-phone.ts'
import { TabsLine } from '../parts/tabs-line.tsx'
import { useAddress } from '../parts/use-address.ts'

const sights: Readonly<Record<Sight, { label: string; tone: Tone }>> = {
  plain: { label: '看得到', tone: 'info' },
  masked: { label: '打码', tone: 'warn' },
  own: { label: '只看本人的', tone: 'neutral' },
  hidden: { label: '看不到此项', tone: 'neutral' },
  none: { label: '看不到记录', tone: 'neutral' },
}
const SightTag = ({ sight }: { sight: Sight }) => (
  <Tag tone={sights[sight].tone} icon={false}>
    {sights[sight].label}
  </Tag>
)

/** 字段可见: who sees one field plainly, masked or not at all, and who may write it. */
export function FieldTab() {
  const [get, put] = useAddress()
  const { data, error, refetch } = useQuery({
    queryKey: ['rights', 'fields'],
    queryFn: ({ signal }) => api.get<RightsFields>('/api/rights/fields', {}, signal),
    staleTime: 300_000,
  })
  if (error) return <Failed error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton rows={8} />
  const type = data.groups.flatMap(({ types }) => types).find(({ name }) => name === get('resource'))
  const field = type?.fields.find(({ key }) => key === get('field'))
  return (
    <>
      <div className="x-rights-ask">
        <Select
          aria-label="记录类型"
          placeholder="记录类型"
          showSearch={{ optionFilterProp: 'label' }}
          value={type?.name ?? null}
          options={data.groups.map(({ label, types }) => ({ label, options: types.map((one) => ({ value: one.name, label: one.label })) }))}
          onChange={(resource: string) => put({ resource, field: null, sight: null })}
        />
        <Select
          aria-label="字段"
          placeholder="字段"
          disabled={!type}
          showSearch={{ optionFilterProp: 'label' }}
          value={field?.key ?? null}
          options={(type?.fields ?? []).map((one) => ({ value: one.key, label: one.isProtected ? `${one.label}（敏感）` : one.label }))}
          onChange={(key: string) => put({ field: key, sight: null })}
        />
      </div>
      {type && field ? (
        <OneField key={`${type.name} ${field.key}`} resource={type.name} field={field.key} />
      ) : (
        <div className="x-card">
          <Notice kind="empty" title={type ? '请选择字段' : '请选择记录类型和字段'} text="看哪些角色、哪些人看得到它，是否打码，谁能修改。" />
        </div>
      )}
    </>
  )
} // prettier-ignore

function OneField({ resource, field }: { resource: string; field: string }) {
  const { data, error, refetch } = useQuery({
    queryKey: ['rights', 'field', resource, field],
    queryFn: ({ signal }) => api.get<FieldRights>('/api/rights/field', { resource, field }, signal),
  })
  if (error) return <Failed error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton rows={8} />
  return (
    <>
      <p className="x-muted">
        {data.label} · {data.fieldLabel} {data.isProtected && <Tag tone="warn" icon={false}>敏感项，默认打码</Tag>} {data.writtenBySystem && <Tag>{data.writtenBySystem}</Tag>}
        {data.given > 0 && ` 另有 ${data.given} 条记录由同事单独开放给个人`}
      </p>
      <ByRole rights={data} />
      <People rights={data} />
    </>
  )
} // prettier-ignore

function ByRole({ rights }: { rights: FieldRights }) {
  const isPhone = useIsPhone()
  const some = rights.roles.filter(({ sight }) => sight !== 'none')
  const rest = rights.roles.filter(({ sight }) => sight === 'none')
  return (
    <section className="x-card x-field-roles" aria-label="按角色">
      <h2>按角色</h2>
      {isPhone ? (
        <ul>
          {some.map((one) => (
            <li key={one.role}>
              <b>{one.roleLabel}</b> <SightTag sight={one.sight} /> {one.scope}
              {one.writes && <small>{one.writes}</small>}
            </li>
          ))}
        </ul>
      ) : (
        <table>
          <thead>
            <tr>
              <th>角色</th>
              <th>人数</th>
              <th>看到</th>
              <th>哪些记录</th>
              <th>可以写</th>
            </tr>
          </thead>
          <tbody>
            {some.map((one) => (
              <tr key={one.role}>
                <td>{one.roleLabel}</td>
                <td>{one.people}</td>
                <td>
                  <SightTag sight={one.sight} />
                </td>
                <td>{one.scope}</td>
                <td>{one.writes ?? <span className="x-faint">不可以</span>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {some.length === 0 && <p className="x-faint">没有角色看得到</p>}
      {rest.length > 0 && <p className="x-faint">看不到记录：{rest.map(({ roleLabel }) => roleLabel).join('、')}</p>}
    </section>
  )
}

function People({ rights }: { rights: FieldRights }) {
  const [get, put] = useAddress()
  const [text, setText] = useState('')
  const q = useDeferredValue(text.trim())
  const some = (Object.keys(sights) as Sight[]).filter((sight) => rights.counts[sight] > 0)
  const sight = some.find((one) => one === get('sight')) ?? some[0] ?? 'none'
  const paged = useInfiniteQuery({
    queryKey: ['rights', 'people', rights.resource, rights.field, sight, q],
    queryFn: ({ pageParam, signal }) => api.get<FieldPeople>('/api/rights/field/people', { resource: rights.resource, field: rights.field, sight, q, after: pageParam }, signal),
    initialPageParam: 0,
    getNextPageParam: (last) => last.next,
  })
  const { data, error, refetch } = paged
  const rows = data?.pages.flatMap((page) => page.rows) ?? []
  return (
    <section className="x-card x-field-people" aria-label="按人员">
      <h2>按人员</h2>
      <TabsLine tabs={some.map((key) => ({ key, label: <>{sights[key].label} <span className="x-faint">{rights.counts[key]}</span></> }))} shown={sight} onShow={(key) => put({ sight: key })} />
      <Input allowClear aria-label="查找人员" placeholder="姓名或工号" value={text} onChange={(event) => setText(event.target.value)} />
      {error ? (
        <Failed error={error} retry={() => void refetch()} />
      ) : !data ? (
        <Skeleton rows={5} />
      ) : rows.length === 0 ? (
        <Notice kind="empty" title={q ? `没有找到“${q}”` : '没有这样的人'} />
      ) : (
        <ul>
          {rows.map((one) => (
            <li key={one.id}>
              <button type="button" className="x-link" onClick={() => put({ tab: 'person', person: one.id })}>
                {one.name}
              </button>
              <span className="x-faint">{[one.staffNumber, one.unit].filter(Boolean).join(' · ')}</span>
              <span>{one.scope || '—'}</span>
              <span className="x-muted">{one.roles.length ? `来自 ${one.roles.join('、')}` : ''}</span>
              {one.writes && <small>可{one.writes}</small>}
            </li>
          ))}
        </ul>
      )}
      <More of={paged}>加载更多（共 {data?.pages[0]?.total}）</More>
    </section>
  )
} // prettier-ignore
