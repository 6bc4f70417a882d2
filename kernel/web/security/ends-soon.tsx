import { CloseOutlined } from '@ant-design/icons'
import { daysBetween } from '#model'
import { Link } from 'react-router'
import { useMe } from '../api/hooks.ts'
import { useStored } from '../shell/use-stored.ts'
import './ends-soon.css'

/** Told in time that the password or the account ends; put away for the day. */
export function EndsSoon() {
  const { account, today } = useMe()
  const [putAwayOn, putAway] = useStored('ends-soon', '')
  const { password, account: accountEnds } = account.endsSoon
  if (putAwayOn === today || (!password && !accountEnds)) return null
  const when = (day: string) => (day === today ? '今天' : `${daysBetween(today, day)} 天后（${day}）`)
  return (
    <div className="x-ends-soon" role="status">
      <span>
        {password && (
          <>
            密码{when(password)}到期，<Link to="/me/security">现在修改</Link>。
          </>
        )}
        {accountEnds && `账号${when(accountEnds)}到期停用，如需继续使用请联系系统管理员。`}
      </span>
      <button type="button" aria-label="今天不再提醒" title="今天不再提醒" onClick={() => putAway(today)}>
        <CloseOutlined />
      </button>
    </div>
  )
}
