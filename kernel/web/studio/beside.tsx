import { reminderRight } from '#model'
import { ownFlowOf } from '#kernel/model/designs/index.ts'
import { Link } from 'react-router'
import { useMe } from '../api/hooks.ts'
import { useResource } from '../definitions/use-catalog.tsx'
import type { About } from '../parts/use-making.ts'

/** 接着做: what belongs to a type beside its form, each begun with the type already chosen. `hasFlow`: as it is drawn. */
export function Beside({ about, hasFlow }: { about: About; hasFlow: boolean }) {
  const { rights } = useMe()
  const inForce = useResource(about.type)
  // A flow is there once the type is in force under approval.
  const isApproved = inForce ? inForce.approval !== undefined : hasFlow
  return (
    <nav className="x-studio-beside" aria-label="接着做">
      <span>接着做</span>
      {isApproved && rights.includes('flows.administer') && <Link to={`/flows/design/${encodeURIComponent(ownFlowOf(about.type))}`}>审批流程</Link>}
      {rights.includes(reminderRight) && <Link to="/reminders" state={{ about }}>提醒</Link>}
      <Link to="/pages" state={{ about }}>图表页面</Link>
      <Link to="/printing" state={{ about }}>打印模板</Link>
      <Link to={`/r/${about.type}`}>打开台账</Link>
    </nav>
  )
} // prettier-ignore
