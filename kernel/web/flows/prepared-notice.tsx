import { Alert } from 'antd'
import { Link } from 'react-router'
import { usePrepared } from './use-prepared.ts'
import './flows.css'

/** Says that somebody filled in requests for me, with the way to sign them. */
export function PreparedNotice() {
  const mine = (usePrepared().data ?? []).filter((one) => one.isMine)
  if (mine.length === 0) return null
  return (
    <Alert
      className="x-prepared-notice"
      type="info"
      showIcon
      title={`${[...new Set(mine.map((one) => one.byName))].slice(0, 2).join('、')}已为您填好 ${mine.length} 份申请`}
      action={<Link to="/me/prepared">核对并签名</Link>}
    />
  )
}
