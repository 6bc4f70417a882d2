import { DownOutlined } from '@ant-design/icons'
import { dayOf, daysBetween, formatDayWithWeekday, formatInstant, type TalkAnswer, type TalkMessage } from '#model'
import { useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useEffect, useLayoutEffect, useRef, useState, type ReactNode } from 'react'
import { api } from '../api/client.ts'
import { keys, useMe } from '../api/hooks.ts'
import { messageOf } from '../api/problem.ts'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { AttachBar } from './attach.tsx'
import { Composer, type ComposerHandle } from './composer.tsx'
import { talkKeys, useTalkMessages, type Wanted } from './hooks.ts'
import { Message, type MessageActs } from './message.tsx'
import { again, dropPending, send, usePending, type Pending, type Place } from './outbox.ts'
import './talk.css'

interface Props {
  talk: TalkAnswer | null
  /** What is to be begun, while nothing was said. */
  wanted: Wanted | null
  /** Why nothing can be said, in words. */
  closed: string | null
  /** A message to be shown. */
  at?: number | undefined
}
/** What was said and where one writes. */
export function Conversation({ talk, wanted, closed, at }: Props) {
  const client = useQueryClient()
  const place: Place = { name: talk?.id ?? Object.values(wanted ?? {}).join(':'), talk: talk?.id, wanted }
  const composer = useRef<ComposerHandle>(null)
  const [isOver, setOver] = useState(false)
  const [chosen, setChosen] = useState<readonly number[] | null>(null)
  return (
    <div
      className={`t-talk ${isOver ? 'over' : ''}`}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        composer.current?.add(event.dataTransfer.files)
      }}
    >
      {talk ? (
        <Said key={talk.id} talk={talk} place={place} at={at} chosen={chosen} onChoose={setChosen} onAnswer={(one) => composer.current?.answer(quoted(one))} />
      ) : (
        <div className="t-said" role="log">
          <p className="t-nothing">还没有人说话</p>
          <Waiting place={place} />
        </div>
      )}
      {chosen && talk ? (
        <AttachBar talk={talk} chosen={chosen} onEnd={() => setChosen(null)} />
      ) : closed === null ? (
        <Composer key={place.name} place={place.name} talk={talk} isOpenToOthers={talk ? talk.kind === 'record' : wanted !== null && 'record' in wanted} handle={composer} onSend={(draft) => void send(client, place, draft)} />
      ) : (
        <p className="t-closed" role="status">
          {closed}
        </p>
      )}
    </div>
  )
} // prettier-ignore
const quoted = ({ n, personName, text, files, voice }: TalkMessage) => ({ n, personName, line: text.slice(0, 80) || (voice ? '[语音]' : files.length ? '[附件]' : '') }) // prettier-ignore

interface SaidProps {
  talk: TalkAnswer
  place: Place
  at: number | undefined
  chosen: readonly number[] | null
  onChoose: (chosen: readonly number[]) => void
  onAnswer: (message: TalkMessage) => void
}
function Said({ talk, place, at, chosen, onChoose, onAnswer }: SaidProps) {
  const me = useMe().person?.id ?? ''
  const { data, error, refetch, earlier, later, around, latest } = useTalkMessages(talk.id)
  const { message: toast, modal } = App.useApp()
  const client = useQueryClient()
  const rows = data?.rows ?? []
  const last = rows.at(-1)?.n ?? 0
  const pending = usePending(place.name)
  const { box, onScroll, fresh, toEnd, isAtEnd } = useScroll({ rows, me, pending: pending.length, onTop: () => void earlier(), onEnd: () => void later() })
  useReading(talk, isAtEnd && data?.hasLater === false ? last : 0)
  async function goTo(n: number) {
    if (!rows.some((one) => one.n === n)) await around(n)
    requestAnimationFrame(() => {
      const element = box.current?.querySelector(`#talk-${n}`)
      element?.scrollIntoView({ block: 'center' })
      element?.classList.add('found')
      setTimeout(() => element?.classList.remove('found'), 2000)
    })
  }
  const shown = useRef(0)
  useEffect(() => {
    if (at === undefined || !data || shown.current === at) return
    shown.current = at
    void goTo(at)
  })
  const acts: MessageActs = {
    onAnswer,
    onGoTo: (n) => void goTo(n),
    onChoose: ({ n }) => onChoose(chosen?.includes(n) ? chosen.filter((one) => one !== n) : [...(chosen ?? []), n].toSorted((a, b) => a - b)),
    onTakeBack: (one) =>
      void modal.confirm({
        title: '撤回这条消息？',
        content: '撤回后各人都看不到内容，只留下“撤回了一条消息”。',
        okText: '撤回',
        onOk: () =>
          api.delete(`/api/talks/${talk.id}/messages/${one.id}`).then(
            () => void client.invalidateQueries({ queryKey: talkKeys.messages(talk.id) }),
            (fault: unknown) => void toast.error(messageOf(fault)),
          ),
      }),
  }
  if (error && !data) return <Failed error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton rows={6} />
  return (
    <div className="t-frame">
      <div className="t-said" ref={box} onScroll={onScroll} role="log" aria-label={`与${talk.title}的消息`} tabIndex={0}>
        {data.hasEarlier && (
          <button type="button" className="x-link t-earlier" onClick={() => void earlier()}>
            更早的消息
          </button>
        )}
        {rows.length === 0 && pending.length === 0 && <Notice kind="empty" title="还没有人说话" />}
        {rows.map((one, n) => (
          <Line key={one.id} one={one} before={rows[n - 1]}>
            <Message message={one} talk={talk} me={me} isNamed={isNamed(one, rows[n - 1])} isEnd={!rows[n + 1] || isNamed(rows[n + 1]!, one)} acts={acts} isChosen={chosen && chosen.includes(one.n)} />
          </Line>
        ))}
        {!data.hasLater && <Waiting place={place} />}
      </div>
      {(fresh > 0 || data.hasLater) && (
        <Button className="t-fresh" size="small" shape="round" icon={<DownOutlined />} onClick={() => void (data.hasLater ? latest().then(toEnd) : toEnd())}>
          {fresh > 0 ? `有 ${fresh} 条新消息` : '回到最新'}
        </Button>
      )}
    </div>
  )
} // prettier-ignore
const closeMs = 5 * 60_000
const isNamed = (one: TalkMessage, before: TalkMessage | undefined): boolean =>
  before?.person !== one.person || before.isNote || before.isWithdrawn || Date.parse(one.at) - Date.parse(before.at) > closeMs

