import { useQuery } from '@tanstack/react-query'
import { Button, DatePicker } from 'antd'
import dayjs from 'dayjs'
import { useMemo } from 'react'
import { Link, useSearchParams } from 'react-router'
import { api } from '#kernel/web/api/client.ts'
import { useMe } from '#kernel/web/api/hooks.ts'
import { UnitPicker } from '#kernel/web/fields/unit-picker.tsx'
import { definePage } from '#kernel/web/pages.ts'
import { PageHead } from '#kernel/web/parts/page-head.tsx'
import { Failed, Notice, Skeleton } from '#kernel/web/parts/states.tsx'
import { levelLabel, type Level } from '../check/codes.rules.ts'
import { cellKey, coverage, lookOf, type CellLook, type Matrix, type MatrixCell } from './matrix.rules.ts'
import './matrix.css'

const looks: Record<CellLook, { sign: string; word: string }> = {
  valid: { sign: '✓', word: '有效' },
  ending: { sign: '✓', word: '30 天内到期' },
  supervised: { sign: '◐', word: '须上级在场' },
  suspended: { sign: '❚❚', word: '暂停' },
  none: { sign: '—', word: '未授权' },
}

/** 科室授权一览: people × procedures of one department on a day; a cell opens its basis; prints like the sheet on the wall. */
function MatrixPage() {
  const { person, today } = useMe()
  const [search, setSearch] = useSearchParams()
  const unit = search.get('unit') ?? person?.unit ?? null
  const asOf = search.get('asOf') ?? today
  const put = (key: string, value: string | null) =>
    setSearch((before) => {
      if (value) before.set(key, value)
      else before.delete(key)
      return before
    })
  const query = useQuery({
    queryKey: ['privileges', 'matrix', unit, asOf],
    queryFn: ({ signal }) => api.get<Matrix>('/api/privileges/matrix', { unit, asOf }, signal),
    enabled: unit !== null,
  })
  const m = query.data
  return (
    <div className="x-page m-page">
      <PageHead
        title={m ? `${m.unit.name} · 授权一览` : '科室授权一览'}
        hint={m && `${m.people.length} 人 × ${m.procedures.length} 术式`}
        acts={
          <>
            <div className="m-unit">
              <UnitPicker value={unit} onChange={(id) => put('unit', id)} />
            </div>
            <DatePicker
              value={dayjs(asOf)}
              allowClear={false}
              aria-label="查看日期"
              onChange={(d) => put('asOf', d?.format('YYYY-MM-DD') === today ? null : (d?.format('YYYY-MM-DD') ?? null))}
            />
            <Button type="primary" onClick={() => window.print()} disabled={!m || m.people.length === 0}>
              打印墙上版
            </Button>
          </>
        }
      />
      {query.error ? (
        <Failed error={query.error} retry={() => void query.refetch()} />
      ) : !m ? (
        <Skeleton rows={10} />
      ) : m.people.length === 0 || m.procedures.length === 0 ? (
        <Notice kind="empty" title="这个科室还没有手术目录或医师" text="先维护科室手术目录，或导入既有授权。" />
      ) : (
        <Sheet matrix={m} />
      )}
    </div>
  )
}

function Sheet({ matrix: m }: { matrix: Matrix }) {
  const able = useMemo(() => coverage(m), [m])
  const alone = m.procedures.filter((p) => able.get(p.id)!.length === 1)
  const nobody = m.procedures.filter((p) => able.get(p.id)!.length === 0 && m.people.some((person) => m.cells[cellKey(person.id, p.id)]))
  const nameOf = (id: string) => m.people.find((p) => p.id === id)?.name ?? ''
  return (
    <>
      <p className="m-legend">
        {Object.entries(looks).map(([look, { sign, word }]) => (
          <span key={look}>
            <i className={`m-cell ${look}`}>{sign}</i> {word}
          </span>
        ))}
        <span>
          <i className="m-cell only">✓</i> 仅 1 人可做
        </span>
        <span className="m-asof">截至 {m.asOf}</span>
      </p>
      <div className="m-scroll" tabIndex={0} role="region" aria-label="授权一览表">
        <table className="m-table">
          <thead>
            <tr>
              <th scope="col">医师 / 术式</th>
              {m.procedures.map((p) => (
                <th key={p.id} scope="col" title={`${p.name} ${p.code}`}>
                  <span>{p.name}</span>
                  <small>{p.level ? levelLabel[p.level as Level] : '未定级'}</small>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {m.people.map((person) => (
              <tr key={person.id}>
                <th scope="row">
                  <Link to={`/r/staff.practitioner/${person.id}`}>{person.name}</Link> <small>{person.title}</small>
                </th>
                {m.procedures.map((p) => (
                  <td key={p.id}>
                    <Cell
                      matrix={m}
                      cell={m.cells[cellKey(person.id, p.id)]}
                      person={person.id}
                      procedure={p.id}
                      isOnly={able.get(p.id)!.length === 1 && able.get(p.id)![0] === person.id}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {(alone.length > 0 || nobody.length > 0) && (
        <section className="x-card m-note">
          <h2>覆盖</h2>
          {nobody.length > 0 && <p className="m-bad">当前无人可独立做：{nobody.map((p) => p.name).join('、')}</p>}
          {alone.length > 0 && <p>只有一人可做：{alone.map((p) => `${p.name}（${nameOf(able.get(p.id)![0]!)}）`).join('、')}</p>}
        </section>
      )}
    </>
  )
}

function Cell({
  matrix,
  cell,
  person,
  procedure,
  isOnly,
}: {
  matrix: Matrix
  cell: MatrixCell | undefined
  person: string
  procedure: string
  isOnly: boolean
}) {
  const look = lookOf(cell, matrix.asOf)
  const { sign, word } = looks[look]
  return (
    <Link
      to={`/privileges/why?practitioner=${person}&procedure=${procedure}&day=${matrix.asOf}`}
      className={`m-cell ${look}${isOnly ? ' only' : ''}`}
      title={cell?.sentence ?? word}
      aria-label={`${word}${isOnly ? '，仅此一人' : ''}`}
    >
      {sign}
      {look === 'ending' && <small>{cell!.to!.slice(5)}</small>}
    </Link>
  )
}

export default definePage({ title: '科室授权一览', path: '/privileges/matrix', component: MatrixPage })
