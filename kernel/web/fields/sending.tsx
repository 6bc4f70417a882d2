import { CloseOutlined, FileOutlined, PauseOutlined, PlayCircleOutlined, RedoOutlined } from '@ant-design/icons'
import { formatBytes } from '#model'
import type { Gate } from './upload.ts'

/** A file on its way. */
export interface Sending {
  key: number
  file: File
  share: number
  problem: string | null
  /** The problem may be gone when it is tried again. */
  mayRetry: boolean
  wait: string | null
  isHeld: boolean
  abort: AbortController
  gate: Gate
}
interface Props {
  one: Sending
  onHold: () => void
  onRetry: () => void
  onCancel: () => void
}
/** How far one file is, and what can be done about it. */
export function SendingRow({ one, onHold, onRetry, onCancel }: Props) {
  const { file, problem, isHeld, wait, share } = one
  const percent = Math.floor(share * 100)
  return (
    <div className="x-file sending">
      <FileOutlined aria-hidden />
      <div className="x-file-about">
        <span className="x-file-name" title={file.name}>
          {file.name}
        </span>
        <span className="x-faint x-small x-file-size">{formatBytes(file.size)}</span>
        {problem ? (
          <span className="x-problem">{problem}</span>
        ) : (
          <>
            <progress value={share} aria-label={`上传 ${file.name}`}>
              {percent}%
            </progress>
            <span className="x-faint x-small x-file-share">{isHeld ? `已暂停 ${percent}%` : (wait ?? `${percent}%`)}</span>
          </>
        )}
      </div>
      {!problem && (
        <button type="button" className="x-icon-button" aria-label={`${isHeld ? '继续' : '暂停'} ${file.name}`} onClick={onHold}>
          {isHeld ? <PlayCircleOutlined /> : <PauseOutlined />}
        </button>
      )}
      {problem && one.mayRetry && (
        <button type="button" className="x-icon-button" aria-label={`重试 ${file.name}`} onClick={onRetry}>
          <RedoOutlined />
        </button>
      )}
      <button type="button" className="x-icon-button" aria-label={`取消 ${file.name}`} onClick={onCancel}>
        <CloseOutlined />
      </button>
    </div>
  )
}
