import { CaretDownOutlined, CaretRightOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, DatePicker, Input } from 'antd'
import dayjs from 'dayjs'
import { useMemo, useState } from 'react'
import { Link, useSearchParams } from 'react-router'
import { unitKinds, type Filter } from '#model'
import { api } from '#kernel/web/api/client.ts'
import { useMe } from '#kernel/web/api/hooks.ts'
import { definePage } from '#kernel/web/pages.ts'
import { PageHead } from '#kernel/web/parts/page-head.tsx'
import { Failed, Notice, Skeleton } from '#kernel/web/parts/states.tsx'
import { totalOf, treeOf, type ChartNode, type OrganisationChart } from './chart.rules.ts'
import '../tree.css'
import './chart.css'

/** 组织架构: what stood under what on any day, and how many people were where; a figure opens their names. */
function ChartPage() {
  const { today } = useMe()
  const [search, setSearch] = useSearchParams()
  const day = search.get('asOf') ?? today
  const [typed, setTyped] = useState('')
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set())
  const query = useQuery({
    queryKey: ['organisation', 'chart', day],
    queryFn: ({ signal }) => api.get<OrganisationChart>('/api/organisation/chart', { asOf: day }, signal),
  })
  const tree = useMemo(() => treeOf(query.data?.units ?? []), [query.data])
  const word = typed.trim()
  const show = (next: string) => setSearch(next === today ? {} : { asOf: next }, { replace: true })
  const toggle = (id: string) => setClosed(new Set(closed.has(id) ? [...closed].filter((one) => one !== id) : [...closed, id]))
  const shown = word ? tree.flatMap((node) => matching(node, word) ?? []) : tree
  const without = query.data?.without
  return (
    <div className="x-page">
      <PageHead title={day === today ? '组织架构' : `组织架构 · ${day}`} hint={query.data && `${query.data.units.length} 个机构与科室`} />
      <div className="o-asked">
        <Input.Search
          allowClear
          aria-label="查找科室"
          placeholder="名称、编码、片区"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        <DatePicker
          aria-label="看哪一天"
          value={dayjs(day)}
          allowClear={false}
          onChange={(next) => next && show(next.format('YYYY-MM-DD'))}
        />
        {day !== today && <Button onClick={() => show(today)}>回到今天</Button>}
      </div>
      {query.error ? (
        <Failed error={query.error} retry={() => void query.refetch()} />
      ) : !query.data ? (
        <Skeleton rows={12} />
      ) : tree.length === 0 ? (
        <Notice kind="empty" title="这一天还没有机构与科室" text="换一个日期，或先在“组织机构”里登记。" />
      ) : (
        <section className="x-card o-card" aria-label="组织架构">
          {shown.length === 0 && <Notice kind="empty" title="没有符合的科室" />}
          <ul role="tree" className="o-tree">
            {shown.map((node) => (
              <Node key={node.id} node={node} day={day} today={today} isOpen={(id) => word !== '' || !closed.has(id)} onToggle={toggle} />
            ))}
          </ul>
          {without && totalOf(without) > 0 && <p className="x-faint">另有 {totalOf(without)} 人当时不在任何一个科室</p>}
        </section>
      )}
    </div>
  )
}
const matching = (node: ChartNode, word: string): ChartNode | null => {
  const below = node.below.flatMap((one) => matching(one, word) ?? [])
  const isHit = [node.name, node.code, node.zone ?? ''].some((text) => text.toLowerCase().includes(word.toLowerCase()))
  return isHit ? node : below.length ? { ...node, below } : null
}

interface NodeProps {
  node: ChartNode
  day: string
  today: string
  isOpen: (id: string) => boolean
  onToggle: (id: string) => void
}
function Node({ node, day, today, isOpen, onToggle }: NodeProps) {
  const open = isOpen(node.id)
  const kind = unitKinds[node.kind as keyof typeof unitKinds] ?? node.kind
  return (
    <li role="treeitem" aria-expanded={node.below.length ? open : undefined}>
      <div className="o-node">
        {node.below.length ? (
          <button
            type="button"
            className="x-icon-button"
            aria-label={`${open ? '收起' : '展开'}${node.name}`}
            onClick={() => onToggle(node.id)}
          >
            {open ? <CaretDownOutlined /> : <CaretRightOutlined />}
          </button>
        ) : (
          <i />
        )}
        <Link to={`/r/directory.unit/${node.id}`}>{node.name}</Link>
        <small className="x-faint">
          {kind}
          {node.zone && ` · ${node.zone}`}
        </small>
        <span className="x-space" />
        {node.all && totalOf(node.all) > 0 && <Count node={node} day={day} today={today} />}
      </div>
      {open && node.below.length > 0 && (
        <ul role="group">
          {node.below.map((one) => (
            <Node key={one.id} node={one} day={day} today={today} isOpen={isOpen} onToggle={onToggle} />
          ))}
        </ul>
      )}
    </li>
  )
}
/** How many people, with a link to who they are. */
function Count({ node, day, today }: { node: ChartNode; day: string; today: string }) {
  const all = node.all!
  const filter: Filter = {
    and: [
      { field: 'unit', op: 'under', value: node.id },
      { field: 'status', op: 'in', value: ['active', 'away', 'external'] },
    ],
  }
  const address = new URLSearchParams({ filter: JSON.stringify(filter), ...(day === today ? {} : { asOf: day }) })
  const more = [all.away ? `离岗 ${all.away}` : '', all.external ? `外部 ${all.external}` : ''].filter(Boolean).join('，')
  return (
    <Link className="o-count" to={`/r/directory.person?${address.toString()}`} aria-label={`${node.name} ${totalOf(all)} 人`}>
      <b>{totalOf(all)}</b> 人{more && <small className="x-faint">（{more}）</small>}
    </Link>
  )
}

export default definePage({ title: '组织架构', path: '/organisation/chart', component: ChartPage })
