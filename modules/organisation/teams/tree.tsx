import { CaretDownOutlined, CaretRightOutlined, TeamOutlined, UserOutlined } from '@ant-design/icons'
import { useState, type ReactNode } from 'react'
import { Tag } from '#kernel/web/parts/tag.tsx'
import type { Nested } from '../nest.rules.ts'
import { Details, type Opened } from './details.tsx'
import { useLabels } from './labels.tsx'
import { groupsOf, membersTree, type TeamOnDay, type TeamPerson, type TeamsAnswer } from './teams.rules.ts'
import '../tree.css'
import './teams.css'

/** 层级视图: unit, kind, team, and who leads whom; a node opens what is known of it. `word` leaves what it names, and opens it. */
export function TeamsTree({ answer, word = '' }: { answer: TeamsAnswer; word?: string }) {
  const label = useLabels()
  const [opened, setOpened] = useState<Opened | null>(null)
  const groups = groupsOf(answer, (kind) => label('organisation.team', 'kind', kind) ?? kind, word)
  const members = Map.groupBy(answer.members, ({ team }) => team)
  const isFew = answer.teams.length <= 3 || word.trim() !== ''
  return (
    <>
      <ul role="tree" className="o-tree">
        {groups.map((unit) => (
          <Branch key={unit.id} name={unit.label} head={<b>{unit.label}</b>} hint={`${unit.count} 个小组`} isOpenAtFirst>
            {unit.below.map((kind) => (
              <Branch key={kind.id} name={kind.label} head={kind.label} isOpenAtFirst>
                {kind.teams.map((team) => (
                  <TeamNode key={`${team.id} ${isFew}`} team={team} members={members.get(team.id) ?? []} isOpenAtFirst={isFew} onOpen={setOpened} />
                ))}
              </Branch>
            ))}
          </Branch>
        ))}
      </ul>
      <Details opened={opened} day={answer.day} onClose={() => setOpened(null)} />
    </>
  )
} // prettier-ignore

/** One team with its members: the tree of its own page. */
export function TeamTree({ answer }: { answer: TeamsAnswer }) {
  const [opened, setOpened] = useState<Opened | null>(null)
  return (
    <>
      <ul role="tree" className="o-tree">
        {answer.teams.map((team) => (
          <TeamNode key={team.id} team={team} members={answer.members} isOpenAtFirst onOpen={setOpened} />
        ))}
      </ul>
      <Details opened={opened} day={answer.day} onClose={() => setOpened(null)} />
    </>
  )
}

interface TeamNodeProps {
  team: TeamOnDay
  members: readonly TeamPerson[]
  isOpenAtFirst: boolean
  onOpen: (opened: Opened) => void
}
function TeamNode({ team, members, isOpenAtFirst, onOpen }: TeamNodeProps) {
  const label = useLabels()
  const head = (
    <button type="button" className="ot-name" onClick={() => onOpen({ team })}>
      <TeamOutlined aria-hidden /> {team.name}
    </button>
  )
  const hint = [`${members.length} 人`, label('organisation.team', 'category', team.category), team.headRound && `主任查房 ${team.headRound}`]
  return (
    <Branch name={team.name} head={head} hint={hint.filter(Boolean).join(' · ')} isOpenAtFirst={isOpenAtFirst}>
      {members.length === 0 ? <li className="ot-none x-faint">还没有成员</li> : membersTree(members).map((one) => <Member key={one.id} member={one} team={team} onOpen={onOpen} />)}
    </Branch>
  )
} // prettier-ignore
function Member({ member, team, onOpen }: { member: Nested<TeamPerson>; team: TeamOnDay; onOpen: (opened: Opened) => void }) {
  const label = useLabels()
  const what = label('organisation.teamMember', 'level', member.level) ?? member.role
  const head = (
    <button type="button" className="ot-name" onClick={() => onOpen({ team, member })}>
      <UserOutlined aria-hidden /> {member.name}
    </button>
  )
  const status = member.status && member.status !== 'active' ? label('directory.person', 'status', member.status) : null
  const hint = (
    <>
      {what && <Tag>{what}</Tag>}
      {status && <Tag tone="warn">{status}</Tag>}
      {[member.title, member.round && `查房 ${member.round}`].filter(Boolean).join(' · ')}
    </>
  )
  return (
    <Branch name={member.name} head={head} hint={hint} isOpenAtFirst>
      {member.below.map((one) => (
        <Member key={one.id} member={one} team={team} onOpen={onOpen} />
      ))}
    </Branch>
  )
}

interface BranchProps {
  name: string
  head: ReactNode
  hint?: ReactNode
  isOpenAtFirst: boolean
  children: ReactNode[] | ReactNode
}
function Branch({ name, head, hint, isOpenAtFirst, children }: BranchProps) {
  const [isOpen, setOpen] = useState(isOpenAtFirst)
  const hasBelow = !Array.isArray(children) || children.length > 0
  return (
    <li role="treeitem" aria-expanded={hasBelow ? isOpen : undefined}>
      <div className="o-node">
        {hasBelow ? (
          <button
            type="button"
            className="x-icon-button"
            aria-label={`${isOpen ? '收起' : '展开'}${name}`}
            onClick={() => setOpen(!isOpen)}
          >
            {isOpen ? <CaretDownOutlined /> : <CaretRightOutlined />}
          </button>
        ) : (
          <i />
        )}
        <span className="ot-head">{head}</span>
        {hint && <small className="ot-hint">{hint}</small>}
      </div>
      {hasBelow && isOpen && <ul role="group">{children}</ul>}
    </li>
  )
}
