import { MobileOutlined, PlusOutlined, SendOutlined } from '@ant-design/icons'
import type { DesignProblem, FieldKind } from '#model'
import { App, Button, Drawer, Segmented } from 'antd'
import { useMemo, useState, type ReactNode } from 'react'
import { api } from '../api/client.ts'
import { messageOf } from '../api/problem.ts'
import { ConflictDialog } from '../parts/conflict-dialog.tsx'
import { SavingWord, UndoRedo } from '../parts/drawing-head.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { TabsLine } from '../parts/tabs-line.tsx'
import { useUndoKeys } from '../parts/use-undo-keys.ts'
import { useIsPhone } from '../shell/use-is-phone.ts'
import {
  added,
  addedDerived,
  copied,
  groupAdded,
  groupChanged,
  groupMoved,
  groupRemoved,
  laid,
  moved,
  placeOf,
  relaid,
  removed,
  type Board,
} from './board.ts'
import { Canvas, type CanvasActs } from './canvas.tsx'
import type { Dragged } from './drag.ts'
import { Discard, Faults } from './head-acts.tsx'
import { Palette } from './palette.tsx'
import { PublishDialog } from './publish-dialog.tsx'
import { designUrl, type Studio } from './use-studio.ts'
import { VersionsTab } from './versions-tab.tsx'
import '../flows/design/panel/panel.css'
import '../flows/design/design.css'
import './studio.css'

interface Props<T> {
  studio: Studio<T>
  title: string
  board: Board
  setBoard: (change: (board: Board) => Board, about?: string) => void
  /** The panel of the chosen field. */
  panel: (key: string, acts: { copy: () => void; remove: () => void }) => ReactNode
  /** Beside the form: key, label and content of each further tab. */
  tabs: readonly { key: string; label: string; content: ReactNode }[]
}
/** Everything around a board: palette, canvas, panel, saving, undoing, publishing. The same for own types and for those of the product. */
export function Workbench<T>({ studio, title, board, setBoard, panel, tabs }: Props<T>) {
  const { opened, problems, saving, mayUndo } = studio
  const isPhone = useIsPhone()
  const { message } = App.useApp()
  const [tab, setTab] = useState('form')
  const [selected, select] = useState<string | null>(null)
  const [size, setSize] = useState<'desk' | 'phone'>('desk')
  const [isPublishing, setPublishing] = useState(false)
  const [isAdding, setAdding] = useState(false)
  const faulty = useMemo(() => faultsByKey(board, problems), [board, problems])
  const acts = useActs(setBoard, select)
  // What stands in a dialog is what was looked at: nothing changes behind it.
  useUndoKeys(studio, !isPublishing && saving.state !== 'conflict')
  const field = selected === null ? undefined : board.fields.find(({ key }) => key === selected)
  const toFault = (place: string) => {
    const key = keyOfPlace(board, place)
    if (key) select(key)
    setTab(key ? 'form' : place.startsWith('list') ? 'list' : place.startsWith('role') || place.startsWith('grants') ? 'grants' : 'settings')
  }
  const add = (kind: FieldKind) => acts.drop({ is: 'kind', kind }, endOf(board, selected))
  // On a phone the palette lies over the board, and goes once something was chosen.
  const then = <T,>(work: (given: T) => void) => (given: T) => (setAdding(false), work(given))
  const palette = (
    <Palette
      onPick={then(add)}
      onDerived={then((what) => acts.derive(what, endOf(board, selected)))}
      onLayout={then((what) => (what === 'group' ? setBoard(groupAdded) : acts.drop({ is: what }, endOf(board, selected))))}
    />
  )
  const all = [{ key: 'form', label: '表单' }, ...tabs.map(({ key, label }) => ({ key, label })), { key: 'versions', label: '版本' }]
  return (
    <div className={`x-page x-studio ${tab}`}>
      <PageHead
        title={title}
        tab={`设计 ${title}`}
        hint={!isPhone && <SavingWord saving={saving} isUntouched={!opened.isDraft && saving.state === 'saved' && !mayUndo} onRetry={() => void studio.flush()} />}
        acts={
          <>
            {!isPhone && <UndoRedo {...studio} />}
            <Faults problems={problems} onShow={toFault} />
            <Button type="primary" icon={isPhone ? null : <SendOutlined />} onClick={() => setPublishing(true)}>发布</Button>
            <Discard studio={studio} />
          </>
        }
      />
      <TabsLine tabs={all} shown={tab} onShow={setTab} />
      {tab === 'form' && (
        <div className="x-studio-desk">
          {!isPhone && palette}
          <div className="x-studio-middle">
            {isPhone ? <Button block icon={<PlusOutlined />} onClick={() => setAdding(true)}>添加字段</Button> : <Segmented size="small" value={size} options={[{ value: 'desk', label: '电脑' }, { value: 'phone', label: <><MobileOutlined /> 手机</> }]} onChange={setSize} />}
            <Canvas board={board} selected={selected} faulty={faulty} isPhone={size === 'phone' || isPhone} acts={acts} />
          </div>
          <aside className="x-card x-studio-panel" aria-label="字段设置">
            {field ? panel(field.key, { copy: () => acts.copy(field.key), remove: () => acts.remove(field.key) }) : <p className="x-muted">点一个字段，在这里设置它。字段可以拖动排列；Alt 加上下键也能移动。</p>}
          </aside>
        </div>
      )}
      {tabs.map(({ key, content }) => key === tab && <div key={key}>{content}</div>)}
      {tab === 'versions' && <VersionsTab kind={opened.kind} name={opened.name} onBack={async () => studio.reload(await api.get(designUrl(opened.kind, opened.name)))} />}
      {isPhone && <Drawer open={isAdding} placement="bottom" size="75%" title="添加字段" onClose={() => setAdding(false)}>{palette}</Drawer>}
      {isPublishing && (
        <PublishDialog
          items={[{ kind: opened.kind, name: opened.name }]}
          flush={studio.flush}
          onClose={() => setPublishing(false)}
          onFault={(_, place) => (setPublishing(false), toFault(place))}
          onDone={() => void api.get(designUrl(opened.kind, opened.name)).then((answer) => studio.reload(answer as never), (error: unknown) => void message.error(messageOf(error)))}
        />
      )}
      {saving.state === 'conflict' && <ConflictDialog what="这个定义" why={saving.why} onTheirs={studio.takeTheirs} onMine={studio.keepMine} />}
    </div>
  )
} // prettier-ignore

