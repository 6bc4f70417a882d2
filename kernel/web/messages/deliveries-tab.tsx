import { deliveryStates, formatInstant, messageChannels, messageKinds, type DeliveryItem, type DeliveryState } from '#model'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Select } from 'antd'
import { api } from '../api/client.ts'
import { messageOf } from '../api/problem.ts'
import { PersonPicker } from '../fields/record-picker.tsx'
import { More } from '../parts/more.tsx'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { Tag, type Tone } from '../parts/tag.tsx'
import { useAddress } from '../parts/use-address.ts'

const key = ['deliveries']
const pageSize = 50
const tones: Readonly<Record<DeliveryState, Tone>> = { waiting: 'warn', sent: 'good', failed: 'bad', dropped: 'neutral' }
const choices = (labels: Readonly<Record<string, string>>) => Object.entries(labels).map(([value, label]) => ({ value, label }))

/** 外发记录: what left the page and what became of it. */
export function DeliveriesTab() {
  const [get, put] = useAddress()
  const asked = { state: get('state'), channel: get('channel'), person: get('person') }
  const paged = useInfiniteQuery({
    queryKey: [...key, asked],
    queryFn: ({ pageParam, signal }) => api.get<DeliveryItem[]>('/api/deliveries', { ...asked, before: pageParam }, signal),
    initialPageParam: '',
    getNextPageParam: (last) => (last.length < pageSize ? null : last.at(-1)!.id),
  })
  const { data, error, refetch } = paged
  const rows = data?.pages.flat()
  const isAsked = Object.values(asked).some(Boolean)
  return (
    <>
      <div className="x-list-bar m-ask">
        <Select allowClear aria-label="状态" placeholder="全部状态" value={asked.state || null} options={choices(deliveryStates)} onChange={(state?: string) => put({ state: state ?? '' })} />
        <Select allowClear aria-label="方式" placeholder="全部方式" value={asked.channel || null} options={choices(messageChannels)} onChange={(channel?: string) => put({ channel: channel ?? '' })} />
        <PersonPicker value={asked.person || null} onChange={(person) => put({ person })} placeholder="全部人员" />
      </div>
      <div className="x-card">
        {error ? (
          <Failed error={error} retry={() => void refetch()} />
        ) : !rows ? (
          <Skeleton rows={8} />
        ) : rows.length === 0 ? (
          <Notice kind="empty" title={isAsked ? '没有符合条件的外发记录' : '还没有外发过消息'} text={isAsked ? undefined : '接入企业微信、短信或邮件后，外发的消息会记在这里。'} />
        ) : (
          <ul className="m-deliveries">
            {rows.map((row) => (
              <Row key={row.id} row={row} />
            ))}
          </ul>
        )}
      </div>
      <More of={paged}>显示更早的</More>
    </>
  )
} // prettier-ignore

function Row({ row }: { row: DeliveryItem }) {
  const client = useQueryClient()
  const { message } = App.useApp()
  async function again() {
    try {
      await api.post(`/api/deliveries/${row.id}/again`, {})
      void message.success('已重新排队，稍后发出')
    } catch (error) {
      void message.error(messageOf(error))
    }
    void client.invalidateQueries({ queryKey: key })
  }
  const when = row.state === 'waiting' ? `${formatInstant(row.nextAt)} ${row.tries ? `再试（已试 ${row.tries} 次）` : '发出'}` : ''
  return (
    <li>
      <time dateTime={row.at}>{formatInstant(row.at)}</time>
      <span>
        <b>{row.personName}</b> {messageKinds[row.kind]} · {messageChannels[row.channel]}
        <small>{[row.problem, when].filter(Boolean).join(' · ')}</small>
      </span>
      <Tag tone={tones[row.state]}>{deliveryStates[row.state]}</Tag>
      {row.state === 'failed' && (
        <Button size="small" onClick={() => void again()}>
          重发
        </Button>
      )}
    </li>
  )
}
