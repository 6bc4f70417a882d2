import { StarFilled, StarOutlined } from '@ant-design/icons'
import type { Startable, StartAnswer } from '#model'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Input } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { api } from '../api/client.ts'
import { messageOf } from '../api/problem.ts'
import { ago } from '../parts/ago.ts'
import { PageHead } from '../parts/page-head.tsx'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { PreparedNotice } from './prepared-notice.tsx'
import { TogetherNotice } from './together-notice.tsx'
import './flows.css'

const key = ['start'] as const
/** 发起申请: everything this person may ask for, by category; what he has begun and what he asks for often stand first. */
export default function StartPage() {
  const query = useQuery({ queryKey: key, queryFn: ({ signal }) => api.get<StartAnswer>('/api/start', {}, signal), staleTime: 0 })
  return (
    <div className="x-page">
      <PageHead title="发起申请" />
      <PreparedNotice />
      <TogetherNotice />
      {query.error ? (
        <Failed error={query.error} retry={() => void query.refetch()} />
      ) : query.data ? (
        <Start start={query.data} />
      ) : (
        <Skeleton rows={6} />
      )}
    </div>
  )
}

function Start({ start }: { start: StartAnswer }) {
  const client = useQueryClient()
  const { message } = App.useApp()
  const [search, setSearch] = useState('')
  const { startable, favourites, recent, drafts } = start
  const found = startable.filter((one) => one.label.includes(search.trim()))
  const named = (names: readonly string[]) => names.flatMap((name) => found.find((one) => one.name === name) ?? [])
  const groups: [string, Startable[]][] = [
    ['常用', named(favourites)],
    ['最近', named(recent.filter((name) => !favourites.includes(name)).slice(0, 4))],
    ...[...new Set(found.map((one) => one.module))].map((module): [string, Startable[]] => [
      module,
      found.filter((one) => one.module === module),
    ]),
  ]
  /** Shown at once; what could not be kept is as it was. */
  async function keep(next: StartAnswer, work: () => Promise<unknown>) {
    client.setQueryData(key, next)
    try {
      await work()
    } catch (error) {
      client.setQueryData(key, start)
      void message.error(messageOf(error))
    }
  }
  const toggle = (name: string) => {
    const next = favourites.includes(name) ? favourites.filter((one) => one !== name) : [...favourites, name]
    void keep({ ...start, favourites: next }, () => api.put('/api/start/favourites', { favourites: next }))
  }
  const discard = (form: string) =>
    void keep({ ...start, drafts: drafts.filter((one) => one.form !== form) }, () =>
      api.delete(`/api/autosave/${encodeURIComponent(form)}`),
    )
  return (
    <>
      {startable.length > 6 && (
        <Input
          className="x-start-search"
          allowClear
          placeholder="查找"
          aria-label="查找"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
      )}
      {drafts.length > 0 && !search && (
        <section className="x-start">
          <h2>继续填写</h2>
          <ul className="x-drafts">
            {drafts.map((one) => (
              <li key={one.form} className="x-card">
                <Link to={one.path}>
                  {one.label}
                  <small>{ago(one.at)}保存</small>
                </Link>
                <Button type="text" size="small" aria-label={`删除草稿：${one.label}`} onClick={() => discard(one.form)}>
                  删除
                </Button>
              </li>
            ))}
          </ul>
        </section>
      )}
      {found.length === 0 && <Notice kind="empty" title={startable.length ? '没有符合的' : '没有可以发起的申请'} />}
      {groups.map(
        ([label, list]) =>
          list.length > 0 && (
            <section key={label} className="x-start">
              <h2>{label}</h2>
              <ul>
                {list.map((one) => (
                  <Kind key={one.name} one={one} isFavourite={favourites.includes(one.name)} onToggle={() => toggle(one.name)} />
                ))}
              </ul>
            </section>
          ),
      )}
    </>
  )
}
function Kind({ one, isFavourite, onToggle }: { one: Startable; isFavourite: boolean; onToggle: () => void }) {
  return (
    <li className="x-card">
      <Link to={one.path}>{one.label}</Link>
      <button type="button" aria-pressed={isFavourite} aria-label={`设为常用：${one.label}`} onClick={onToggle}>
        {isFavourite ? <StarFilled /> : <StarOutlined />}
      </button>
    </li>
  )
}
