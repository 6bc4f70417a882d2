import { useResource } from '../../../definitions/use-catalog.tsx'
import { RelatedList } from '../../../detail/related.tsx'
import { definePanel } from '../../../pages.ts'
import { NotFound } from '../../../shell/not-found.tsx'

/** What a program has called, hour by hour: whoever may read the record may read this. */
function Uses({ id }: { resource: string; id: string }) {
  const resource = useResource('security.apiUse')
  return resource ? <RelatedList relation={{ resource, field: 'client' }} id={id} /> : <NotFound text="使用日志没有对你开放。" />
}

export default definePanel({ label: '使用日志', component: Uses })
