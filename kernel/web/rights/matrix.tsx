import { is, type RightsCell, type RightsGroup, type RightsLine, type RightsMatrix, type RightsRole } from '#model'
import { useQuery } from '@tanstack/react-query'
import { Drawer, Input, Select } from 'antd'
import { Fragment, useDeferredValue } from 'react'
import { Link } from 'react-router'
import { api } from '../api/client.ts'
import { useResource } from '../definitions/use-catalog.tsx'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { Tag } from '../parts/tag.tsx'
import { useIsPhone } from '../shell/use-is-phone.ts'
import { byScope, FieldLines, FieldMarks, Reaches } from './parts.tsx'
import { useAddress } from '../parts/use-address.ts'

const officers = { system: '三员 · 系统', security: '三员 · 安全', audit: '三员 · 审计' } as const

/** Roles across, record types and rights down; a cell opens what it holds. */
export function MatrixTab() {
  const { data, error, refetch } = useQuery({
    queryKey: ['rights', 'matrix'],
    queryFn: ({ signal }) => api.get<RightsMatrix>('/api/rights', {}, signal),
  })
  if (error) return <Failed error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton rows={12} />
  return <Matrix matrix={data} />
}

function Matrix({ matrix }: { matrix: RightsMatrix }) {
  const [get, put] = useAddress()
  const isPhone = useIsPhone()
  const named = get('roles').split(',').filter(Boolean)
  const chosen = matrix.roles.filter(({ name }) => named.includes(name))
  // A phone shows one role after the other.
  const roles = isPhone ? [chosen[0] ?? matrix.roles[0]!] : chosen.length ? chosen : matrix.roles
  const sought = useDeferredValue(get('q').trim().toLowerCase())
  const groups = groupsShown(matrix.groups, { roles, isNarrowed: isPhone || chosen.length > 0, kind: get('kind'), module: get('module'), sought }) // prettier-ignore
  const options = matrix.roles.map(({ name, label }) => ({ value: name, label }))
  const [openLine, openRole] = get('cell').split('@')
  const line = matrix.groups.flatMap((group) => group.lines).find(({ name }) => name === openLine)
  const role = matrix.roles.find(({ name }) => name === openRole)
  return (
    <>
      <div className="x-rights-ask">
        {isPhone ? (
          <Select aria-label="角色" value={roles[0]?.name ?? null} options={options} onChange={(name: string) => put({ roles: name })} />
        ) : (
          <Select
            mode="multiple"
            aria-label="角色"
            placeholder="全部角色"
            allowClear
            maxTagCount="responsive"
            value={chosen.map(({ name }) => name)}
            options={options}
            showSearch={{ optionFilterProp: 'label' }}
            onChange={(names: string[]) => put({ roles: names.join(',') })}
          />
        )}
        <Select
          aria-label="模块"
          placeholder="全部模块"
          allowClear
          value={get('module') || null}
          options={matrix.groups.map(({ module, label }) => ({ value: module, label }))}
          onChange={(module?: string) => put({ module: module ?? null })}
        />
        <Select
          aria-label="种类"
          placeholder="记录和功能"
          allowClear
          value={get('kind') || null}
          options={[
            { value: 'records', label: '只看记录' },
            { value: 'right', label: '只看功能' },
          ]}
          onChange={(kind?: string) => put({ kind: kind ?? null })}
        />
        <Input allowClear aria-label="查找" placeholder="记录类型或功能" value={get('q')} onChange={(event) => put({ q: event.target.value })} />
      </div>
      {groups.length === 0 ? (
        <div className="x-card">
          <Notice kind="empty" title="没有符合条件的权限" text="换一个角色、模块或说法再查。" act={{ label: '清除条件', run: () => put({ roles: '', module: '', kind: '', q: '' }) }} />
        </div>
      ) : isPhone ? (
        <MatrixList groups={groups} role={roles[0]!} onOpen={(cell) => put({ cell })} />
      ) : (
        <MatrixTable groups={groups} roles={roles} onOpen={(cell) => put({ cell })} />
      )}
      <Drawer
        title={line && role ? `${role.label} · ${line.label}` : ''}
        open={line !== undefined && role !== undefined}
        onClose={() => put({ cell: null })}
        placement={isPhone ? 'bottom' : 'right'}
        size={isPhone ? 480 : 420}
      >
        {line && role && <CellDetail line={line} role={role} />}
      </Drawer>
    </>
  )
} // prettier-ignore

