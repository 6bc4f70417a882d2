import { lazy } from 'react'
import { useParams } from 'react-router'
import { useResource } from '../definitions/use-catalog.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Notice } from '../parts/states.tsx'
import { NotFound } from '../shell/not-found.tsx'
import { useIsPhone } from '../shell/use-is-phone.ts'

const DeskList = lazy(() => import('./desk-list.tsx'))
const PhoneList = lazy(() => import('./phone-list.tsx'))

export default function ListPage() {
  const { resource: name = '' } = useParams()
  const resource = useResource(name)
  const isPhone = useIsPhone()
  if (!resource) return <NotFound text="没有这种记录，或者没有对你开放。" />
  if (!resource.may.read)
    return (
      <div className="x-page">
        <PageHead title={resource.label} />
        <Notice kind="noRight" title="没有权限查看" text="需要时请联系本院系统管理员。" />
      </div>
    )
  return isPhone ? <PhoneList resource={resource} /> : <DeskList resource={resource} />
}
