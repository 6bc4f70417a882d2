import { MobileOutlined, PlusOutlined } from '@ant-design/icons'
import type { DesignProblem, FieldKind } from '#model'
import { Button, Drawer, Segmented } from 'antd'
import { useMemo, useState, type ReactNode } from 'react'
import { TabsLine } from '../parts/tabs-line.tsx'
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
import { Palette } from './palette.tsx'
import { StudioFrame } from './studio-frame.tsx'
import type { Studio } from './use-studio.ts'
import { VersionsTab } from './versions-tab.tsx'
import '../flows/design/design.css'
import './studio.css'

/** What the panel of a field may do with it, and whether it was put there just now. */
export interface FieldActs {
  onCopy: () => void
  onRemove: () => void
  isNew: boolean
}
interface Props<T> {
  studio: Studio<T>
  title: string
  board: Board
  setBoard: (change: (board: Board) => Board, about?: string) => void
  /** The panel of the chosen field. */
  panel: (key: string, acts: FieldActs) => ReactNode
  /** Beside the form: key, label and content of each further tab. */
  tabs: readonly { key: string; label: string; content: ReactNode }[]
  /** Where one goes on from here. */
  beside?: ReactNode
}
/** Everything around a board: palette, canvas, panel. The same for own types and for those of the product. */
export function Workbench<T>({ studio, title, board, setBoard, panel, tabs, beside }: Props<T>) {
  const { opened, problems } = studio
  const isPhone = useIsPhone()
  const [tab, setTab] = useState('form')
  const [selected, select] = useState<string | null>(null)
  const [newest, setNewest] = useState<string | null>(null)
  const [size, setSize] = useState<'desk' | 'phone'>('desk')
  const [isAdding, setAdding] = useState(false)
  const faulty = useMemo(() => faultsByKey(board, problems), [board, problems])
  const acts = useActs(setBoard, select, setNewest)
  const field = selected === null ? undefined : board.fields.find(({ key }) => key === selected)
  const toFault = (place: string) => {
    const key = keyOfPlace(board, place)
    if (key) select(key)
    setTab(key ? 'form' : place.startsWith('list') ? 'list' : place.startsWith('role') || place.startsWith('grants') ? 'grants' : place.startsWith('buttons') ? 'buttons' : 'settings')
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
    <StudioFrame studio={studio} title={title} className={`x-studio ${tab}`} list="/designs" onFault={toFault}>
      <TabsLine tabs={all} shown={tab} onShow={setTab} />
      {beside}
      {tab === 'form' && (
        <div className="x-studio-desk">
          {!isPhone && palette}
          <div className="x-studio-middle">
            {isPhone ? <Button block icon={<PlusOutlined />} onClick={() => setAdding(true)}>添加字段</Button> : <Segmented size="small" value={size} options={[{ value: 'desk', label: '电脑' }, { value: 'phone', label: <><MobileOutlined /> 手机</> }]} onChange={setSize} />}
            <Canvas board={board} selected={selected} faulty={faulty} isPhone={size === 'phone' || isPhone} acts={acts} />
          </div>
          <aside className="x-card x-studio-panel" aria-label="字段设置">
            {field ? panel(field.key, { onCopy: () => acts.copy(field.key), onRemove: () => acts.remove(field.key), isNew: newest === field.key && !isPhone }) : <p className="x-muted">点一个字段，在这里设置它。字段可以拖动排列；Alt 加上下键也能移动。</p>}
          </aside>
        </div>
      )}
      {tabs.map(({ key, content }) => key === tab && <div key={key}>{content}</div>)}
      {isPhone && <Drawer open={isAdding} placement="bottom" size="75%" title="添加字段" onClose={() => setAdding(false)}>{palette}</Drawer>}
      {tab === 'versions' && <VersionsTab kind={opened.kind} name={opened.name} onBack={studio.takeTheirs} />}
    </StudioFrame>
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
function useActs(setBoard: Props<unknown>['setBoard'], select: (key: string | null) => void, note: (key: string) => void): CanvasActs {
  return useMemo((): CanvasActs => {
    const then = (change: (board: Board) => { board: Board; key: string }) =>
      setBoard((board) => {
        const { board: next, key } = change(board)
        queueMicrotask(() => (select(key), note(key)))
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
  }, [setBoard, select, note])
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
