import { Button, DatePicker, Input } from 'antd'
import dayjs from 'dayjs'
import { useState } from 'react'
import { useNavigate, useSearchParams } from 'react-router'
import { useMe } from '#kernel/web/api/hooks.ts'
import { useResource } from '#kernel/web/definitions/use-catalog.tsx'
import { definePage } from '#kernel/web/pages.ts'
import { PageHead } from '#kernel/web/parts/page-head.tsx'
import { Failed, Notice, Skeleton } from '#kernel/web/parts/states.tsx'
import { groupsOf } from './teams.rules.ts'
import { useLabels } from './labels.tsx'
import { TeamsTree } from './tree.tsx'
import { useTeams } from './use-teams.tsx'
import '../tree.css'
import './teams.css'

/** 专业小组: who works with whom, by unit and kind, on any day. */
function TeamsPage() {
  const { today } = useMe()
  const navigate = useNavigate()
  const label = useLabels()
  const resource = useResource('organisation.team')
  const [search, setSearch] = useSearchParams()
  const day = search.get('asOf') ?? today
  const [word, setWord] = useState('')
  const { data, error, refetch } = useTeams(day)
  const show = (next: string) => setSearch(next === today ? {} : { asOf: next }, { replace: true })
  const create = resource?.may.create ? { label: '新建小组', run: () => void navigate('/r/organisation.team/new') } : undefined
  const isFound = data && groupsOf(data, (kind) => label('organisation.team', 'kind', kind) ?? kind, word).length > 0
  return (
    <div className="x-page">
      <PageHead
        title={day === today ? '专业小组' : `专业小组 · ${day}`}
        hint={data && `${data.teams.length} 个小组，${data.members.length} 人次`}
        acts={
          create && (
            <Button key="new" type="primary" onClick={create.run}>
              {create.label}
            </Button>
          )
        }
      />
      <div className="o-asked">
        <Input.Search allowClear aria-label="查找小组" placeholder="小组、科室、类型、成员姓名或工号" value={word} onChange={(event) => setWord(event.target.value)} />
        <DatePicker aria-label="看哪一天" value={dayjs(day)} allowClear={false} onChange={(next) => next && show(next.format('YYYY-MM-DD'))} />
        {day !== today && <Button onClick={() => show(today)}>回到今天</Button>}
      </div>
      {error ? (
        <Failed error={error} retry={() => void refetch()} />
      ) : !data ? (
        <Skeleton rows={10} />
      ) : data.teams.length === 0 ? (
        <Notice kind="empty" title={day === today ? '还没有专业小组' : '这一天没有专业小组'} text="三级诊疗、医疗质量管理、医疗技术管理、VTE 防治等小组及其成员。" act={create} />
      ) : (
        <section className="x-card o-card" aria-label="专业小组">
          {isFound ? <TeamsTree answer={data} word={word} /> : <Notice kind="empty" title="没有符合的小组" />}
          {data.isMore && <p className="x-faint">小组太多，只显示了一部分；请到小组台账按科室筛选。</p>}
        </section>
      )}
    </div>
  )
} // prettier-ignore

export default definePage({ title: '专业小组', path: '/organisation/teams', component: TeamsPage })
