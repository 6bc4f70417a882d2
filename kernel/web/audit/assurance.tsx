import { useQuery } from '@tanstack/react-query'
import { formatInstant } from '#model'
import type { ReactNode } from 'react'
import { api } from '../api/client.ts'
import { ago, howLong } from '../parts/ago.ts'
import { Tag, type Tone } from '../parts/tag.tsx'

interface State {
  seals: { stream: 'audit' | 'history'; number: number; sealedAt: string | null; lagSeconds: number }[]
  syslog: {
    address: string
    messages: number
    leftAt: string | null
    lagSeconds: number
    problem: string | null
    problemSince: string | null
  } | null
  anchor: { places: string[]; number: number; at: string | null; ageSeconds: number } | null
}
interface Tile {
  label: string
  tone: Tone
  word: string
  fact: string
  more: ReactNode
}
const overdue = { seal: 30, syslog: 300, anchor: 26 * 3600 }
const span = (seconds: number): string =>
  seconds < 60 ? `${Math.round(seconds)} 秒` : howLong(new Date(Date.now() - seconds * 1000).toISOString())

/** What stands behind the log: seals, the copy outside, the day's anchor, each with how old it is. */
export function Assurance() {
  const { data } = useQuery({
    queryKey: ['audit', 'state'],
    queryFn: ({ signal }) => api.get<State>('/api/audit/state', {}, signal),
    refetchInterval: 10_000,
  })
  if (!data) return <ul className="a-tiles" aria-busy />
  return (
    <ul className="a-tiles">
      {[sealTile(data), syslogTile(data), anchorTile(data)].map((tile) => (
        <li key={tile.label}>
          <header>
            {tile.label}
            <Tag tone={tile.tone} icon>
              {tile.word}
            </Tag>
          </header>
          <strong>{tile.fact}</strong>
          <small>{tile.more}</small>
        </li>
      ))}
    </ul>
  )
}

function sealTile({ seals }: State): Tile {
  const lag = Math.max(...seals.map((s) => s.lagSeconds))
  const last = seals.flatMap((s) => (s.sealedAt ? [s.sealedAt] : [])).sort().at(-1) // prettier-ignore
  const isLate = lag > overdue.seal
  const numbers = seals.map((s) => `${s.stream === 'audit' ? '审计' : '历史'}第 ${s.number} 号`).join('，')
  return {
    label: '封存',
    tone: isLate ? 'bad' : 'good',
    word: isLate ? '滞后' : '正常',
    fact: isLate ? `${span(lag)}没有封存` : last ? `${ago(last)}封存` : '尚无记录',
    more: numbers,
  }
}

function syslogTile({ syslog }: State): Tile {
  const label = '日志外送'
  if (!syslog) return { label, tone: 'neutral', word: '未配置', fact: '只留在本系统', more: '配置日志服务器后，每条数秒内送出一份' }
  const { address, lagSeconds, leftAt, problem, problemSince, messages } = syslog
  const isLate = lagSeconds > overdue.syslog
  if (problem || isLate)
    return {
      label,
      tone: isLate ? 'bad' : 'warn',
      word: '送不出',
      fact: `积压 ${span(lagSeconds)}，恢复后自动补送`,
      more: `${address}${problem ? ` · ${problem}` : ''}${problemSince ? `（自 ${formatInstant(problemSince)}）` : ''}`,
    }
  return { label, tone: 'good', word: '正常', fact: leftAt ? `${ago(leftAt)}送达` : '等待第一条', more: `${address} · 已送 ${messages} 条` }
}

function anchorTile({ anchor }: State): Tile {
  const label = '外部锚点'
  if (!anchor) return { label, tone: 'neutral', word: '未配置', fact: '没有外部留存', more: '整体改写历史只有外部留存能发现' }
  const isLate = anchor.ageSeconds > overdue.anchor
  return {
    label,
    tone: isLate ? 'bad' : anchor.at ? 'good' : 'warn',
    word: isLate ? '逾期' : anchor.at ? '正常' : '等待',
    fact: anchor.at ? `${span(anchor.ageSeconds)}前，第 ${anchor.number} 个` : '尚未留存第一个',
    more: anchor.places.join('、'),
  }
}
