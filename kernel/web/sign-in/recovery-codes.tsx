import { useState } from 'react'

interface Props {
  codes: readonly string[]
  /** Why it does not go on. */
  problem?: string
  onDone: () => void
}
/** Shown once: kept by copying or as a file, then it goes on. */
export function RecoveryCodes({ codes, problem, onDone }: Props) {
  const [isKept, setKept] = useState(false)
  const text = `杏林 恢复码（每个只能用一次）\n${codes.join('\n')}\n`
  const file = `data:text/plain;charset=utf-8,${encodeURIComponent(text)}`
  return (
    <div className="si-form">
      <p className="si-note">动态口令已绑定。手机丢失或更换时，可用下面的恢复码登录，每个只能用一次。请现在保存，以后不再显示。</p>
      <ul className="si-codes">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="si-links">
        <a href={file} download="杏林恢复码.txt" onClick={() => setKept(true)}>
          下载
        </a>
        <button type="button" onClick={() => void copy(text).then(setKept)}>
          复制
        </button>
      </div>
      <label className="si-check">
        <input type="checkbox" checked={isKept} onChange={(event) => setKept(event.target.checked)} /> 我已妥善保存
      </label>
      {problem && (
        <p className="si-problem" role="alert">
          {problem}
        </p>
      )}
      <button type="button" className="si-submit" disabled={!isKept} onClick={onDone}>
        完成
      </button>
    </div>
  )
}
/** Inside a hospital the page is often served over plain http, where there is no clipboard. */
async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}
