import {
  CopyOutlined,
  EllipsisOutlined,
  FileOutlined,
  PauseOutlined,
  PushpinOutlined,
  RollbackOutlined,
  SoundOutlined,
} from '@ant-design/icons'
import {
  formatBytes,
  formatInstant,
  partsOfText,
  unreadableWords,
  withdrawMs,
  type FileValue,
  type TalkAnswer,
  type TalkMessage,
} from '#model'
import { Dropdown, Popover } from 'antd'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { here } from '../api/place.ts'
import { FilePreview } from '../fields/preview/preview.tsx'
import { Thumbnail } from '../fields/thumbnail.tsx'
import { Avatar } from '../parts/avatar.tsx'
import './message.css'

export interface MessageActs {
  onAnswer: (message: TalkMessage) => void
  onTakeBack: (message: TalkMessage) => void
  onChoose: (message: TalkMessage) => void
  onGoTo: (n: number) => void
}
interface Props {
  message: TalkMessage
  talk: TalkAnswer
  me: string
  /** Its author is named: the one before was another's, or long ago. */
  isNamed: boolean
  /** The next one is another's, or much later: below it stands who has read. */
  isEnd: boolean
  acts: MessageActs
  /** Chosen to be attached; null: nothing is being chosen. */
  isChosen: boolean | null
}

/** One message as its readers see it: words as they were written, never as markup. */
export function Message({ message, talk, me, isNamed, isEnd, acts, isChosen }: Props) {
  const { person, personName, at, isNote, isWithdrawn, unreadable } = message
  const isMine = person === me
  if (isNote)
    return (
      <p className="t-note">
        {personName} {message.text}
      </p>
    )
  if (isWithdrawn) return <p className="t-note">{isMine ? '您' : personName}撤回了一条消息</p>
  return (
    <div className={`t-message ${isMine ? 'mine' : ''}`} id={`talk-${message.n}`}>
      {isChosen !== null && <input type="checkbox" checked={isChosen} aria-label={`选择 ${personName} 的消息`} onChange={() => acts.onChoose(message)} />}
      <span className="t-who">{isNamed && <Avatar name={personName} size={32} />}</span>
      <div className="t-body">
        {isNamed && (
          <span className="t-name">
            {!isMine && <b>{personName}</b>} <time dateTime={at}>{formatInstant(at).slice(11)}</time>
          </span>
        )}
        <div className="t-line">
          <div className={`t-bubble ${isBare(message) ? 'bare' : ''}`}>
            {message.answers && (
              <button type="button" className="t-quote" onClick={() => acts.onGoTo(message.answers!.n)}>
                {message.answers.personName}：{message.answers.line}
              </button>
            )}
            {unreadable ? <span className="x-faint">（{unreadableWords[unreadable]}）</span> : <Words message={message} />}
            {message.voice === null ? <Files files={message.files} /> : <Voice file={message.files[0]} seconds={message.voice} />}
          </div>
          <Menu message={message} isMine={isMine} acts={acts} mayWrite={talk.may.write} />
        </div>
        {isMine && isEnd && <ReadBy message={message} talk={talk} me={me} />}
      </div>
    </div>
  )
} // prettier-ignore
const isBare = ({ text, answers, files, voice }: TalkMessage): boolean => !text && !answers && voice === null && files.every((file) => file.type.startsWith('image/')) // prettier-ignore

