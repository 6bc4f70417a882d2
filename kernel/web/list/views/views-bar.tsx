import { DownOutlined, LockOutlined, TeamOutlined } from '@ant-design/icons'
import type { ClientResource, SavedView, ViewDraft, ViewState } from '#model'
import { App, Button, Dropdown } from 'antd'
import { useState, type ReactNode } from 'react'
import { messageOf } from '../../api/problem.ts'
import type { ListAddress } from '../list-address.ts'
import type { Columns } from '../use-columns.ts'
import { useKeepViews } from './use-views.ts'
import { ViewDialog } from './view-dialog.tsx'
import './views.css'

interface Props {
  resource: ClientResource
  address: ListAddress
  /** The columns in sight: what is kept when the view names none. */
  columns: Columns
  children: ReactNode
}
/** The ways of looking at a list: the declared ones, the shared ones, one's own. */
export function ViewsBar({ resource, address, columns, children }: Props) {
  const { state, set, show, views, saved, isChanged } = address
  const [asked, setAsked] = useState<{ view: SavedView | null } | null>(null)
  const kept = useKeepViews(resource.name)
  const { message } = App.useApp()
  const { filter, sort, group, totals, look, formats, chart } = state
  const current: ViewState = {
    filter,
    sort,
    group,
    totals,
    look,
    formats,
    chart,
    columns: [...(state.columns.length ? state.columns : columns.columns.map(({ path }) => path))],
    pinned: columns.pinned,
  }
  const usual = resource.list.views?.find(({ name }) => name === state.view)?.columns ?? []
  const isUsual =
    !filter && !look && state.columns.join() === usual.join() && [group, totals, formats, chart].every((list) => list.length === 0)
  const save = async (view: SavedView) => {
    const { name, isShared, isLocked } = view
    try {
      await kept.change(view, { name, isShared, isLocked, state: current })
      show(view.id)
      message.success(`视图“${name}”已保存`)
    } catch (error) {
      message.error(messageOf(error))
    }
  }
  const declared = [{ name: '', label: '全部' }, ...(resource.list.views ?? [])]
  return (
    <div className="x-views">
      <div role="tablist" aria-label="视图">
        {declared.map(({ name, label }) => (
          <button key={name} type="button" role="tab" aria-selected={state.view === name} onClick={() => show(name)}>
            {label}
          </button>
        ))}
        {views.map((view) => (
          <SavedTab
            key={view.id}
            view={view}
            isCurrent={saved?.id === view.id}
            onShow={() => show(view.id)}
            onEdit={() => setAsked({ view })}
            onDrop={() => {
              if (saved?.id === view.id) set({ view: '' })
              return kept.drop(view)
            }}
          />
        ))}
      </div>
      {saved && isChanged && saved.mayChange && (
        <Button size="small" type="link" onClick={() => void save(saved)}>
          保存到“{saved.name}”
        </Button>
      )}
      {(saved ? isChanged : !isUsual) && (
        <Button size="small" type="link" onClick={() => setAsked({ view: null })}>
          另存为视图
        </Button>
      )}
      {saved && isChanged && (
        <Button size="small" type="link" onClick={() => show(saved.id)}>
          还原视图
        </Button>
      )}
      <span className="x-space" />
      {children}
      {asked && (
        <ViewDialog
          view={asked.view}
          onClose={() => setAsked(null)}
          onKeep={async (draft: Omit<ViewDraft, 'state'>) => {
            const view = asked.view ? await kept.change(asked.view, draft) : await kept.keep({ ...draft, state: current })
            if (!asked.view) show(view.id)
            setAsked(null)
          }}
        />
      )}
    </div>
  )
}

interface TabProps {
  view: SavedView
  isCurrent: boolean
  onShow: () => void
  onEdit: () => void
  onDrop: () => Promise<void>
}
function SavedTab({ view, isCurrent, onShow, onEdit, onDrop }: TabProps) {
  const { modal, message } = App.useApp()
  const drop = () =>
    modal.confirm({
      title: `删除视图“${view.name}”？`,
      content: view.isShared ? '它是共享的，别人也不能再用。记录不受影响。' : '记录不受影响。',
      okText: '删除视图',
      okButtonProps: { danger: true },
      onOk: () => onDrop().catch((error: unknown) => void message.error(messageOf(error))),
    })
  const items = [
    { key: 'edit', label: '改名、共享、锁定', onClick: onEdit },
    { key: 'drop', label: '删除视图', danger: true, onClick: drop },
  ]
  const who = view.isShared ? `${view.ownerName}共享${view.isLocked ? '，已锁定' : ''}` : '只有自己可见'
  return (
    <span className="x-saved-tab">
      <button type="button" role="tab" aria-selected={isCurrent} title={view.problem ?? who} onClick={onShow}>
        {view.isShared && (view.isLocked ? <LockOutlined aria-label="共享并锁定" /> : <TeamOutlined aria-label="共享" />)} {view.name}
      </button>
      {isCurrent && view.mayChange && (
        <Dropdown menu={{ items }} trigger={['click']}>
          <button type="button" className="x-icon-button" aria-label={`视图“${view.name}”的操作`}>
            <DownOutlined />
          </button>
        </Dropdown>
      )}
    </span>
  )
}
