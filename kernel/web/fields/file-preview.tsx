import { CloseOutlined, DownloadOutlined, ExportOutlined } from '@ant-design/icons'
import { formatBytes, type FileValue } from '#model'
import { useEffect, useRef } from 'react'

/** Pictures and PDFs are seen in the page; everything else is downloaded. */
export function FilePreview({ file, onClose }: { file: FileValue; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  const address = `/api/files/${file.id}`
  return (
    <dialog
      ref={dialog}
      className="x-preview"
      aria-label={file.name}
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && onClose()}
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
        <button type="button" className="x-icon-button" aria-label="关闭" onClick={onClose}>
          <CloseOutlined />
        </button>
      </header>
      {file.type.startsWith('image/') ? (
        <img src={address} alt={file.name} />
      ) : file.type.startsWith('video/') ? (
        <video src={address} controls autoPlay playsInline />
      ) : file.type.startsWith('audio/') ? (
        <audio src={address} controls autoPlay />
      ) : file.type === 'application/pdf' ? (
        <iframe src={address} title={file.name} />
      ) : (
        <p className="x-muted">
          这种文件不能在页面里预览。
          <a href={address} download={file.name}>
            下载后打开
          </a>
        </p>
      )}
    </dialog>
  )
}
