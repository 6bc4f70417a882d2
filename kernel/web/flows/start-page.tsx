import { StarFilled, StarOutlined } from '@ant-design/icons'
import { Input } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { useCatalog } from '../definitions/use-catalog.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Notice } from '../parts/states.tsx'
import { useStored } from '../shell/use-stored.ts'
import './flows.css'

interface Startable {
  name: string
  label: string
  module: string
  path: string
}
/** 发起申请: everything this person may ask for, by category; what he asks for often stands first. */
export default function StartPage() {
  const catalog = useCatalog()
  const [search, setSearch] = useState('')
  const [favourites, setFavourites] = useStored<string[]>('start-favourites', [])
  const [recent, setRecent] = useStored<string[]>('start-recent', [])
  const all: Startable[] = catalog.all
    .filter((r) => r.approval && (r.form ? r.may.read || r.may.create : r.may.create && r.writtenBy !== 'module'))
    .map((r) => ({ name: r.name, label: r.label, module: r.moduleLabel, path: r.form ?? `/r/${r.name}/new` }))
  const found = all.filter((one) => one.label.includes(search.trim()))
  const named = (names: readonly string[]) => names.flatMap((name) => found.find((one) => one.name === name) ?? [])
  const groups: [string, Startable[]][] = [
    ['常用', named(favourites)],
    ['最近', named(recent.filter((name) => !favourites.includes(name)).slice(0, 4))],
    ...[...new Set(found.map((one) => one.module))].map((module): [string, Startable[]] => [
      module,
      found.filter((one) => one.module === module),
    ]),
  ]
  const toggle = (name: string) =>
    setFavourites(favourites.includes(name) ? favourites.filter((one) => one !== name) : [...favourites, name])
  const begin = (name: string) => setRecent([name, ...recent.filter((one) => one !== name)].slice(0, 8))
  return (
    <div className="x-page">
      <PageHead title="发起申请" />
      <Input
        className="x-start-search"
        allowClear
        placeholder="查找"
        aria-label="查找"
        value={search}
        onChange={(event) => setSearch(event.target.value)}
      />
      {found.length === 0 && <Notice kind="empty" title={all.length ? '没有符合的' : '没有可以发起的申请'} />}
      {groups.map(
        ([label, list]) =>
          list.length > 0 && (
            <section key={label} className="x-start">
              <h2>{label}</h2>
              <ul>
                {list.map((one) => (
                  <li key={one.name} className="x-card">
                    <Link to={one.path} onClick={() => begin(one.name)}>
                      {one.label}
                    </Link>
                    <button
                      type="button"
                      aria-pressed={favourites.includes(one.name)}
                      aria-label={`设为常用：${one.label}`}
                      onClick={() => toggle(one.name)}
                    >
                      {favourites.includes(one.name) ? <StarFilled /> : <StarOutlined />}
                    </button>
                  </li>
                ))}
              </ul>
            </section>
          ),
      )}
    </div>
  )
}
