import { Link } from 'react-router'
import { useRecord } from '../../../api/hooks.ts'
import { definePanel } from '../../../pages.ts'
import { Notice, Skeleton } from '../../../parts/states.tsx'
import { PersonRightsView } from '../../../rights/person.tsx'

/** What the person of an account may do, and why. */
function AccountRights({ resource, id }: { resource: string; id: string }) {
  const { data } = useRecord(resource, id)
  if (!data) return <Skeleton rows={6} />
  const person = data.record['person']
  if (typeof person !== 'string') return <Notice kind="empty" title="账号没有关联人员" text="权限属于人员，没有关联人员的账号登录后什么也做不了。" />
  return (
    <div className="x-rights">
      <PersonRightsView person={person} />
      <Link to={`/rights?tab=person&person=${person}`}>在“权限一览”中打开</Link>
    </div>
  )
} // prettier-ignore
export default definePanel({ label: '他能做什么', component: AccountRights, right: 'security.rights' })
