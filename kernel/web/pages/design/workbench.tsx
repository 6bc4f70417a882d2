import { DesktopOutlined, MobileOutlined, SendOutlined } from '@ant-design/icons'
import { lacksOf, type DesignAnswer, type Page, type PageNames } from '#model'
import { Alert, Button, Segmented, Select } from 'antd'
import { memo, useDeferredValue, useMemo, useState } from 'react'
import { Link } from 'react-router'
import { useCatalog } from '../../definitions/use-catalog.tsx'
import { SavingWord, UndoRedo } from '../../parts/drawing-head.tsx'
import { PageHead } from '../../parts/page-head.tsx'
import { useUndoKeys } from '../../parts/use-undo-keys.ts'
import { versionsPath } from '../../studio/design-path.ts'
import { Discard } from '../../studio/discard.tsx'
import { Faults } from '../../studio/faults.tsx'
import { StudioDialogs } from '../../studio/studio-dialogs.tsx'
import { useStudio } from '../../studio/use-studio.ts'
import { Canvas } from './canvas.tsx'
import type { PaletteKey } from './kinds.tsx'
import { Palette } from './palette.tsx'
import { BlockPanel } from './panel/block-panel.tsx'
import { PagePanel } from './panel/page-panel.tsx'
import { PhoneCanvas } from './phone-canvas.tsx'
import { usePageActs } from './use-page-acts.ts'
import { useShown } from './use-shown.ts'
import './design.css'

// How it stands with saving changes often; nothing of it is drawn anew for that.
const [Desk, Settings, PageSettings] = [memo(Canvas), memo(BlockPanel), memo(PagePanel)]
/** The palette, the page, and what is selected of it. */
export function Workbench({ opened: first, names }: { opened: DesignAnswer; names: PageNames }) {
  const catalog = useCatalog()
  const studio = useStudio<Page>(first)
  const { content: page, opened, saving } = studio
  // What a block lacks is seen at once; whether its names mean something is the server's to say.
  const lacks = useMemo(() => lacksOf(page), [page])
  const problems = studio.isProved ? studio.problems : lacks
  const designing = usePageActs(studio, catalog.all.find(({ may }) => may.read)?.name ?? '')
  const { selected, select, add, copy, remove } = designing
  const [side, setSide] = useState<'desk' | 'phone'>('desk')
  const [role, setRole] = useState<string | null>(null)
  const [dragged, setDragged] = useState<PaletteKey | null>(null)
  const [isPublishing, setPublishing] = useState(false)
  const shown = useShown(page, role)
  // The panel follows when there is time: a hand that drags does not wait for it.
  const calm = useDeferredValue(selected)
  // What stands in a dialog is what was looked at: nothing changes behind it.
  useUndoKeys(studio, !isPublishing && saving.state !== 'conflict')
  const toFault = (place: string) => select(place.startsWith('blocks.') ? (place.split('.')[1] ?? null) : null)
  return (
    <div
      className="x-page x-page-design"
      onKeyDown={(event) => {
        const isTyping = event.target instanceof HTMLElement && event.target.closest('input, textarea, [contenteditable], .ant-select')
        if (isTyping || !selected) return
        const act = event.key === 'Delete' ? remove : (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'd' ? copy : null
        if (!act) return
        event.preventDefault()
        act(selected.id)
      }}
    >
      <PageHead
        title={page.label || '页面设计'}
        tab={`设计 ${page.label}`}
        hint={<SavingWord saving={saving} isUntouched={!opened.isDraft && saving.state === 'saved' && !studio.mayUndo} onRetry={() => void studio.flush()} />}
        acts={
          <>
            <Segmented
              aria-label="看哪种布局"
              value={side}
              options={[{ value: 'desk', icon: <DesktopOutlined />, label: '电脑' }, { value: 'phone', icon: <MobileOutlined />, label: '手机' }]}
              onChange={setSide}
            />
            <Select
              allowClear
              aria-label="以哪个角色预览"
              placeholder="以自己预览"
              className="x-preview-role"
              value={role}
              options={names.roles.map(({ name, label }) => ({ value: name, label: `以“${label}”预览` }))}
              onChange={(next: string | undefined) => setRole(next ?? null)}
            />
            <UndoRedo {...studio} />
            {opened.version !== null && <Link to={versionsPath(opened)}>版本</Link>}
            <Faults problems={problems} onShow={toFault} />
            <Button type="primary" icon={<SendOutlined />} onClick={() => setPublishing(true)}>发布</Button>
            <Discard studio={studio} from="/pages" />
          </>
        }
      />
      {role !== null && <Alert type="info" showIcon title="标出这个角色看不到的区块；图中的数字仍是你自己的数据" />}
      <div className="x-page-bench">
        <Palette onDrag={setDragged} onAdd={(key) => add(key, null)} />
        <main>
          {side === 'desk' ? <Desk designing={designing} shown={shown} dragged={dragged} /> : <PhoneCanvas designing={designing} shown={shown} />}
        </main>
        <aside className="x-card x-page-panel" aria-label={calm ? '区块设置' : '页面设置'}>
          {calm ? (
            <Settings key={calm.id} block={calm} problems={problems} designing={designing} />
          ) : (
            <PageSettings page={page} names={names} problems={problems} onChange={designing.edit} />
          )}
        </aside>
      </div>
      <StudioDialogs studio={studio} what="这个页面" isPublishing={isPublishing} onClose={() => setPublishing(false)} onFault={toFault} />
    </div>
  )
} // prettier-ignore
