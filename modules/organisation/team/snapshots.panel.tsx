import { useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useState } from 'react'
import { is, type ApiRecord } from '#model'
import { api } from '#kernel/web/api/client.ts'
import { forgetRecord, useMe, useRecord, useRecords } from '#kernel/web/api/hooks.ts'
import { messageOf } from '#kernel/web/api/problem.ts'
import { useResource } from '#kernel/web/definitions/use-catalog.tsx'
import { definePanel } from '#kernel/web/pages.ts'
import { Failed, Notice, Skeleton } from '#kernel/web/parts/states.tsx'
import { Tag } from '#kernel/web/parts/tag.tsx'
import { useLabels } from '../teams/labels.tsx'
import { useTeams } from '../teams/use-teams.tsx'
import { compare, linesOf, type MemberLine } from './team.rules.ts'
import './snapshots.css'

const name = 'organisation.teamSnapshot'
/** The days on which the team was kept as it stood; one of them beside today. */
function Snapshots({ id }: { resource: string; id: string }) {
  const { today } = useMe()
  const { message } = App.useApp()
  const client = useQueryClient()
  const [chosen, setChosen] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  const mayRead = useResource(name)?.may.read === true
  const mayTake = useRecord('organisation.team', id).data?.record.may?.update === true
  const list = useRecords(name, { filter: is('team', id), sort: ['-day'], columns: ['day', 'count', 'createdBy'] }, mayRead)
  if (!mayRead) return <Notice kind="noRight" title="没有权限查看快照" text="需要时请联系科室秘书或医务处。" />
  if (list.error) return <Failed error={list.error} retry={() => void list.refetch()} />
  if (!list.data) return <Skeleton rows={4} />
  const rows = list.data.pages.flatMap((page) => page.rows)
  const shown = rows.find((row) => row.id === chosen) ?? rows[0]
  async function take() {
    setBusy(true)
    try {
      const { record } = await api.post<{ record: ApiRecord }>(`/api/organisation/teams/${id}/snapshot`)
      setChosen(record.id)
      void message.success('已保存今天的快照')
    } catch (error) {
      void message.error(messageOf(error))
    }
    forgetRecord(client, name)
    setBusy(false)
  }
  const isTaken = rows[0]?.['day'] === today
  const act = mayTake && (
    <Button type="primary" loading={isBusy} disabled={isTaken} onClick={() => void take()}>
      {isTaken ? '今天已有快照' : '快照'}
    </Button>
  )
  if (!shown)
    return (
      <Notice kind="empty" title="还没有快照" text="快照保存小组此刻的成员、级别和查房安排，以后不再改变；每天最多一个。">
        {act}
      </Notice>
    )
  return (
    <div className="os-panel">
      <div className="os-days">
        {act}
        <ul aria-label="快照">
          {rows.map((row) => (
            <li key={row.id}>
              <button type="button" aria-pressed={row.id === shown.id} onClick={() => setChosen(row.id)}>
                <b>{String(row['day'])}</b>
                <small className="x-faint">{String(row['count'])} 人</small>
              </button>
            </li>
          ))}
        </ul>
        {list.hasNextPage && <Button onClick={() => void list.fetchNextPage()}>更早的</Button>}
      </div>
      <Snapshot key={shown.id} id={shown.id} team={id} />
    </div>
  )
}

function Snapshot({ id, team }: { id: string; team: string }) {
  const { today } = useMe()
  const { data, error, refetch } = useRecord(name, id)
  const now = useTeams(today, team)
  const label = useLabels()
  if (error) return <Failed error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton rows={6} />
  const { record } = data
  const kept = (record['members'] ?? []) as MemberLine[]
  return (
    <section className="x-card os-kept" aria-label={`${String(record['day'])} 的快照`}>
      <h2>{String(record['day'])} 的小组</h2>
      <p className="x-faint">{[record['name'], record['kind'], record['headRound'] && `主任查房 ${String(record['headRound'])}`].filter(Boolean).join(' · ')}</p>
      {kept.length === 0 && <p className="x-faint">当时没有成员</p>}
      <ul className="os-lines">
        {kept.map((line) => (
          <li key={line.member}>
            <b>{line.name}</b> {(line.level ?? line.role) && <Tag>{line.level ?? line.role}</Tag>}
            <small className="x-faint">{factsOf(line)}</small>
          </li>
        ))}
      </ul>
      <h2>与今天比较</h2>
      {now.error ? <Failed error={now.error} retry={() => void now.refetch()} /> : now.data ? <Changes before={kept} after={linesOf(now.data.members, today, label)} /> : <Skeleton rows={2} />}
    </section>
  )
} // prettier-ignore
const factsOf = ({ staffNumber, sex, age, title, superior, round, duties }: MemberLine): string =>
  [staffNumber, sex, age === null ? null : `${age} 岁`, title, superior && `上级 ${superior}`, round && `查房 ${round}`, duties]
    .filter(Boolean)
    .join(' · ')

function Changes({ before, after }: { before: readonly MemberLine[]; after: readonly MemberLine[] }) {
  const { came, went, changed } = compare(before, after)
  if (came.length + went.length + changed.length === 0) return <p className="x-faint">没有变化</p>
  return (
    <ul className="os-lines">
      {went.map(({ member, name: who }) => (
        <li key={member}>
          <Tag tone="neutral">离组</Tag> <b>{who}</b>
        </li>
      ))}
      {came.map(({ member, name: who }) => (
        <li key={member}>
          <Tag tone="good">新加入</Tag> <b>{who}</b>
        </li>
      ))}
      {changed.map(({ line, facts }) => (
        <li key={line.member}>
          <Tag tone="info">变更</Tag> <b>{line.name}</b>
          <small>{facts.map(({ label, was, is: now }) => `${label}：${was || '（空）'} → ${now || '（空）'}`).join('；')}</small>
        </li>
      ))}
    </ul>
  )
}

export default definePanel({ label: '快照', component: Snapshots, right: 'organisation.teams' })
