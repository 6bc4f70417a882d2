import { useResource } from '#kernel/web/definitions/use-catalog.tsx'
import { RelatedList } from '#kernel/web/detail/related.tsx'
import { definePanel } from '#kernel/web/pages.ts'
import { Notice } from '#kernel/web/parts/states.tsx'

/** What the team has done, from entered to archived. */
function Activities({ id }: { resource: string; id: string }) {
  const resource = useResource('organisation.teamActivity')
  if (!resource) return <Notice kind="noRight" title="没有权限查看活动记录" />
  return <RelatedList relation={{ resource, field: 'team' }} id={id} />
}

export default definePanel({ label: '活动记录', component: Activities, right: 'organisation.teams' })
