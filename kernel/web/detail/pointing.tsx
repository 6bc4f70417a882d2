import type { OnDelete, PointingAnswer, PointingGroup } from '#model'
import { useQuery } from '@tanstack/react-query'
import { api } from '../api/client.ts'
import { ApiError } from '../api/problem.ts'
import { Tag } from '../parts/tag.tsx'

/** What the deletion of its target does to a reference. */
const words: Record<OnDelete, [will: string, tone: 'neutral' | 'warn' | 'bad']> = {
  keep: ['保留，显示“已删除”', 'neutral'],
  clear: ['将清空这一项', 'warn'],
  withParent: ['一起删除', 'warn'],
  restrict: ['须先处理，否则不能删除', 'bad'],
}

/** Asks what points at a record and says what its deletion does to each; nothing where nothing points there. */
export function Pointing({ resource, id, isDeleted = false }: { resource: string; id: string; isDeleted?: boolean }) {
  const { data } = useQuery({
    queryKey: ['record', resource, id, 'pointing'],
    queryFn: ({ signal }) => api.get<PointingAnswer>(`/api/records/${resource}/${id}/pointing`, {}, signal),
    staleTime: 0,
  })
  if (!data?.groups.length) return null
  return (
    <section className={isDeleted ? 'x-card x-pointing' : 'x-pointing'} aria-label="引用它的记录">
      <h3>{isDeleted ? '仍引用它的记录' : '引用它的记录'}</h3>
      <PointingList groups={data.groups} isDeleted={isDeleted} />
    </section>
  )
}
export function PointingList({ groups, isDeleted = false }: { groups: readonly PointingGroup[]; isDeleted?: boolean }) {
  return (
    <ul>
      {groups.map((group) => (
        <li key={`${group.resource} ${group.field}`}>
          <span>
            {group.label} {group.count}
            {group.isMore ? ' 条以上' : ' 条'}
            <span className="x-faint">（{group.fieldLabel}）</span>
          </span>
          {!isDeleted && <Tag tone={words[group.onDelete][1]}>{words[group.onDelete][0]}</Tag>}
          <span className="x-pointing-names">
            {group.records.map(({ id, title }) => (
              <a key={id} href={`/r/${group.resource}/${id}`}>
                {title || '（无名称）'}
              </a>
            ))}
            {group.records.length < group.count && group.records.length > 0 && <span className="x-faint">等</span>}
          </span>
        </li>
      ))}
    </ul>
  )
}
/** What a refusal says points at the record. */
export function pointingOf(error: unknown): PointingGroup[] | null {
  if (!(error instanceof ApiError) || error.problem.code !== 'referenced') return null
  return (error.problem['pointing'] as PointingGroup[] | undefined) ?? null
}