/** Text with its addresses and the people it names. */
function Words({ message: { text, mentions, everyone } }: { message: TalkMessage }) {
  if (!text) return null
  const parts = partsOfText(text, [...mentions.map(({ name }) => name), ...(everyone ? ['所有人'] : [])])
  return (
    <p className="t-words">
      {parts.map((part, n): ReactNode =>
        'link' in part ? (
          <a key={n} href={part.link} target="_blank" rel="noreferrer noopener">
            {part.link}
          </a>
        ) : 'name' in part ? (
          <b key={n} className="t-named">
            {part.name}
          </b>
        ) : (
          part.text
        ),
      )}
    </p>
  )
}
/** Pictures small, all else by name; both open in the page. */
export function Files({ files }: { files: readonly FileValue[] }) {
  const [open, setOpen] = useState<string | null>(null)
  if (files.length === 0) return null
  return (
    <div className="t-files">
      {files.map((file) => (
        <button key={file.id} type="button" className={file.type.startsWith('image/') ? 't-picture' : 't-file'} title={file.name} aria-label={`查看 ${file.name}`} onClick={() => setOpen(file.id)}>
          {file.type.startsWith('image/') ? (
            <Thumbnail id={file.id} alt={file.name} />
          ) : (
            <>
              <FileOutlined aria-hidden />
              <span>{file.name}</span>
              <small>{formatBytes(file.bytes)}</small>
            </>
          )}
        </button>
      ))}
      {open && <FilePreview files={files} open={open} onClose={() => setOpen(null)} />}
    </div>
  )
} // prettier-ignore
/** A voice message: heard at a touch. */
function Voice({ file, seconds }: { file: FileValue | undefined; seconds: number }) {
  const sound = useRef<HTMLAudioElement>(null)
  const [isOn, setOn] = useState(false)
  const [failed, setFailed] = useState(false)
  useEffect(() => {
    const element = sound.current
    return () => element?.pause()
  }, [])
  if (!file || failed) return <span className="x-faint">语音已不在，或浏览器放不了这种录音</span>
  const toggle = () => {
    if (isOn) return sound.current?.pause()
    sound.current?.play().catch(() => setFailed(true))
  }
  return (
    <button type="button" className="t-voice" aria-label={`${isOn ? '停止' : '播放'}语音，${seconds} 秒`} style={{ width: 96 + Math.min(seconds, 60) * 2 }} onClick={toggle}>
      {isOn ? <PauseOutlined aria-hidden /> : <SoundOutlined aria-hidden />} {seconds}″
      <audio ref={sound} src={here(`/api/files/${file.id}`)} preload="none" onPlay={() => setOn(true)} onPause={() => setOn(false)} onEnded={() => setOn(false)} />
    </button>
  )
} // prettier-ignore

function Menu({ message, isMine, acts, mayWrite }: { message: TalkMessage; isMine: boolean; acts: MessageActs; mayWrite: boolean }) {
  const [isOpen, setOpen] = useState(false)
  const [now, setNow] = useState(0)
  const mayTakeBack = isMine && now - Date.parse(message.at) < withdrawMs
  const items = [
    ...(mayWrite ? [{ key: 'answer', label: '引用', icon: <RollbackOutlined />, onClick: () => acts.onAnswer(message) }] : []),
    ...(message.text
      ? [{ key: 'copy', label: '复制', icon: <CopyOutlined />, onClick: () => void navigator.clipboard?.writeText(message.text) }]
      : []),
    ...(message.unreadable
      ? []
      : [{ key: 'attach', label: '附到记录…', icon: <PushpinOutlined />, onClick: () => acts.onChoose(message) }]),
    ...(mayTakeBack ? [{ key: 'back', label: '撤回', danger: true, onClick: () => acts.onTakeBack(message) }] : []),
  ]
  return (
    <Dropdown
      menu={{ items }}
      trigger={['click']}
      open={isOpen}
      onOpenChange={(open) => {
        setNow(Date.now())
        setOpen(open)
      }}
    >
      <button type="button" className="x-icon-button t-more" aria-label={`消息操作：${message.personName}`}>
        <EllipsisOutlined />
      </button>
    </Dropdown>
  )
}
/** 已读 / 未读 between two, 已读 n/m with names in groups. */
function ReadBy({ message, talk, me }: { message: TalkMessage; talk: TalkAnswer; me: string }) {
  const others = talk.members.filter(({ person }) => person !== me)
  const read = others.filter((one) => one.read >= message.n)
  if (others.length === 0 || talk.count > talk.members.length) return null
  if (talk.kind === 'direct') return <small className="t-read">{read.length ? '已读' : '未读'}</small>
  const names = (list: typeof others) => list.map(({ personName }) => personName).join('、') || '无'
  return (
    <Popover
      trigger="click"
      content={
        <div className="t-readers">
          <b>已读 {read.length}</b>
          <p>{names(read)}</p>
          <b>未读 {others.length - read.length}</b>
          <p>{names(others.filter((one) => one.read < message.n))}</p>
        </div>
      }
    >
      <button type="button" className="t-read">
        已读 {read.length}/{others.length}
      </button>
    </Popover>
  )
}
