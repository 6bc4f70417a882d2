import {
  channelUses,
  messageChannels,
  messageKindNames,
  messageKinds,
  type MessageChannel,
  type MessageKind,
  type OwnMessaging,
  type OwnWays,
} from '#model'
import { formatTime, parseTime } from '#kernel/model/clock/index.ts'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Checkbox, Input, Switch } from 'antd'
import { useState } from 'react'
import { api } from '../api/client.ts'
import { messageOf } from '../api/problem.ts'
import { PageHead } from '../parts/page-head.tsx'
import { Failed, Skeleton } from '../parts/states.tsx'
import { BrowserNotices } from './browser-notices.tsx'
import { BrowserPush } from './browser-push.tsx'
import './messaging.css'

const key = ['message-ways']
/** 接收设置: by which ways one wants to be told what, and when not. Each change is kept at once. */
export default function WaysPage() {
  const { data, error, refetch } = useQuery({ queryKey: key, queryFn: ({ signal }) => api.get<OwnWays>('/api/messages/ways', {}, signal) })
  return (
    <div className="x-page">
      <PageHead title="接收设置" />
      {error ? <Failed error={error} retry={() => void refetch()} /> : data ? <Ways data={data} /> : <Skeleton rows={8} />}
    </div>
  )
}

function Ways({ data }: { data: OwnWays }) {
  const client = useQueryClient()
  const { message } = App.useApp()
  const { own } = data
  async function keep(next: OwnMessaging) {
    client.setQueryData<OwnWays>(key, { ...data, own: next })
    try {
      await api.put('/api/messages/ways', next)
    } catch (fault) {
      client.setQueryData<OwnWays>(key, data)
      void message.error(messageOf(fault))
    }
  }
  const choose = (kind: MessageKind, channel: MessageChannel, wish: boolean) => keep({ ...own, uses: { ...own.uses, [kind]: { ...own.uses[kind], [channel]: wish } } })
  return (
    <>
      <section className="x-card m-ways" aria-label="发到哪里">
        <h2>发到哪里</h2>
        <ul>
          {data.ways.map(({ channel, address, obstacle }) => (
            <li key={channel}>
              <b>{messageChannels[channel]}</b> {address ? <span>{address}</span> : <span className="x-faint">{obstacle}</span>}
            </li>
          ))}
        </ul>
        <BrowserNotices />
        <BrowserPush onChange={() => void client.invalidateQueries({ queryKey: key })} />
      </section>
      <section className="x-card m-uses" aria-label="外发哪些消息">
        <h2>外发哪些消息</h2>
        <p className="x-faint">页面内的消息总是送达并长期保存，在页面中读过的不再外发。</p>
        <table>
          <thead>
            <tr>
              <th scope="col">消息类别</th>
              {data.ways.map(({ channel }) => (
                <th key={channel} scope="col">
                  {messageChannels[channel]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {messageKindNames.map((kind) => (
              <tr key={kind}>
                <th scope="row">{messageKinds[kind]}</th>
                {data.ways.map(({ channel }) => {
                  const use = data.uses[kind][channel]
                  const isFixed = use === 'never' || use === 'always'
                  return (
                    <td key={channel} data-label={messageChannels[channel]}>
                      {isFixed ? (
                        <span className="x-faint">{use === 'always' ? channelUses.always : '—'}</span>
                      ) : (
                        <Checkbox
                          aria-label={`${messageKinds[kind]} · ${messageChannels[channel]}`}
                          checked={own.uses[kind]?.[channel] ?? use === 'on'}
                          onChange={(event) => void choose(kind, channel, event.target.checked)}
                        />
                      )}
                    </td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <Quiet own={own} onKeep={(next) => void keep(next)} />
    </>
  )
} // prettier-ignore

const night = { from: 22 * 60, to: 7 * 60 }
function Quiet({ own, onKeep }: { own: OwnMessaging; onKeep: (next: OwnMessaging) => void }) {
  const { quiet } = own
  const [isEmpty, setEmpty] = useState(false)
  const put = (change: Partial<typeof night>) => {
    const next = { ...(quiet ?? night), ...change }
    setEmpty(next.from === next.to)
    if (next.from !== next.to) onKeep({ ...own, quiet: next })
  }
  const time = (label: string, which: 'from' | 'to') => (
    <Input type="time" aria-label={label} value={formatTime(quiet![which])} onChange={(event) => put({ [which]: parseTime(event.target.value) ?? quiet![which] })} />
  )
  return (
    <section className="x-card m-quiet" aria-label="免打扰">
      <h2>免打扰</h2>
      <label>
        <Switch checked={quiet !== null} onChange={(on) => onKeep({ ...own, quiet: on ? night : null })} /> 这段时间不外发，过后再发；紧急的除外
      </label>
      {quiet && (
        <div>
          {time('开始', 'from')} <span>至{quiet.to < quiet.from ? '次日' : ''}</span> {time('结束', 'to')}
        </div>
      )}
      {isEmpty && <p className="x-problem" role="alert">起止时间不能相同，没有保存</p>}
      <small className="x-faint">医院统一的免打扰时段之外另加</small>
    </section>
  )
} // prettier-ignore
