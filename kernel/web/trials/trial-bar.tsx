import { useMe } from '../api/hooks.ts'
import './trials.css'

/** Says on every page of the space that nothing here is real. */
export function TrialBar() {
  const { trial } = useMe()
  if (!trial) return null
  return (
    <div className="x-trial-bar" role="note">
      <b>试用空间</b>
      <span title={trial.label}>
        内容都是试验用的，{trial.until} 后清空：{trial.label}
      </span>
      <a href="/try">回到正式系统</a>
    </div>
  )
}
