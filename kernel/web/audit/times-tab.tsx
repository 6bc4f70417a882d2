import { formatInstant, type SignInTime } from '#model'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { api } from '../api/client.ts'
import { PersonPicker } from '../fields/record-picker.tsx'
import { DaySpan, spanOf, type Span } from '../parts/day-span.tsx'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { Tag } from '../parts/tag.tsx'
import { useAddress } from '../parts/use-address.ts'
import { useIsPhone } from '../shell/use-is-phone.ts'

const duration = (minutes: number): string =>
  minutes < 60 ? `${minutes} 分钟` : `${Math.floor(minutes / 60)} 小时 ${minutes % 60 ? `${minutes % 60} 分` : ''}`

/** 登录时长: how long each account was signed in, how often it was refused and found locked. */
export function TimesTab() {
  const [get, put] = useAddress()
  const isPhone = useIsPhone()
  const span = spanOf(get, 7)
  const person = get('actor')
  const { data, error, refetch } = useQuery({
    queryKey: ['audit', 'times', span, person],
    queryFn: async ({ signal }) => (await api.get<{ rows: SignInTime[] }>('/api/audit/sign-ins', { ...span, person }, signal)).rows,
    refetchOnWindowFocus: false,
  })
  return (
    <>
      <div className="x-card a-ask">
        <div className="a-person">
          <PersonPicker value={person || null} onChange={(id) => put({ actor: id })} placeholder="全部人员" />
        </div>
        <DaySpan span={span} onChange={put} />
      </div>
      <div className="x-card">
        {error ? (
          <Failed error={error} retry={() => void refetch()} />
        ) : !data ? (
          <Skeleton rows={8} />
        ) : data.length === 0 ? (
          <Notice kind="empty" title="这段时间没有人登录" />
        ) : isPhone ? (
          <TimesList rows={data} span={span} />
        ) : (
          <TimesTable rows={data} span={span} />
        )}
        {data?.length === 500 && <p className="x-more x-faint">只列出时长最多的 500 个账号，请选择人员或缩短日期</p>}
      </div>
    </>
  )
}

interface Shown {
  rows: readonly SignInTime[]
  span: Span
}
const lines = ({ person }: SignInTime, { from, to }: Shown['span']): string =>
  `/audit?${new URLSearchParams({ ...(person ? { actor: person } : {}), view: 'signIn', from, to }).toString()}`
const key = (row: SignInTime): string => row.account ?? row.name
const Locked = ({ row }: { row: SignInTime }) => (row.locked ? <Tag tone="bad">锁定中又试 {row.locked} 次</Tag> : null)

function TimesTable({ rows, span }: Shown) {
  return (
    <div className="a-scroll">
      <table className="a-table a-times">
        <thead>
          <tr>
            <th>人员</th>
            <th>账号</th>
            <th>科室</th>
            <th className="a-number">登录次数</th>
            <th className="a-number">总时长</th>
            <th className="a-number">最长一次</th>
            <th>末次登录</th>
            <th className="a-number">被拒绝</th>
            <th>锁定</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={key(row)}>
              <td>{row.personName ?? <span className="x-faint">{row.account ? '—' : '没有这个账号'}</span>}</td>
              <td>{row.name}</td>
              <td>{row.unit ?? '—'}</td>
              <td className="a-number">{row.person ? <Link to={lines(row, span)}>{row.signIns}</Link> : row.signIns}</td>
              <td className="a-number">{duration(row.minutes)}</td>
              <td className="a-number">{duration(row.longest)}</td>
              <td>{row.lastAt ? formatInstant(row.lastAt) : '—'}</td>
              <td className="a-number">{row.refused || '—'}</td>
              <td>
                <Locked row={row} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function TimesList({ rows, span }: Shown) {
  return (
    <ul className="a-list">
      {rows.map((row) => (
        <li key={key(row)}>
          <div>
            <strong>{row.personName ?? row.name}</strong>
            {row.unit && <span className="x-faint">{row.unit}</span>}
            <Locked row={row} />
          </div>
          <div>
            {duration(row.minutes)} · {row.person ? <Link to={lines(row, span)}>登录 {row.signIns} 次</Link> : `登录 ${row.signIns} 次`}
            {row.refused > 0 && ` · 被拒绝 ${row.refused} 次`}
          </div>
          {row.lastAt && <small>末次 {formatInstant(row.lastAt)}</small>}
        </li>
      ))}
    </ul>
  )
}
