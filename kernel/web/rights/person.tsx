import type { PersonAccount, PersonLine, PersonRights, RoleSource } from '#model'
import { DownOutlined, RightOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Checkbox, Input } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { api } from '../api/client.ts'
import { useMe } from '../api/hooks.ts'
import { useResource } from '../definitions/use-catalog.tsx'
import { PersonPicker } from '../fields/record-picker.tsx'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { Tag } from '../parts/tag.tsx'
import { byScope, FieldLines, FieldMarks, Reaches } from './parts.tsx'
import { useAddress } from '../parts/use-address.ts'
import './rights.css'

/** 人员权限: somebody chosen, what he may do and what gives it to him. */
export function PersonTab() {
  const [get, put] = useAddress()
  const person = get('person')
  return (
    <>
      <div className="x-rights-ask">
        <PersonPicker value={person || null} onChange={(id) => put({ person: id })} />
      </div>
      {person ? (
        <PersonRightsView key={person} person={person} />
      ) : (
        <div className="x-card">
          <Notice kind="empty" title="请选择人员" text="看他能做什么、范围多大、由哪个角色给的；没有的权限由哪个角色能给。查询会记入审计日志。" />
        </div>
      )}
    </>
  )
} // prettier-ignore

/** Everything that one person may do, with the reasons; usable in a record's panel. */
export function PersonRightsView({ person }: { person: string }) {
  const { data, error, refetch } = useQuery({
    queryKey: ['rights', 'person', person],
    queryFn: ({ signal }) => api.get<PersonRights>(`/api/rights/people/${person}`, {}, signal),
  })
  if (error) return <Failed error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton rows={8} />
  return (
    <>
      <Head rights={data} />
      <Lines rights={data} />
    </>
  )
}

const tones = { active: 'good', disabled: 'warn', closed: 'neutral' } as const
function Head({ rights: { person, accounts, roles, idle, given } }: { rights: PersonRights }) {
  const { rights } = useMe()
  const count = given.reduce((sum, one) => sum + one.count, 0)
  return (
    <section className="x-card x-person-rights" aria-label={person.name}>
      <h2>
        {person.name}
        <small>{[person.staffNumber, person.unit].filter(Boolean).join(' · ')}</small>
        {!person.isActive && <Tag tone="neutral">已离职</Tag>}
      </h2>
      <dl>
        <div>
          <dt>账号</dt>
          <dd>{accounts.length ? accounts.map((one) => <Account key={one.id} account={one} />) : <span className="x-faint">没有账号，不能登录</span>}</dd>
        </div>
        <div>
          <dt>角色</dt>
          <dd className="x-person-roles">
            {roles.map((role) => (
              <span key={role.name}>
                <b>{role.label}</b>
                {role.sources.map((source) => <Source key={source.assignment ?? ''} source={source} />)}
              </span>
            ))}
            {idle.map(({ label, source, why }) => (
              <span key={source.assignment}>
                <b className="x-faint">{label}</b>
                <Source source={source} />
                <Tag tone="warn" icon={false}>{why}</Tag>
              </span>
            ))}
          </dd>
        </div>
        {count > 0 && (
          <div>
            <dt>单独开放</dt>
            <dd>
              同事开放给他 {count} 条记录（{given.map((one) => `${one.label} ${one.count}`).join('、')}），不在下表
              {rights.includes('share.administer') && <> · <Link to="/shares">全院分享</Link></>}
            </dd>
          </div>
        )}
      </dl>
    </section>
  )
} // prettier-ignore
function Source({ source: { assignment, words } }: { source: RoleSource }) {
  const assignments = useResource('directory.roleAssignment')
  if (!assignment || !assignments) return <span className="x-faint">{words}</span>
  return <Link to={`/r/directory.roleAssignment/${assignment}`}>{words}</Link>
}
function Account({ account }: { account: PersonAccount }) {
  const accounts = useResource('security.account')
  return (
    <span className="x-person-account">
      {accounts ? <Link to={`/r/security.account/${account.id}`}>{account.name}</Link> : account.name}
      <Tag tone={tones[account.status]}>{account.statusLabel}</Tag>
      {account.isLocked && <Tag tone="bad">锁定中</Tag>}
      {account.status !== 'active' && account.reason && <span className="x-faint">{account.reason}</span>}
      {account.status === 'active' && account.validUntil && <span className="x-faint">有效期至 {account.validUntil}</span>}
    </span>
  )
}

