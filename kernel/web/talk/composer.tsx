import { CameraOutlined, CloseOutlined, PaperClipOutlined, SendOutlined } from '@ant-design/icons'
import { longestWords, mostTalkFiles, type TalkAnswer } from '#model'
import { Button, Mentions } from 'antd'
import { useEffect, useImperativeHandle, useRef, useState, type KeyboardEvent, type Ref } from 'react'
import { api } from '../api/client.ts'
import { useChoices, useFiles, useMe } from '../api/hooks.ts'
import { FileList } from '../fields/files-input.tsx'
import { SendingRow } from '../fields/sending.tsx'
import { useSettledSearch } from '../fields/use-composed-text.ts'
import { useSendingFiles } from '../fields/use-sending-files.ts'
import { useIsPhone } from '../shell/use-is-phone.ts'
import { emptyDraft, type Draft } from './outbox.ts'
import { VoiceButton } from './voice.tsx'
import '../fields/fields.css'

export interface ComposerHandle {
  add: (files: FileList) => void
  answer: (answers: Draft['answers']) => void
}
interface Props {
  /** Under which its draft is kept. */
  place: string
  talk: TalkAnswer | null
  /** About a record: who may read it is known to the server only. */
  isOpenToOthers: boolean
  onSend: (draft: Draft) => void
  handle: Ref<ComposerHandle>
}
const keepMs = 800
const everyone = '所有人'

/** Where one writes: Enter sends on the desk, a draft is kept, people are named by @, files are pasted, dropped or chosen. */
export function Composer({ place, talk, isOpenToOthers, onSend, handle }: Props) {
  const { draft, put, empty } = useKeptDraft(place)
  const isPhone = useIsPhone()
  const { data: known = [], isSuccess } = useFiles(draft.files)
  const field = useRef<HTMLDivElement>(null)
  const { sending, start, hold, retry, cancel } = useSendingFiles({
    ids: draft.files, onChange: (files) => put({ files }), known, maxFiles: mostTalkFiles, wrong: '不支持这种文件', counted: '个文件',
  }) // prettier-ignore
  const focus = () => field.current?.querySelector('textarea')?.focus()
  useImperativeHandle(handle, () => ({
    add: (files) => start(files),
    answer(answers) {
      put({ answers })
      focus()
    },
  }))
  const isReady = (draft.text.trim() !== '' || draft.files.length > 0) && sending.every(({ problem }) => problem !== null)
  function submit() {
    if (!isReady) return
    onSend({
      ...draft,
      text: draft.text.trim(),
      mentions: draft.mentions.filter(({ name }) => draft.text.includes(`@${name}`)),
      everyone: talk?.may.mentionAll === true && draft.text.includes(`@${everyone}`),
    })
    empty()
    focus()
  }
  const naming = useNaming(talk, isOpenToOthers, (one) => put({ mentions: [...draft.mentions, one] }))
  const onEnter = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    // While words are composed Enter belongs to the input method; 229 is how some tell it.
    if (isPhone || event.shiftKey || event.nativeEvent.isComposing || event.keyCode === 229) return
    event.preventDefault()
    submit()
  }
  return (
    <div className="t-composer" ref={field} {...naming.around} onPaste={(event) => {
        if (event.clipboardData.files.length === 0) return
        event.preventDefault()
        start(event.clipboardData.files)
      }}>
      {draft.answers && (
        <div className="t-answering">
          <span>
            引用 {draft.answers.personName}：{draft.answers.line}
          </span>
          <button type="button" className="x-icon-button" aria-label="不引用" onClick={() => put({ answers: null })}>
            <CloseOutlined />
          </button>
        </div>
      )}
      {(draft.files.length > 0 || sending.length > 0) && (
        <div className="x-files">
          <FileList ids={draft.files} known={known} isKnown={isSuccess} onRemove={(gone) => put({ files: draft.files.filter((one) => one !== gone) })} />
          {sending.map((one) => (
            <SendingRow key={one.key} one={one} onHold={() => hold(one)} onRetry={() => retry(one)} onCancel={() => cancel(one)} />
          ))}
        </div>
      )}
      <div className="t-write">
        <Mentions
          aria-label="消息"
          placement="top"
          autoSize={{ minRows: 1, maxRows: 6 }}
          maxLength={longestWords}
          value={draft.text}
          placeholder={isPhone ? '发消息' : '发消息，Enter 发送，Shift+Enter 换行'}
          options={naming.options}
          filterOption={false}
          notFoundContent={naming.nobody}
          onSelect={({ key }) => naming.pick(String(key))}
          onChange={(text) => (put({ text }), naming.write(text))}
          onPressEnter={onEnter}
        />
        <span className="t-tools">
          <PickFiles onPick={start} isPhone={isPhone} />
          <VoiceButton isDisabled={false} onRecorded={(file, seconds) => onSend({ ...emptyDraft, files: [file], voice: seconds })} />
          <Button type="primary" icon={<SendOutlined />} aria-label="发送" disabled={!isReady} onClick={submit} />
        </span>
      </div>
    </div>
  )
} // prettier-ignore
function PickFiles({ onPick, isPhone }: { onPick: (files: FileList) => void; isPhone: boolean }) {
  const pick = (label: string, icon: React.ReactNode, more: React.InputHTMLAttributes<HTMLInputElement>) => (
    <label className="x-icon-button t-pick" title={label}>
      {icon}
      <input type="file" aria-label={label} {...more} onChange={({ target }) => (target.files && onPick(target.files), (target.value = ''))} />
    </label>
  )
  return (
    <>
      {isPhone && pick('拍照', <CameraOutlined aria-hidden />, { accept: 'image/*', capture: 'environment' })}
      {pick('图片和文件', <PaperClipOutlined aria-hidden />, { multiple: true })}
    </>
  )
} // prettier-ignore

