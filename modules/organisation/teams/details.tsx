import { Button, Drawer } from 'antd'
import { useNavigate } from 'react-router'
import type { ApiRecord } from '#model'
import { useRecord } from '#kernel/web/api/hooks.ts'
import { useResource } from '#kernel/web/definitions/use-catalog.tsx'
import { RecordFields } from '#kernel/web/detail/record-fields.tsx'
import { TitlesProvider } from '#kernel/web/fields/index.ts'
import { Failed, Skeleton } from '#kernel/web/parts/states.tsx'
import { useIsPhone } from '#kernel/web/shell/use-is-phone.ts'
import { ageOn } from '../team/team.rules.ts'
import { useLabels } from './labels.tsx'
import type { TeamOnDay, TeamPerson } from './teams.rules.ts'

export interface Opened {
  team: TeamOnDay
  /** The team itself, where nobody of it is named. */
  member?: TeamPerson
}
/** A node of the tree: what is entered of it, what the staff file says as far as the reader may see it, and the ways to change it. */
export function Details({ opened, day, onClose }: { opened: Opened | null; day: string; onClose: () => void }) {
  const isPhone = useIsPhone()
  return (
    <Drawer
      open={opened !== null}
      title={opened?.member?.name ?? opened?.team.name}
      placement={isPhone ? 'bottom' : 'right'}
      size={isPhone ? '80vh' : 460}
      onClose={onClose}
    >
      {opened && <Body opened={opened} day={day} onClose={onClose} />}
    </Drawer>
  )
}
function Body({ opened: { team, member }, day, onClose }: { opened: Opened; day: string; onClose: () => void }) {
  const name = member ? 'organisation.teamMember' : 'organisation.team'
  const id = member?.id ?? team.id
  const resource = useResource(name)
  const navigate = useNavigate()
  const { data, error, refetch } = useRecord(name, id)
  // The page behind stays open: whoever comes back to it finds the tree.
  const go = (path: string) => {
    onClose()
    void navigate(path)
  }
  if (error) return <Failed error={error} retry={() => void refetch()} />
  if (!data || !resource) return <Skeleton rows={6} />
  const mayJoin = !member && data.record.may?.update
  return (
    <TitlesProvider titles={data.titles}>
      {member && <File member={member} day={day} />}
      <RecordFields resource={resource} record={member ? without(data.record, shownAbove) : data.record} isNarrow />
      <div className="ot-acts">
        {data.record.may?.update && (
          <Button type="primary" onClick={() => go(`/r/${name}/${id}/edit`)}>
            修改
          </Button>
        )}
        <Button onClick={() => go(`/r/${name}/${id}`)}>{member ? '打开完整页面' : '打开小组'}</Button>
        {mayJoin && <Button onClick={() => go(`/r/organisation.teamMember/new?team=${id}`)}>加成员</Button>}
        {member && <Button onClick={() => go(`/r/staff.practitioner/${member.person}`)}>人员档案</Button>}
      </div>
    </TitlesProvider>
  )
}
const shownAbove = ['person', 'name', 'staffNumber', 'isTiered', 'unit']
const without = (record: ApiRecord, keys: readonly string[]): ApiRecord =>
  Object.fromEntries(Object.entries(record).filter(([key]) => !keys.includes(key))) as ApiRecord
function File({ member, day }: { member: TeamPerson; day: string }) {
  const label = useLabels()
  const file = useRecord('staff.practitioner', member.person).data?.record
  const text = (key: string): string | null => (typeof file?.[key] === 'string' ? file[key] : null)
  const age = ageOn(text('birthDate'), day)
  const facts = [
    ['工号', member.staffNumber],
    ['职称', member.title],
    ...(file
      ? ([
          ['性别', label('directory.person', 'sex', text('sex'))],
          ['年龄', age === null ? null : `${age} 岁`],
          ['手机', text('mobile')],
        ] as const)
      : []),
  ] as const
  return (
    <section className="x-facts narrow" aria-label="人员档案">
      <h2>人员档案</h2>
      <dl>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value ?? '—'}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