function Lines({ rights }: { rights: PersonRights }) {
  const [sought, setSought] = useState('')
  const [isAll, setAll] = useState(false)
  const words = sought.trim().toLowerCase()
  const groups = rights.groups.flatMap((group) => {
    const lines = group.lines.filter((line) => (isAll || line.acts.length > 0) && (!words || line.label.toLowerCase().includes(words)))
    return lines.length ? [{ ...group, lines }] : []
  })
  return (
    <>
      <div className="x-rights-ask">
        <Input allowClear aria-label="查找记录类型或功能" placeholder="记录类型或功能" value={sought} onChange={(event) => setSought(event.target.value)} />
        <Checkbox checked={isAll} onChange={(event) => setAll(event.target.checked)}>
          也列出没有权限的
        </Checkbox>
      </div>
      {groups.length === 0 && (
        <div className="x-card">
          <Notice kind="empty" title="没有符合条件的权限" text={isAll ? '换一个说法再查。' : '勾选“也列出没有权限的”，可看由哪个角色能给。'} />
        </div>
      )}
      {groups.map((group) => (
        <section key={group.module} className="x-card x-rights-list" aria-label={group.label}>
          <h2>{group.label}</h2>
          {group.lines.map((line) => <Line key={line.name} line={line} name={rights.person.name} />)}
        </section>
      ))}
    </>
  )
} // prettier-ignore

function Line({ line, name }: { line: PersonLine; name: string }) {
  const [isOpen, setOpen] = useState(false)
  const roles = [...new Set(line.acts.flatMap(({ from }) => from.map(({ label }) => label)))]
  return (
    <div className="x-person-line">
      <button type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {isOpen ? <DownOutlined aria-hidden /> : <RightOutlined aria-hidden />}
        <strong>
          {line.label} {line.kind === 'right' && <Tag>功能</Tag>}
        </strong>
        <span className="x-person-can">{line.acts.length ? <Reaches acts={line.acts} /> : <span className="x-faint">没有权限</span>}</span>
        <span className="x-person-from">
          {roles.length > 0 && <span>来自 {roles.join('、')}</span>}
          <FieldMarks fields={line.fields} />
        </span>
      </button>
      {isOpen && <Why line={line} name={name} />}
    </div>
  )
}
/** What gives each act, and what would give the others. */
function Why({ line, name }: { line: PersonLine; name: string }) {
  const lacking = line.lacks.filter(({ roles }) => roles.length > 0)
  const nobody = line.lacks.filter(({ roles }) => roles.length === 0)
  return (
    <div className="x-why x-person-why">
      {byScope(line.acts).map(({ scope, acts }) => (
        <div key={scope}>
          {acts.map(({ action, label, from }) => (
            <p key={action}>
              <b>{label}</b> {scope}：{from.map((one) => `“${one.label}”给的${one.scope === scope ? '' : `（${one.scope}）`}`).join('，')}
            </p>
          ))}
        </div>
      ))}
      {line.kind === 'records' && line.acts.some(({ action }) => action === 'read') && <FieldLines fields={line.fields} />}
      {[...Map.groupBy(lacking, ({ roles }) => roles.map((one) => `${one.label}（${one.scope}）`).join('、'))].map(([giving, acts]) => (
        <p key={giving} className="x-muted">
          不能<b>{acts.map(({ label }) => label).join('、')}</b>：{name}没有能给的角色。能给的有 {giving}
        </p>
      ))}
      {nobody.length > 0 && <p className="x-faint">{nobody.map(({ label }) => label).join('、')}：没有任何角色有这项权限</p>}
    </div>
  )
}
