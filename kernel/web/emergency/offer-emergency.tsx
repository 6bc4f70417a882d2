import { emergencyRight } from '#model'
import { Link } from 'react-router'
import { useMe } from '../api/hooks.ts'
import { useEmergency } from './use-emergency.ts'
import './emergency.css'

/** Where a record is not shown: the way to open one of its type in an emergency, whether there is such a record or not. */
export function OfferEmergency({ resource }: { resource: string }) {
  const { rights } = useMe()
  const { data } = useEmergency({ enabled: rights.includes(emergencyRight) })
  const type = data?.types.find(({ name }) => name === resource)
  if (!type) return null
  return (
    <p className="x-emergency-offer">
      情况紧急、必须马上查看{type.label}？可<Link to={`/emergency?type=${resource}`}>发起应急访问</Link>
      ，写明原因后短时查看，事后复核。
    </p>
  )
}
