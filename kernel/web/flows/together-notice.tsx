import { Alert } from 'antd'
import { Link } from 'react-router'
import { useBundle } from './bundle.ts'
import './flows.css'

/** Says that filled-in requests wait to be submitted together. */
export function TogetherNotice() {
  const { entries } = useBundle()
  if (entries.length === 0) return null
  return (
    <Alert
      className="x-prepared-notice"
      type="info"
      showIcon
      title={`有 ${entries.length} 份已填好的申请等您一起提交`}
      action={<Link to="/me/together">查看</Link>}
    />
  )
}
