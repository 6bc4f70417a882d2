import { ExperimentOutlined, SendOutlined } from '@ant-design/icons'
import type { FieldProblem } from '#model'
import { App, Button } from 'antd'
import { useState, type ReactNode } from 'react'
import { messageOf } from '../api/problem.ts'
import { ConflictDialog } from '../parts/conflict-dialog.tsx'
import { SavingWord, UndoRedo } from '../parts/drawing-head.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { useUndoKeys } from '../parts/use-undo-keys.ts'
import { TrialDialog } from '../trials/trial-dialog.tsx'
import { useIsPhone } from '../shell/use-is-phone.ts'
import { Discard } from './discard.tsx'
import { Faults } from './faults.tsx'
import { PublishDialog } from './publish-dialog.tsx'
import type { Studio } from './use-studio.ts'
import '../flows/design/panel/panel.css'
import './studio.css'

interface Props<T> {
  studio: Studio<T>
  title: string
  /** 这个页面 */
  what?: string
  className: string
  /** Where the pieces of its kind are listed: there leads what is thrown away before it was ever published. */
  list: string
  /** What is wrong with it, where the page knows more than the server has said. */
  problems?: readonly FieldProblem[]
  /** What else stands in the head. */
  acts?: ReactNode
  onFault: (place: string) => void
  /** What else shows what was published. */
  onPublished?: () => void
  children: ReactNode
}
/** Around everything that is drawn: how it stands with its draft, undoing, faults, publishing, throwing away, and whose draft stays. */
export function StudioFrame<T>({ studio, title, what = '这个定义', className, list, problems = studio.problems, acts, onFault, onPublished, children }: Props<T>) {
  const { opened, saving, mayUndo, takeTheirs } = studio
  const isPhone = useIsPhone()
  const { message } = App.useApp()
  const [isPublishing, setPublishing] = useState(false)
  const [isTrying, setTrying] = useState(false)
  // What stands in a dialog is what was looked at: nothing changes behind it.
  useUndoKeys(studio, !isPublishing && !isTrying && saving.state !== 'conflict')
  return (
    <div className={`x-page ${className}`}>
      <PageHead
        title={title}
        tab={`设计 ${title}`}
        hint={!isPhone && <SavingWord saving={saving} isUntouched={!opened.isDraft && saving.state === 'saved' && !mayUndo} onRetry={() => void studio.flush()} />}
        acts={
          <>
            {acts}
            {!isPhone && <UndoRedo {...studio} />}
            <Faults problems={problems} onShow={onFault} />
            {!isPhone && <Button icon={<ExperimentOutlined />} onClick={() => setTrying(true)}>试用</Button>}
            <Button type="primary" icon={isPhone ? null : <SendOutlined />} onClick={() => setPublishing(true)}>发布</Button>
            <Discard studio={studio} from={list} />
          </>
        }
      />
      {children}
      {isTrying && <TrialDialog items={[{ kind: opened.kind, name: opened.name }]} flush={studio.flush} onClose={() => setTrying(false)} />}
      {isPublishing && (
        <PublishDialog
          items={[{ kind: opened.kind, name: opened.name }]}
          flush={studio.flush}
          onClose={() => setPublishing(false)}
          onFault={(_, place) => (setPublishing(false), onFault(place))}
          onDone={() => void takeTheirs().then(onPublished, (error: unknown) => void message.error(messageOf(error)))}
        />
      )}
      {saving.state === 'conflict' && <ConflictDialog what={what} why={saving.why} onTheirs={takeTheirs} onMine={studio.keepMine} />}
    </div>
  )
} // prettier-ignore