/** Whom a half-written @ may mean: who belongs to it, and beside a record any colleague, whom the server judges. */
function useNaming(talk: TalkAnswer | null, isOpen: boolean, onPick: (one: { id: string; name: string }) => void) {
  const me = useMe().person?.id
  // Of a large group not all are listed here.
  const isOpenToOthers = isOpen || (talk !== null && talk.count > talk.members.length)
  const [half, setHalf] = useState<string | null>(null)
  const { settled, onSearch, around } = useSettledSearch()
  const people = useChoices('directory.person', settled, { filter: null, enabled: isOpenToOthers && half !== null })
  const members = (talk?.members ?? []).filter(({ person, personName, isGone }) => person !== me && !isGone && personName.includes(half ?? ''))
  const found = [
    ...members.map(({ person, personName, unitName }) => ({ id: person, title: personName, hint: unitName })),
    ...(isOpenToOthers ? (people.data?.options ?? []).filter(({ id }) => id !== me && !members.some(({ person }) => person === id)) : []),
  ].slice(0, 20)
  const all = talk?.may.mentionAll && everyone.includes(half ?? '') ? [{ key: everyone, value: everyone, label: everyone }] : []
  return {
    around,
    nobody: half ? `没有找到“${half}”` : '没有可提到的人',
    options: [
      ...all,
      ...found.map(({ id, title, hint }) => ({
        key: id,
        value: title,
        label: (
          <span className="x-option">
            {title}
            {hint && <small>{hint}</small>}
          </span>
        ),
      })),
    ],
    /** The component lengthens the key. */
    pick(key: string) {
      const one = found.find(({ id }) => key.startsWith(id))
      if (one) onPick({ id: one.id, name: one.title })
    },
    write(text: string) {
      const named = /@([^\s@]{0,20})$/.exec(text)
      setHalf(named ? (named[1] ?? '') : null)
      if (named) onSearch(named[1] ?? '')
    },
  }
} // prettier-ignore

/** What is half written in each conversation: here at once, and kept sealed on the server for another day. */
const drafts = new Map<string, Draft>()
function useKeptDraft(place: string) {
  const [draft, setDraft] = useState<Draft>(() => drafts.get(place) ?? emptyDraft)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const address = `/api/autosave/talk/${encodeURIComponent(place).slice(0, 150)}`
  useEffect(() => {
    if (drafts.has(place)) return
    let isWanted = true
    void api.get<{ value: Draft | null }>(address).then(
      ({ value }) => isWanted && value && !drafts.has(place) && setDraft({ ...emptyDraft, ...value }),
      () => undefined,
    )
    return () => void (isWanted = false)
  }, [place, address])
  const keep = (next: Draft) => {
    drafts.set(place, next)
    setDraft(next)
    clearTimeout(timer.current)
    const isEmpty = next === emptyDraft
    timer.current = setTimeout(() => void (isEmpty ? api.delete(address) : api.put(address, { value: next }, true)).catch(() => undefined), isEmpty ? 0 : keepMs) // prettier-ignore
  }
  return { draft, put: (part: Partial<Draft>) => keep({ ...(drafts.get(place) ?? draft), ...part }), empty: () => keep(emptyDraft) }
}
