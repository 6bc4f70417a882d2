import { DesktopOutlined, MobileOutlined } from '@ant-design/icons'
import { lacksOf, type DesignAnswer, type Page, type PageNames } from '#model'
import { Alert, Segmented, Select } from 'antd'
import { memo, useDeferredValue, useMemo, useState } from 'react'
import { Link } from 'react-router'
import { useCatalog } from '../../definitions/use-catalog.tsx'
import { useAbout } from '../../parts/use-making.ts'
import { versionsPath } from '../../studio/design-path.ts'
import { StudioFrame } from '../../studio/studio-frame.tsx'
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
  const { content: page, opened } = studio
  // What a block lacks is seen at once; whether its names mean something is the server's to say.
  const lacks = useMemo(() => lacksOf(page), [page])
  const problems = studio.isProved ? studio.problems : lacks
  const about = useAbout()
  const designing = usePageActs(studio, about?.type ?? catalog.all.find(({ may }) => may.read)?.name ?? '')
  const { selected, select, add, copy, remove } = designing
  const [side, setSide] = useState<'desk' | 'phone'>('desk')
  const [role, setRole] = useState<string | null>(null)
  const [dragged, setDragged] = useState<PaletteKey | null>(null)
  const shown = useShown(page, role)
  // The panel follows when there is time: a hand that drags does not wait for it.
  const calm = useDeferredValue(selected)
  const toFault = (place: string) => select(place.startsWith('blocks.') ? (place.split('.')[1] ?? null) : null)
  const acts = (
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
      {opened.version !== null && <Link to={versionsPath(opened)}>版本</Link>}
    </>
  )
  const byKey = (event: React.KeyboardEvent) => {
    const isTyping = event.target instanceof HTMLElement && event.target.closest('input, textarea, [contenteditable], .ant-select')
    if (isTyping || !selected) return
    const act = event.key === 'Delete' ? remove : (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'd' ? copy : null
    if (!act) return
    event.preventDefault()
    act(selected.id)
  }
  return (
    <StudioFrame studio={studio} title={page.label || '页面设计'} what="这个页面" className="x-page-design" list="/pages" problems={problems} acts={acts} onFault={toFault}>
      {role !== null && <Alert type="info" showIcon title="标出这个角色看不到的区块；图中的数字仍是你自己的数据" />}
      <div className="x-page-bench" onKeyDown={byKey}>
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
    </StudioFrame>
  )
} // prettier-ignore
