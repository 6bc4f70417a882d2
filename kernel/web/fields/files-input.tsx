import {
  AudioOutlined, CameraOutlined, CloseOutlined, FileOutlined, FilePdfOutlined, PaperClipOutlined, PictureOutlined, VideoCameraOutlined,
} from '@ant-design/icons' // prettier-ignore
import { formatBytes, type FileValue } from '#model'
import { useState, type ReactNode } from 'react'
import { useFiles } from '../api/hooks.ts'
import { useIsPhone } from '../shell/use-is-phone.ts'
import { asList, type InputProps } from './field-view.ts'
import { acceptOf } from './media.tsx'
import { FilePreview } from './preview/preview.tsx'
import { SendingRow } from './sending.tsx'
import { Thumbnail } from './thumbnail.tsx'
import { isAccepted } from './upload.ts'
import { useSendingFiles } from './use-sending-files.ts'

export type FileKind = 'files' | 'image' | 'video' | 'audio'
interface KindWords {
  icon: ReactNode
  add: string
  wrong: string
  counted: string
  hint: string
  /** What a phone records with its own app. */
  capture?: { label: string; accept: string; icon?: ReactNode }
}
const kindWords: Readonly<Record<FileKind, KindWords>> = {
  files: { icon: <PaperClipOutlined aria-hidden />, add: '添加附件', wrong: '不支持这种文件', counted: '个附件', hint: '可拖入，也可粘贴截图' },
  image: { icon: <PictureOutlined aria-hidden />, add: '添加图片', wrong: '只能添加图片（jpg、png、webp、gif）', counted: '张图片', hint: '可拖入，也可粘贴截图', capture: { label: '拍照', accept: 'image/*' } },
  video: { icon: <VideoCameraOutlined aria-hidden />, add: '添加视频', wrong: '只能添加视频（mp4、webm、mov）', counted: '段视频', hint: '可拖入，mp4 各处都能播放', capture: { label: '拍摄', accept: 'video/*' } },
  audio: { icon: <AudioOutlined aria-hidden />, add: '添加录音', wrong: '只能添加录音（mp3、m4a、wav、ogg）', counted: '段录音', hint: '可拖入', capture: { label: '录音', accept: 'audio/*', icon: <AudioOutlined aria-hidden /> } },
} // prettier-ignore

/** Attachments: chosen, dropped, pasted or photographed; each shows how far it is. */
export function FilesInput({ id, field, value, onChange, onBlur, isInvalid, isDisabled }: InputProps<FileKind>) {
  const ids = asList(value)
  const isPhone = useIsPhone()
  const { data: known = [], isSuccess } = useFiles(ids)
  const [isOver, setOver] = useState(false)
  const accept = acceptOf(field)
  const words = kindWords[field.kind]
  const change = (next: string[]) => onChange(next.length ? next : null)
  const { wrong, counted } = words
  const { maxFiles, maxBytes } = field.options
  const { sending, start, hold, retry, cancel } = useSendingFiles({
    ids,
    onChange: change,
    known,
    accept,
    maxFiles,
    maxBytes,
    wrong,
    counted,
  })
  const pick = (files: FileList | null) => files && start(files)
  return (
    <div
      className={`x-files ${isOver ? 'over' : ''} ${isInvalid ? 'x-invalid' : ''}`}
      onPaste={(event) => event.clipboardData.files.length && start(event.clipboardData.files)}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        if (!isDisabled) start(event.dataTransfer.files)
      }}
      onBlur={onBlur}
    >
      <FileList
        ids={ids}
        known={known}
        isKnown={isSuccess}
        onRemove={isDisabled ? undefined : (gone) => change(ids.filter((other) => other !== gone))}
      />
      {sending.map((one) => (
        <SendingRow key={one.key} one={one} onHold={() => hold(one)} onRetry={() => retry(one)} onCancel={() => cancel(one)} />
      ))}
      {!isDisabled && (
        <div className="x-files-add">
          <label className="x-file-button">
            {words.icon} {words.add}
            <input
              id={id}
              type="file"
              multiple
              accept={accept?.join(',')}
              onChange={(event) => (pick(event.target.files), (event.target.value = ''))}
            />
          </label>
          {isPhone && (words.capture || isAccepted({ type: 'image/jpeg', name: 'a.jpg' }, accept)) && (
            <label className="x-file-button">
              {words.capture?.icon ?? <CameraOutlined aria-hidden />} {words.capture?.label ?? '拍照'}
              <input
                type="file"
                accept={words.capture?.accept ?? 'image/*'}
                capture="environment"
                onChange={(event) => (pick(event.target.files), (event.target.value = ''))}
              />
            </label>
          )}
          {!isPhone && <span className="x-faint x-small">{words.hint}</span>}
        </div>
      )}
    </div>
  )
}

interface ListProps {
  ids: readonly string[]
  known: readonly FileValue[]
  /** The server has answered: what it did not name is gone, or not to be seen. */
  isKnown: boolean
  onRemove?: ((id: string) => void) | undefined
}
export function FileList({ ids, known, isKnown, onRemove }: ListProps) {
  const [open, setOpen] = useState<string | null>(null)
  const there = ids.flatMap((id) => known.find((file) => file.id === id) ?? [])
  return (
    <>
      {ids.map((id) => {
        const file = known.find((f) => f.id === id)
        const isPicture = file?.type.startsWith('image/')
        return (
          <div key={id} className="x-file">
            {isPicture ? <Thumbnail id={id} /> : file?.type === 'application/pdf' ? <FilePdfOutlined aria-hidden /> : iconOf(file?.type)}
            {file || !isKnown ? (
              <button type="button" className="x-file-name x-link" onClick={() => file && setOpen(id)}>
                {file?.name ?? '附件'}
              </button>
            ) : (
              <span className="x-file-name x-faint">文件已不在，或您无权查看</span>
            )}
            {file && <span className="x-faint x-small">{formatBytes(file.bytes)}</span>}
            {onRemove && (
              <button type="button" className="x-icon-button" aria-label={`移除 ${file?.name ?? '附件'}`} onClick={() => onRemove(id)}>
                <CloseOutlined />
              </button>
            )}
          </div>
        )
      })}
      {open && <FilePreview files={there} open={open} onClose={() => setOpen(null)} />}
    </>
  )
}
const iconOf = (type = ''): ReactNode =>
  type.startsWith('video/') ? <VideoCameraOutlined aria-hidden /> : type.startsWith('audio/') ? <AudioOutlined aria-hidden /> : <FileOutlined aria-hidden /> // prettier-ignore
export function FilesDisplay({ value }: { value: unknown }) {
  const ids = asList(value)
  const { data: known = [], isSuccess } = useFiles(ids)
  return ids.length ? (
    <div className="x-files">
      <FileList ids={ids} known={known} isKnown={isSuccess} />
    </div>
  ) : (
    <span className="x-faint">—</span>
  )
}
