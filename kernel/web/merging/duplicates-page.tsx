import { sameByOf, sameByWords, type ClientResource, type DuplicatesAnswer, type SameBy } from '#model'
import { useQuery } from '@tanstack/react-query'
import { Button, Select } from 'antd'
import { useMemo, useState } from 'react'
import { useNavigate, useParams, useSearchParams } from 'react-router'
import { api } from '../api/client.ts'
import { useResource } from '../definitions/use-catalog.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { NotFound } from '../shell/not-found.tsx'
import './merging.css'

/** 查找重复: records that agree in the chosen fields, each group to be looked at and merged. The address holds what is compared. */
export default function DuplicatesPage() {
  const { resource: name = '' } = useParams()
  const resource = useResource(name)
  return resource ? <Duplicates resource={resource} /> : <NotFound text="没有这种记录，或者没有对你开放。" />
}

function Duplicates({ resource }: { resource: ClientResource }) {
  const navigate = useNavigate()
  const [search, setSearch] = useSearchParams()
  const options = useMemo(
    () => Object.entries(resource.fields).filter(([key, field]) => sameByOf(field).length > 0 && (!resource.masked.includes(key) || resource.openable.includes(key))),
    [resource],
  )
  const asked = search.get('keys') ?? ''
  const usual = options.find(([key]) => key === resource.title) ?? options[0]
  const [keys, setKeys] = useState(() =>
    asked ? asked.split(',') : usual ? [`${usual[0]}:${sameByOf(usual[1]).includes('loose') ? 'loose' : 'exact'}`] : [],
  )
  const { data, error, refetch, isFetching } = useQuery({
    queryKey: ['duplicates', resource.name, asked],
    queryFn: ({ signal }) => api.get<DuplicatesAnswer>(`/api/duplicates/${resource.name}`, { keys: asked }, signal),
    enabled: asked !== '',
  })
  const chosen = keys.map((text) => text.split(':') as [string, SameBy])
  const put = (at: number, next: string | null) => setKeys(keys.flatMap((key, i) => (i === at ? (next ?? []) : key)))
  const label = (key: string) => resource.fields[key]?.label ?? key
  return (
    <div className="x-page">
      <PageHead title={`查找重复的${resource.label}`} tab={`重复的${resource.label}`} />
      <div className="x-card x-same">
        {chosen.map(([key, by], at) => (
          <div key={key}>
            <Select
              aria-label="比较的项目"
              value={key}
              options={options.filter(([one]) => one === key || !chosen.some(([other]) => other === one)).map(([one, field]) => ({ value: one, label: field.label }))} // prettier-ignore
              onChange={(next: string) => put(at, `${next}:exact`)}
            />
            <Select
              aria-label="怎样算相同"
              value={by}
              options={sameByOf(resource.fields[key]!).map((one) => ({ value: one, label: sameByWords[one] }))}
              onChange={(next: SameBy) => put(at, `${key}:${next}`)}
            />
            {chosen.length > 1 && (
              <Button type="text" onClick={() => put(at, null)}>
                移除
              </Button>
            )}
          </div>
        ))}
        <footer>
          {chosen.length < Math.min(5, options.length) && (
            <Button
              onClick={() => setKeys([...keys, `${options.find(([one]) => !chosen.some(([other]) => other === one))![0]}:exact`])}
            >
              同时比较另一项
            </Button>
          )}
          <Button type="primary" loading={isFetching} disabled={keys.length === 0} onClick={() => (keys.join() === asked ? void refetch() : setSearch({ keys: keys.join() }))}>
            查找
          </Button>
        </footer>
      </div>
      {asked && (
        <div className="x-card">
          {error ? (
            <Failed error={error} retry={() => void refetch()} />
          ) : !data ? (
            <Skeleton rows={4} />
          ) : data.groups.length === 0 ? (
            <Notice kind="empty" title="没有找到重复的记录" text="可以换一个项目，或换一种比较方式。" />
          ) : (
            <ul className="x-same-groups" aria-label="重复的记录">
              {data.groups.map((group) => (
                <li key={group.ids[0]}>
                  <span>
                    <b>{group.words.filter(Boolean).join(' · ') || '（空）'}</b>
                    <small>
                      {asked.split(',').map((key) => label(key.split(':')[0]!)).join('、')}相同的 {group.count} 条
                      {group.count > group.ids.length && `，先看最早的 ${group.ids.length} 条`}
                    </small>
                  </span>
                  <Button onClick={() => void navigate(`/r/${resource.name}/merge?ids=${group.ids.join()}`)}>比较并合并</Button>
                </li>
              ))}
            </ul>
          )}
          {data?.isMore && <p className="x-same-more x-faint">只显示前 100 组，处理后再查找。</p>}
        </div>
      )}
    </div>
  )
} // prettier-ignore
