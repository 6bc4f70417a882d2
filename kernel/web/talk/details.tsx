import { formatInstant, mostStaff, type TalkAnswer, type TalkFiles, type TalkHits } from '#model'
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Drawer, Dropdown, Input, Switch } from 'antd'
import { useState } from 'react'
import { api } from '../api/client.ts'
import { useMe } from '../api/hooks.ts'
import { messageOf } from '../api/problem.ts'
import { PersonsPicker } from '../fields/record-picker.tsx'
import { Avatar } from '../parts/avatar.tsx'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { TabsLine } from '../parts/tabs-line.tsx'
import { talkKeys } from './hooks.ts'
import { Files } from './message.tsx'

interface Props {
  talk: TalkAnswer
  onEnd: () => void
  /** He belongs to it no more. */
  onLeft: () => void
  onGo: (n: number) => void
}
const tabs = [
  { key: 'members', label: '成员' },
  { key: 'files', label: '图片和文件' },
  { key: 'search', label: '查找' },
] as const
/** Who belongs to a conversation, what was sent in it, and what was said in it once. */
export function Details({ talk, onEnd, onLeft, onGo }: Props) {
  const [tab, setTab] = useState<(typeof tabs)[number]['key']>('members')
  return (
    <Drawer open title={talk.title} size={420} onClose={onEnd} className="t-details">
      <TabsLine tabs={tabs} shown={tab} onShow={setTab} />
      {tab === 'members' ? (
        <Members talk={talk} onLeft={onLeft} />
      ) : tab === 'files' ? (
        <Sent talk={talk.id} onGo={onGo} />
      ) : (
        <Search talk={talk.id} onGo={onGo} />
      )}
    </Drawer>
  )
}

/** Runs an act upon the conversation and shows what has become of it. */
function useTalkAct(id: string) {
  const client = useQueryClient()
  const { message } = App.useApp()
  return async (act: () => Promise<unknown>): Promise<boolean> => {
    try {
      await act()
      void client.invalidateQueries({ queryKey: talkKeys.all })
      return true
    } catch (fault) {
      void message.error(messageOf(fault))
      void client.invalidateQueries({ queryKey: talkKeys.one(id) })
      return false
    }
  }
}
function Members({ talk, onLeft }: { talk: TalkAnswer; onLeft: () => void }) {
  const me = useMe().person?.id
  const { modal } = App.useApp()
  const act = useTalkAct(talk.id)
  const path = `/api/talks/${talk.id}`
  const [added, setAdded] = useState<string[]>([])
  const ask = (title: string, okText: string, run: () => Promise<unknown>, then?: () => void) =>
    void modal.confirm({ title, okText, okButtonProps: { danger: true }, onOk: async () => void ((await act(run)) && then?.()) })
  return (
    <div className="t-members">
      <label className="t-switch">
        消息免打扰
        <Switch checked={talk.muted} onChange={(muted) => void act(() => api.put(`${path}/muted`, { muted }))} />
      </label>
      <p className="x-faint x-small">免打扰后不计入未读，只有提到您时才提醒。</p>
      {talk.may.manage && (
        <>
          <Rename key={talk.title} name={talk.title} onRename={(name) => act(() => api.put(`${path}/name`, { name }))} />
          <label htmlFor="talk-add">添加成员（从现在起看得到消息）</label>
          <PersonsPicker id="talk-add" value={added} isInvalid={false} onChange={setAdded} />
          {added.length > 0 && (
            <Button onClick={() => void act(() => api.post(`${path}/members`, { add: added })).then((done) => done && setAdded([]))}>
              添加
            </Button>
          )}
        </>
      )}
      <h3>{talk.kind === 'record' ? '参与的人' : '成员'} {talk.count}</h3>
      {talk.unit && <p className="x-faint x-small">成员随本科室人员变动，不能增减；科室群最多 {mostStaff} 人。</p>}
      {talk.count > talk.members.length && <p className="x-faint x-small">人数较多，只列出 {talk.members.length} 位，也不显示已读；要提到其他人，输入 @ 和姓名查找。</p>}
      <ul>
        {talk.members.map(({ person, personName, unitName, isGone }) => (
          <li key={person}>
            <Avatar name={personName} />
            <span>
              {personName} {isGone && <small className="x-faint">已离职</small>}
              <small className="x-faint">{unitName}</small>
            </span>
            {person === talk.owner && <small className="t-mark">群主</small>}
            {talk.may.manage && person !== me && (
              <Dropdown
                trigger={['click']}
                menu={{
                  items: [
                    { key: 'owner', label: '转让群主', onClick: () => ask(`将群主转让给${personName}？`, '转让', () => api.put(`${path}/owner`, { person })) },
                    { key: 'remove', label: '移出', danger: true, onClick: () => ask(`将${personName}移出？移出后看不到群里的任何消息。`, '移出', () => api.post(`${path}/members`, { remove: [person] })) },
                  ],
                }}
              >
                <Button type="text" size="small" aria-label={`管理 ${personName}`}>
                  管理
                </Button>
              </Dropdown>
            )}
          </li>
        ))}
      </ul>
      {talk.may.leave && (
        <Button danger onClick={() => ask('退出这个群？退出后看不到群里的任何消息。', '退出', () => api.post(`${path}/leave`), onLeft)}>
          退出群
        </Button>
      )}
    </div>
  )
} // prettier-ignore
function Rename({ name, onRename }: { name: string; onRename: (name: string) => Promise<unknown> }) {
  const [text, setText] = useState(name)
  return (
    <>
      <label htmlFor="talk-rename">群名称</label>
      <Input.Search id="talk-rename" value={text} maxLength={40} enterButton="改名" onChange={(event) => setText(event.target.value)} onSearch={(next) => void onRename(next)} />
    </>
  )
} // prettier-ignore

