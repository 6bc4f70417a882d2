import { MoreOutlined } from '@ant-design/icons'
import type { ApprovalAnswer } from '#model'
import { Button, Dropdown } from 'antd'
import { Children, useState, type ReactNode } from 'react'
import { useNavigate } from 'react-router'
import { useResource } from '../definitions/use-catalog.tsx'
import { useIsPhone } from '../shell/use-is-phone.ts'
import { ActDialog } from './act-dialog.tsx'
import { dialogsOf, type DialogKey, type DialogSpec } from './dialogs.ts'
import type { Send } from './use-act.ts'

const inSight: readonly DialogKey[] = ['return', 'reject', 'transfer', 'reply', 'seal']
/** Everything this person may do: what he does most as buttons, the rest behind one. */
export function ActBar({ approval, onSend, children }: { approval: ApprovalAnswer; onSend: Send; children: ReactNode }) {
  const [open, setOpen] = useState<DialogKey | null>(null)
  const isPhone = useIsPhone()
  const { acts, task } = approval.my
  const navigate = useNavigate()
  const form = useResource(approval.resource)?.form
  const dialogs = dialogsOf(approval)
  const all = Object.entries(dialogs) as [DialogKey, DialogSpec][]
  // A phone's bar has room for two words beside the deciding one.
  const shown = all.filter(([key]) => inSight.includes(key)).slice(0, isPhone ? 2 : 4)
  const rest = all.filter(([key]) => !shown.some(([one]) => one === key))
  const spec = open ? dialogs[open] : undefined
  if (all.length === 0 && !acts.claim && !acts.markRead && !(acts.copy && !form) && Children.toArray(children).length === 0) return null
  return (
    <footer className="x-acts">
      {rest.length > 0 && (
        <Dropdown
          trigger={['click']}
          placement="topLeft"
          menu={{
            items: rest.map(([key, { label, isDanger }]) => ({ key, label, danger: isDanger ?? false, onClick: () => setOpen(key) })),
          }}
        >
          <Button icon={<MoreOutlined />} aria-label="更多操作">
            {isPhone ? null : '更多'}
          </Button>
        </Dropdown>
      )}
      {shown.map(([key, { label, isDanger }]) => (
        <Button
          key={key}
          danger={isDanger ?? false}
          type={(key === 'seal' || key === 'reply') && !hasMain(task) ? 'primary' : 'default'}
          onClick={() => setOpen(key)}
        >
          {label}
        </Button>
      ))}
      {acts.claim && (
        <Button type="primary" onClick={() => void onSend({ kind: 'claim', entry: acts.claim!.entry }, '已认领')}>
          认领
        </Button>
      )}
      {acts.copy && !form && (
        <Button onClick={() => void navigate(`/r/${approval.resource}/new?copy=${approval.record.id}`)}>再次提交</Button>
      )}
      {acts.markRead && <Button onClick={() => void onSend({ kind: 'markRead' }, '已阅')}>已阅</Button>}
      {children}
      {open && spec && <ActDialog key={open} id={open} spec={spec} approval={approval} onSend={onSend} onClose={() => setOpen(null)} />}
    </footer>
  )
}
const hasMain = (task: ApprovalAnswer['my']['task']): boolean => task !== null && task.kind !== 'seal'