/** Behind what is chosen, else at the end. */
function endOf(board: Board, selected: string | null) {
  if (selected !== null && board.fields.some(({ key }) => key === selected)) {
    const { group, at } = placeOf(board, selected)
    return { group, at: at + 1 }
  }
  const group = board.groups.length - 1
  return { group, at: board.groups[group]!.fields.length }
}
function useActs(setBoard: Props<unknown>['setBoard'], select: (key: string | null) => void): CanvasActs {
  return useMemo((): CanvasActs => {
    const then = (change: (board: Board) => { board: Board; key: string }) =>
      setBoard((board) => {
        const { board: next, key } = change(board)
        queueMicrotask(() => select(key))
        return next
      })
    const dropped = (dragged: Dragged, to: Parameters<CanvasActs['drop']>[1]) => {
      if (dragged.is === 'kind') return then((board) => added(board, dragged.kind, to))
      setBoard((board) =>
        dragged.is === 'part' ? moved(board, dragged.from, to) : laid(board, dragged.is === 'note' ? { note: '' } : { divider: '' }, to),
      )
    }
    return {
      select,
      drop: dropped,
      derive: (what, to) => then((board) => addedDerived(board, what, to)),
      copy: (key) => then((board) => copied(board, key)),
      remove: (key) => (select(null), setBoard((board) => removed(board, key))),
      shift: (key, by) =>
        setBoard((board) => {
          const from = placeOf(board, key)
          return moved(board, from, { group: from.group, at: by === 1 ? from.at + 2 : Math.max(0, from.at - 1) })
        }),
      setGroup: (at, part) => setBoard((board) => groupChanged(board, at, part), `group ${at}`),
      removeGroup: (at) => setBoard((board) => groupRemoved(board, at)),
      moveGroup: (at, by) => setBoard((board) => groupMoved(board, at, by)),
      setElement: (place, element) =>
        setBoard((board) => relaid(board, place, element), element ? `element ${place.group} ${place.at}` : undefined),
    }
  }, [setBoard, select])
}

/** `fields.3.options.scale` and `xabc123.among` name a field; the server counts fields as they were sent. */
function keyOfPlace(board: Board, place: string): string | undefined {
  const [head = '', at = ''] = place.split('.')
  if (head === 'fields') return board.fields.filter(({ isBase }) => !isBase)[Number(at)]?.key
  return board.fields.some(({ key }) => key === head) ? head : undefined
}
const faultsByKey = (board: Board, problems: readonly DesignProblem[]): ReadonlyMap<string, string> =>
  new Map(problems.flatMap(({ field, message }) => {
    const key = keyOfPlace(board, field)
    return key ? [[key, message] as const] : []
  })) // prettier-ignore
/** What is wrong with a field, by what follows its place. */
export function problemsOfField(board: Board, problems: readonly DesignProblem[], key: string): (path: string) => string | undefined {
  const own = board.fields.filter(({ isBase }) => !isBase).findIndex((one) => one.key === key)
  return (path) =>
    problems.find(
      ({ field }) =>
        field === `fields.${own}.${path}` || field === `${key}.${path}` || (path === '' && (field === `fields.${own}` || field === key)),
    )?.message
}
