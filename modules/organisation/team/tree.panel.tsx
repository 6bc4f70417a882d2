import { Button, DatePicker } from 'antd'
import dayjs from 'dayjs'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { useMe, useRecord } from '#kernel/web/api/hooks.ts'
import { definePanel } from '#kernel/web/pages.ts'
import { Failed, Notice, Skeleton } from '#kernel/web/parts/states.tsx'
import { TeamTree } from '../teams/tree.tsx'
import { useTeams } from '../teams/use-teams.tsx'
import '../tree.css'
import '../teams/teams.css'

/** Who is in the team, and who leads whom, on any day. */
function Members({ id }: { resource: string; id: string }) {
  const { today } = useMe()
  const navigate = useNavigate()
  const [day, setDay] = useState(today)
  const { data, error, refetch } = useTeams(day, id)
  const mayJoin = useRecord('organisation.team', id).data?.record.may?.update === true
  return (
    <>
      <div className="o-asked">
        <DatePicker aria-label="看哪一天" value={dayjs(day)} allowClear={false} onChange={(next) => next && setDay(next.format('YYYY-MM-DD'))} />
        {day !== today && <Button onClick={() => setDay(today)}>回到今天</Button>}
        <span className="x-space" />
        {mayJoin && (
          <Button type="primary" onClick={() => void navigate(`/r/organisation.teamMember/new?team=${id}`)}>
            加成员
          </Button>
        )}
      </div>
      {error ? (
        <Failed error={error} retry={() => void refetch()} />
      ) : !data ? (
        <Skeleton rows={6} />
      ) : data.teams.length === 0 ? (
        <Notice kind="empty" title={`${day} 这个小组不在运行`} text="换一个日期，看当时的成员。" />
      ) : (
        <section className="x-card o-card" aria-label="组架构">
          <TeamTree answer={data} />
        </section>
      )}
    </>
  )
} // prettier-ignore

export default definePanel({ label: '组架构', component: Members, right: 'organisation.teams' })
