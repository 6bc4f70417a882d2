import { App } from 'antd'
import { messageOf } from '../api/problem.ts'
import { ConflictDialog } from '../parts/conflict-dialog.tsx'
import { PublishDialog } from './publish-dialog.tsx'
import type { Studio } from './use-studio.ts'

interface Props<T> {
  studio: Studio<T>
  /** 这个页面 */
  what: string
  isPublishing: boolean
  onClose: () => void
  onFault: (place: string) => void
}
/** What stands before a definition that is drawn: publishing it, and the choice between two drafts of it. */
export function StudioDialogs<T>({ studio, what, isPublishing, onClose, onFault }: Props<T>) {
  const { message } = App.useApp()
  const { opened, saving, flush, takeTheirs, keepMine } = studio
  return (
    <>
      {isPublishing && (
        <PublishDialog
          items={[{ kind: opened.kind, name: opened.name }]}
          flush={flush}
          onClose={onClose}
          onFault={(_, place) => (onClose(), onFault(place))}
          onDone={() => void takeTheirs().catch((error: unknown) => void message.error(messageOf(error)))}
        />
      )}
      {saving.state === 'conflict' && <ConflictDialog what={what} why={saving.why} onTheirs={takeTheirs} onMine={keepMine} />}
    </>
  )
}