function Sent({ talk, onGo }: { talk: string; onGo: (n: number) => void }) {
  const { data, error, refetch, hasNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: ['talks', 'files', talk],
    queryFn: ({ pageParam, signal }) => api.get<TalkFiles>(`/api/talks/${talk}/files`, { before: pageParam }, signal),
    initialPageParam: null as number | null,
    getNextPageParam: (last) => last.next,
  })
  if (error) return <Failed error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton rows={4} />
  const rows = data.pages.flatMap((page) => page.rows)
  if (rows.length === 0) return <Notice kind="empty" title="还没有图片和文件" />
  return (
    <>
      <ul className="t-sent">
        {rows.map(({ n, at, personName, file }) => (
          <li key={`${n} ${file.id}`}>
            <Files files={[file]} />
            <button type="button" className="x-link" onClick={() => onGo(n)}>
              {personName} {formatInstant(at).slice(5)}
            </button>
          </li>
        ))}
      </ul>
      {hasNextPage && <Button onClick={() => void fetchNextPage()}>更早的</Button>}
    </>
  )
}
function Search({ talk, onGo }: { talk: string; onGo: (n: number) => void }) {
  const [q, setQ] = useState('')
  const { data, error, isFetching } = useQuery({
    queryKey: ['talks', 'search', talk, q],
    queryFn: ({ signal }) => api.get<TalkHits>('/api/talks/search', { q, talk }, signal),
    enabled: q.length >= 2,
  })
  return (
    <div className="t-search">
      <Input.Search allowClear placeholder="至少两个字" aria-label="查找消息" loading={isFetching} onSearch={(text) => setQ(text.trim())} />
      {error && <p className="x-problem">{messageOf(error)}</p>}
      {data && data.rows.length === 0 && <Notice kind="empty" title={`没有找到“${q}”`} />}
      <ul>
        {(data?.rows ?? []).map((hit) => (
          <li key={hit.n}>
            <button type="button" onClick={() => onGo(hit.n)}>
              <b>{hit.personName}</b> <time dateTime={hit.at}>{formatInstant(hit.at).slice(5)}</time>
              <span>{hit.line}</span>
            </button>
          </li>
        ))}
      </ul>
      {data && <p className="x-faint x-small">{data.isWhole ? '已查全部消息' : `已查最近 ${data.searched} 条消息`}</p>}
    </div>
  )
}
