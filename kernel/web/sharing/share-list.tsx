import { formatInstant, type ShareItem, type ShareLogEntry } from '#model'
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useState } from 'react'
import { api } from '../api/client.ts'
import { messageOf } from '../api/problem.ts'
import { More } from '../parts/more.tsx'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { Tag } from '../parts/tag.tsx'
import './sharing.css'

const states = { open: ['有效', 'good'], expired: ['已过期', 'neutral'], used: ['次数已用完', 'neutral'], withdrawn: ['已收回', 'neutral'] } as const // prettier-ignore
const page = 100

/** Links with their state, their log and the way to take them back: one's own, or all. */
export function ShareList({ which }: { which: 'mine' | 'all' }) {
  const client = useQueryClient()
  const { message, modal } = App.useApp()
  const [opened, setOpened] = useState<string | null>(null)
  const paged = useInfiniteQuery({
    queryKey: ['shares', which],
    queryFn: async ({ pageParam, signal }) =>
      (await api.get<{ shares: ShareItem[] }>('/api/shares', { all: which === 'all' ? 1 : undefined, before: pageParam }, signal)).shares,
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (shares) => (shares.length === page ? shares.at(-1)!.id : undefined),
  })
  const { data, error, refetch } = paged
  if (error) return <Failed error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton rows={5} />
  const shares = data.pages.flat()
  if (shares.length === 0)
    return (
      <Notice kind="empty" title="还没有分享" text="在列表中选中记录，或打开一条记录，从“分享”生成链接和二维码。" />
    ) // prettier-ignore
  const withdraw = ({ id, title }: ShareItem) =>
    modal.confirm({
      title: `收回“${title}”的分享？`,
      content: '链接和二维码立即打不开，不能恢复。',
      okText: '收回',
      okButtonProps: { danger: true },
      onOk: () =>
        api.post(`/api/shares/${id}/withdraw`).then(
          () => void client.invalidateQueries({ queryKey: ['shares'] }),
          (fault: unknown) => void message.error(messageOf(fault)),
        ),
    })
  return (
    <>
      <ul className="x-shares">
        {shares.map((share) => (
          <li key={share.id}>
            <div>
              <span className="x-share-title">
                <b>{share.title}</b>
                <Tag tone={states[share.state][1]}>{states[share.state][0]}</Tag>
                {share.audience === 'public' && <Tag tone="warn">对外公开</Tag>}
                {share.hasPassword && <Tag>有密码</Tag>}
              </span>
              <small>
                {which === 'all' && `${share.ownerName} · `}
                {share.resourceLabel} · {formatInstant(share.at)} 建立，至 {formatInstant(share.expiresAt)} ·{' '}
                {share.kind === 'form' && share.audience === 'public' ? '已填写' : '已打开'} {share.uses}
                {share.maxUses !== null && ` / ${share.maxUses}`} 次
              </small>
            </div>
            <div className="x-share-acts">
              <Button size="small" aria-expanded={opened === share.id} onClick={() => setOpened(opened === share.id ? null : share.id)}>
                打开记录
              </Button>
              {share.state === 'open' && (
                <Button size="small" danger onClick={() => withdraw(share)}>
                  收回
                </Button>
              )}
            </div>
            {opened === share.id && <ShareLog id={share.id} />}
          </li>
        ))}
      </ul>
      <More of={paged}>显示更早的</More>
    </>
  )
}

const acts: Readonly<Record<string, string>> = {
  'share.make': '建立',
  'share.open': '打开',
  'share.entry': '填写',
  'share.withdraw': '收回',
}
function ShareLog({ id }: { id: string }) {
  const { data, error, refetch } = useQuery({
    queryKey: ['shares', 'log', id],
    queryFn: async ({ signal }) => (await api.get<{ entries: ShareLogEntry[] }>(`/api/shares/${id}/log`, {}, signal)).entries,
  })
  if (error) return <Failed error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton rows={2} />
  return (
    <ol className="x-share-log">
      {data.map((entry, at) => (
        <li key={at}>
          <time dateTime={entry.at}>{formatInstant(entry.at)}</time>
          <span>
            {acts[entry.act] ?? entry.act}
            {entry.outcome === 'refused' && '（密码不对）'}
          </span>
          <span className="x-faint">
            {entry.name} {entry.address && ` · ${entry.address}`}
          </span>
        </li>
      ))}
    </ol>
  )
}