interface Shown {
  roles: readonly RightsRole[]
  /** Lines that none of these roles has are left out. */
  isNarrowed: boolean
  kind: string
  module: string
  sought: string
}
const groupsShown = (groups: readonly RightsGroup[], { roles, isNarrowed, kind, module, sought }: Shown): RightsGroup[] =>
  groups.flatMap((group) => {
    const fits = (line: RightsLine) =>
      (!module || group.module === module) &&
      (!kind || line.kind === kind) &&
      (!sought || [line.label, line.name, group.label].some((word) => word.toLowerCase().includes(sought))) &&
      (!isNarrowed || roles.some(({ name }) => line.cells[name]))
    const lines = group.lines.filter(fits)
    return lines.length ? [{ ...group, lines }] : []
  })

interface TableProps {
  groups: readonly RightsGroup[]
  roles: readonly RightsRole[]
  onOpen: (cell: string) => void
}
function MatrixTable({ groups, roles, onOpen }: TableProps) {
  return (
    <div className="x-card x-matrix">
      <table>
        <thead>
          <tr>
            <th scope="col">记录类型或功能</th>
            {roles.map(({ name, label, officer, everyone, people }) => (
              <th key={name} scope="col">
                {label}
                <small>
                  {everyone ? '所有人' : `${people} 人`}
                  {officer && ` · ${officers[officer].slice(0, 2)}`}
                </small>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => (
            <Fragment key={group.module}>
              <tr className="x-matrix-group">
                <th scope="colgroup" colSpan={roles.length + 1}>
                  <span>{group.label}</span>
                </th>
              </tr>
              {group.lines.map((line) => (
                <tr key={line.name}>
                  <th scope="row">
                    {line.label}
                    {line.kind === 'right' && <small>功能</small>}
                  </th>
                  {roles.map(({ name, label }) => (
                    <td key={name}>
                      <Cell cell={line.cells[name]} what={`${label}：${line.label}`} onOpen={() => onOpen(`${line.name}@${name}`)} />
                    </td>
                  ))}
                </tr>
              ))}
            </Fragment>
          ))}
        </tbody>
      </table>
    </div>
  )
}
function Cell({ cell, what, onOpen }: { cell: RightsCell | undefined; what: string; onOpen: () => void }) {
  if (!cell) return <span className="x-matrix-none" aria-label="没有权限">–</span>
  return (
    <button type="button" className="x-matrix-cell" aria-label={`${what}，详情`} onClick={onOpen}>
      <Reaches acts={cell.acts} />
      <FieldMarks fields={cell.fields} />
    </button>
  )
} // prettier-ignore

function MatrixList({ groups, role, onOpen }: { groups: readonly RightsGroup[]; role: RightsRole; onOpen: (cell: string) => void }) {
  return groups.map((group) => (
    <section key={group.module} className="x-card x-rights-list" aria-label={group.label}>
      <h2>{group.label}</h2>
      {group.lines.map((line) => (
        <button key={line.name} type="button" onClick={() => onOpen(`${line.name}@${role.name}`)}>
          <strong>
            {line.label} {line.kind === 'right' && <Tag>功能</Tag>}
          </strong>
          <Reaches acts={line.cells[role.name]!.acts} />
          <FieldMarks fields={line.cells[role.name]!.fields} />
        </button>
      ))}
    </section>
  ))
}

/** What one role has over one record type: each act with its reach, each field treated otherwise, and whom it concerns. */
function CellDetail({ line, role }: { line: RightsLine; role: RightsRole }) {
  const cell = line.cells[role.name]
  const assignments = useResource('directory.roleAssignment')
  return (
    <div className="x-rights-detail">
      <p className="x-muted">
        {role.everyone ? '所有职工都有这个角色' : `${role.people} 人有这个角色`}
        {role.officer && `（${officers[role.officer]}）`}
      </p>
      {!cell ? (
        <p>没有权限</p>
      ) : (
        <>
          <h3>可以做什么</h3>
          <dl className="x-field-lines">
            {byScope(cell.acts).map(({ scope, acts }) => (
              <div key={scope}>
                <dt>{scope}</dt>
                <dd>{acts.map(({ label }) => label).join('、')}</dd>
              </div>
            ))}
          </dl>
          {line.kind === 'records' && (
            <>
              <h3>字段</h3>
              <FieldLines fields={cell.fields} />
              {cell.fields.masked.length > 0 && <p className="x-faint x-small">本人的记录不打码</p>}
            </>
          )}
        </>
      )}
      {line.kind === 'records' && <Link to={`/rights?tab=field&resource=${line.name}`}>按字段看谁能看到</Link>}
      {assignments && !role.everyone && (
        <Link to={`/r/directory.roleAssignment?filter=${encodeURIComponent(JSON.stringify(is('role', role.name)))}`}>
          这个角色分配给了谁
        </Link>
      )}
    </div>
  )
}
