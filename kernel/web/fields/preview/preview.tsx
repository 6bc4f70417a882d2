import { CloseOutlined, DownloadOutlined, ExportOutlined, LeftOutlined, RightOutlined } from '@ant-design/icons'
import { formatBytes, type FileValue } from '#model'
import { useEffect, useRef, useState } from 'react'
import { createPortal } from 'react-dom'
import { here } from '../../api/place.ts'
import { messageOf } from '../../api/problem.ts'
import { bytesOf } from './bytes.ts'
import { Picture } from './picture.tsx'
import { isText, TextPreview } from './text.tsx'
import './preview.css'

interface Props {
  /** What can be leafed through. */
  files: readonly FileValue[]
  /** The id of the one that is shown first. */
  open: string
  onClose: () => void
}
/** Pictures, PDFs, films, sound and text are seen in the page, one after the other; everything else is downloaded. */
export function FilePreview({ files, open, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [at, setAt] = useState(() => Math.max(0, files.findIndex(({ id }) => id === open))) // prettier-ignore
  useEffect(() => dialog.current?.showModal(), [])
  const file = files[at]
  const step = (by: 1 | -1) => setAt((now) => Math.min(files.length - 1, Math.max(0, now + by)))
  if (!file) return null
  const address = here(`/api/files/${file.id}`)
  // Beside the page: what stands around the picture in the page draws nothing here.
  return createPortal(
    <dialog
      ref={dialog}
      className="x-preview"
      aria-label={file.name}
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && dialog.current?.close()}
      onKeyDown={(event) => {
        if (event.target instanceof HTMLMediaElement) return
        if (event.key === 'ArrowLeft') step(-1)
        if (event.key === 'ArrowRight') step(1)
      }}
    >
      <header>
        <h2>{file.name}</h2>
        <span className="x-faint x-small">{formatBytes(file.bytes)}</span>
        <span className="x-space" />
        <a className="x-icon-button" href={address} target="_blank" rel="noreferrer" aria-label="在新标签页打开">
          <ExportOutlined />
        </a>
        <a className="x-icon-button" href={address} download={file.name} aria-label="下载">
          <DownloadOutlined />
        </a>
        <button type="button" className="x-icon-button" aria-label="关闭" onClick={() => dialog.current?.close()}>
          <CloseOutlined />
        </button>
      </header>
      <div className="x-preview-body">
        <Content key={file.id} file={file} onSwipe={step} />
      </div>
      {files.length > 1 && (
        <footer>
          <button type="button" aria-label="上一个" disabled={at === 0} onClick={() => step(-1)}>
            <LeftOutlined /> 上一个
          </button>
          <span>
            {at + 1} / {files.length}
          </span>
          <button type="button" aria-label="下一个" disabled={at === files.length - 1} onClick={() => step(1)}>
            下一个 <RightOutlined />
          </button>
        </footer>
      )}
    </dialog>,
    document.body,
  )
}

function Content({ file, onSwipe }: { file: FileValue; onSwipe: (by: 1 | -1) => void }) {
  const [fault, setFault] = useState<string | null>(null)
  const address = here(`/api/files/${file.id}`)
  // An element says only that it could not be shown; the server says why.
  const ask = () =>
    void bytesOf(file.id, 1).then(
      () => setFault('这个文件打不开：内容可能已损坏，可下载后检查'),
      (error: unknown) => setFault(messageOf(error)),
    )
  if (fault)
    return (
      <p role="alert" className="x-muted">
        {fault}
      </p>
    )
  if (file.type.startsWith('image/')) return <Picture address={address} name={file.name} onFault={ask} onSwipe={onSwipe} />
  if (file.type.startsWith('video/')) return <video src={address} controls autoPlay playsInline onError={ask} />
  if (file.type.startsWith('audio/')) return <audio src={address} controls autoPlay onError={ask} />
  if (file.type === 'application/pdf') return <iframe src={address} title={file.name} />
  if (isText(file)) return <TextPreview file={file} />
  return (
    <p className="x-muted">
      这种文件不能在页面里预览。
      <a href={address} download={file.name}>
        下载后打开
      </a>
    </p>
  )
}