/** A day begins with its name. */
function Line({ one, before, children }: { one: TalkMessage; before: TalkMessage | undefined; children: ReactNode }) {
  const day = formatInstant(one.at).slice(0, 10)
  return (
    <>
      {(!before || formatInstant(before.at).slice(0, 10) !== day) && (
        <p className="t-day" role="separator">
          {nameOfDay(day)}
        </p>
      )}
      {children}
    </>
  )
}
function nameOfDay(day: string): string {
  const days = daysBetween(day, dayOf(new Date()))
  return days === 0 ? '今天' : days === 1 ? '昨天' : formatDayWithWeekday(day)
}

/** What is on its way, or did not arrive. */
function Waiting({ place }: { place: Place }) {
  const client = useQueryClient()
  return usePending(place.name).map((one: Pending) => (
    <div key={one.id} className={`t-message mine ${one.problem === null ? 'sending' : ''}`}>
      <span className="t-who" />
      <div className="t-body">
        <div className="t-bubble">
          <p className="t-words">{one.text || (one.voice ? `[语音 ${one.voice} 秒]` : `[附件 ${one.files.length} 个]`)}</p>
        </div>
        {one.problem === null ? (
          <small className="t-read">正在发送…</small>
        ) : (
          <span className="t-failed" role="alert">
            没有发出：{one.problem}
            <button type="button" className="x-link" onClick={() => void again(client, place, one)}>
              重发
            </button>
            <button type="button" className="x-link" onClick={() => dropPending(place.name, one.id)}>
              删除
            </button>
          </span>
        )}
      </div>
    </div>
  ))
}

const nearEnd = 60
interface Scrolled {
  rows: readonly TalkMessage[]
  me: string
  pending: number
  onTop: () => void
  onEnd: () => void
}
/** Stays at the end when something new comes, unless the reader is elsewhere: then it is counted. What comes before leaves what he reads in its place. */
function useScroll({ rows, me, pending, onTop, onEnd }: Scrolled) {
  const box = useRef<HTMLDivElement>(null)
  const seen = useRef({ first: 0, last: 0, height: 0, pending: 0 })
  const [isAtEnd, setAtEnd] = useState(true)
  const [fresh, setFresh] = useState(0)
  const [first, last] = [rows[0]?.n ?? 0, rows.at(-1)?.n ?? 0]
  useLayoutEffect(() => {
    const element = box.current
    if (!element) return
    const before = seen.current
    seen.current = { first, last, height: element.scrollHeight, pending }
    if (before.first && first < before.first && last === before.last) element.scrollTop += element.scrollHeight - before.height
    else if (isAtEnd || pending > before.pending) element.scrollTop = element.scrollHeight
    else if (last > before.last) setFresh((n) => n + rows.filter((one) => one.n > before.last && one.person !== me).length)
  }, [first, last, pending, isAtEnd, me, rows])
  return {
    box,
    fresh,
    isAtEnd,
    toEnd() {
      setFresh(0)
      setAtEnd(true)
      if (box.current) box.current.scrollTop = box.current.scrollHeight
    },
    onScroll() {
      const element = box.current!
      const end = element.scrollHeight - element.scrollTop - element.clientHeight < nearEnd
      setAtEnd(end)
      if (end) {
        setFresh(0)
        onEnd()
      }
      if (element.scrollTop < nearEnd && element.scrollHeight > element.clientHeight) onTop()
    },
  }
}

/** Whoever looks at the end has read so far. */
function useReading({ id, read }: TalkAnswer, n: number): void {
  const client = useQueryClient()
  const noted = useRef(0)
  const [looks, setLooks] = useState(document.visibilityState === 'visible')
  useEffect(() => {
    const look = () => setLooks(document.visibilityState === 'visible')
    document.addEventListener('visibilitychange', look)
    return () => document.removeEventListener('visibilitychange', look)
  }, [])
  useEffect(() => {
    if (!looks || n <= Math.max(read, noted.current)) return
    noted.current = n
    const forget = () => {
      for (const queryKey of [talkKeys.lists, talkKeys.one(id), keys.counts, keys.messages]) void client.invalidateQueries({ queryKey })
    }
    void api.put(`/api/talks/${id}/read`, { n }).then(forget, () => undefined)
  }, [client, id, read, n, looks])
}
