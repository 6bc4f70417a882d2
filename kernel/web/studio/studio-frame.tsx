import { SendOutlined } from '@ant-design/icons'
import type { DesignProblem } from '#model'
import { App, Button, Popover } from 'antd'
import { useState, type ReactNode } from 'react'
import { useNavigate } from 'react-router'
import { api } from '../api/client.ts'
import { messageOf } from '../api/problem.ts'
import { ConflictDialog } from '../parts/conflict-dialog.tsx'
import { SavingWord, UndoRedo } from '../parts/drawing-head.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { useUndoKeys } from '../parts/use-undo-keys.ts'
import { usePage } from '../shell/page-context.tsx'
import { useIsPhone } from '../shell/use-is-phone.ts'
import { PublishDialog } from './publish-dialog.tsx'
import { designUrl, type Studio } from './use-studio.ts'
import '../flows/design/panel/panel.css'
import './studio.css'

interface Props<T> {
  studio: Studio<T>
  title: string
  className: string
  /** Where the pieces of its kind are listed: there leads what is thrown away before it was ever published. */
  list: string
  onFault: (place: string) => void
  children: ReactNode
}
/** Around everything that is drawn: how it stands with its draft, undoing, faults, publishing, throwing away, and whose draft stays. */
export function StudioFrame<T>({ studio, title, className, list, onFault, children }: Props<T>) {
  const { opened, problems, saving, mayUndo } = studio
  const isPhone = useIsPhone()
  const { message } = App.useApp()
  const [isPublishing, setPublishing] = useState(false)
  // What stands in a dialog is what was looked at: nothing changes behind it.
  useUndoKeys(studio, !isPublishing && saving.state !== 'conflict')
  return (
    <div className={`x-page ${className}`}>
      <PageHead
        title={title}
        tab={`设计 ${title}`}
        hint={!isPhone && <SavingWord saving={saving} isUntouched={!opened.isDraft && saving.state === 'saved' && !mayUndo} onRetry={() => void studio.flush()} />}
        acts={
          <>
            {!isPhone && <UndoRedo {...studio} />}
            <Faults problems={problems} onShow={onFault} />
            <Button type="primary" icon={isPhone ? null : <SendOutlined />} onClick={() => setPublishing(true)}>发布</Button>
            <Discard studio={studio} list={list} />
          </>
        }
      />
      {children}
      {isPublishing && (
        <PublishDialog
          items={[{ kind: opened.kind, name: opened.name }]}
          flush={studio.flush}
          onClose={() => setPublishing(false)}
          onFault={(_, place) => (setPublishing(false), onFault(place))}
          onDone={() => void api.get(designUrl(opened.kind, opened.name)).then((answer) => studio.reload(answer as never), (error: unknown) => void message.error(messageOf(error)))}
        />
      )}
      {saving.state === 'conflict' && <ConflictDialog what="这个定义" why={saving.why} onTheirs={studio.takeTheirs} onMine={studio.keepMine} />}
    </div>
  )
} // prettier-ignore

function Faults({ problems, onShow }: { problems: readonly DesignProblem[]; onShow: (place: string) => void }) {
  if (problems.length === 0) return null
  return (
    <Popover trigger="click" placement="bottomRight" content={<div className="x-fault-list">{problems.map((one, at) => <button key={at} type="button" onClick={() => onShow(one.field)}>{one.message}</button>)}</div>}>
      <Button danger>{problems.length} 处问题</Button>
    </Popover>
  )
} // prettier-ignore
function Discard<T>({ studio, list }: { studio: Studio<T>; list: string }) {
  const { opened, reload } = studio
  const { modal, message } = App.useApp()
  const navigate = useNavigate()
  const page = usePage()
  const isNew = opened.version === null
  const isDrawn = opened.isDraft || studio.mayUndo
  async function discard() {
    try {
      const revision = (await studio.flush()) ?? studio.revision
      await api.delete(designUrl(opened.kind, opened.name, '/draft'), { revision })
      void message.success('草稿已放弃')
      if (!isNew || opened.kind === 'overlay') return reload(await api.get(designUrl(opened.kind, opened.name)))
      page.discard()
      await navigate(list, { replace: true })
    } catch (error) {
      void message.error(messageOf(error))
    }
  }
  const ask = () => modal.confirm({ title: '放弃这份草稿？', content: isNew ? '它还没有发布过，放弃后就没有了。' : '回到生效的定义，之后的改动都不保留。', okText: '放弃草稿', okButtonProps: { danger: true }, onOk: discard })
  return <Button disabled={!isDrawn} onClick={() => void ask()}>放弃草稿</Button>
} // prettier-ignore
