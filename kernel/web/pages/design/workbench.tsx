import { CheckOutlined, DesktopOutlined, MobileOutlined, RedoOutlined, SaveOutlined, UndoOutlined } from '@ant-design/icons'
import type { DesignAnswer, FieldProblem, Page, PageNames, ShownBlock, ShownPage } from '#model'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Alert, Button, Segmented, Select } from 'antd'
import { useDeferredValue, useEffect, useMemo, useState } from 'react'
import { useLocation, useNavigate } from 'react-router'
import { api } from '../../api/client.ts'
import { useCatalog } from '../../definitions/use-catalog.tsx'
import { PageHead } from '../../parts/page-head.tsx'
import { Canvas } from './canvas.tsx'
import type { PaletteKey } from './kinds.tsx'
import { Palette } from './palette.tsx'
import { BlockPanel } from './panel/block-panel.tsx'
import { PagePanel } from './panel/page-panel.tsx'
import { PhoneCanvas } from './phone-canvas.tsx'
import { PublishDialog } from './publish-dialog.tsx'
import { emptyPage, problemsIn, useKeeping } from './use-keeping.ts'
import { usePageDesign } from './use-page-design.ts'
import './design.css'

interface Props {
  opened: DesignAnswer | null
  page: Page
  names: PageNames
}
/** The palette, the page, and what is selected of it. */
export function Workbench({ opened, page: first, names }: Props) {
  const catalog = useCatalog()
  const designing = usePageDesign(first, catalog.all.find(({ may }) => may.read)?.name ?? '')
  const { page, selected, undo, redo, mayUndo, mayRedo, add, copy, remove } = designing
  const keeping = useKeeping(opened)
  const { stand, saved, save, isBusy } = keeping
  const navigate = useNavigate()
  const [side, setSide] = useState<'desk' | 'phone'>('desk')
  const [role, setRole] = useState<string | null>(null)
  const [dragged, setDragged] = useState<PaletteKey | null>(null)
  // A new page gets an address of its own when it is saved first: there what was begun goes on.
  const isBegun = (useLocation().state as { isPublishing?: boolean } | null)?.isPublishing === true
  const [publishing, setPublishing] = useState<DesignAnswer | null>(isBegun ? opened : null)
  const own = useMemo(() => problemsIn(page), [page])
  const problems = own.length ? own : saved === page ? keeping.problems : []
  const shown = useShown(page, own, role)
  // The panel follows when there is time: a hand that drags does not wait for it.
  const calm = useDeferredValue(selected)
  const isChanged = saved !== page && (saved !== null || page.blocks.length > 0)
  useLeaving(isChanged)
  const keep = async (isPublishing: boolean): Promise<void> => {
    const next = isChanged ? await save(page) : stand
    if (next && !stand) void navigate(`/pages/${next.name}`, { replace: true, state: { isPublishing } })
    else if (isPublishing) setPublishing(next)
  }
  return (
    <div
      className="x-page x-page-design"
      onKeyDown={(event) => {
        const isTyping = event.target instanceof HTMLElement && event.target.closest('input, textarea, [contenteditable], .ant-select')
        if (isTyping) return
        const key = event.key.toLowerCase()
        const act =
          event.ctrlKey || event.metaKey
            ? key === 'z' ? (event.shiftKey ? redo : undo) : key === 'y' ? redo : key === 'd' && selected ? () => copy(selected.id) : null
            : key === 'delete' && selected ? () => remove(selected.id) : null
        if (!act) return
        event.preventDefault()
        act()
      }}
    >
      <PageHead
        title={page.label || '页面设计'}
        tab={`设计：${page.label}`}
        hint={isChanged ? '有未保存的修改' : stand?.isDraft ? '草稿已保存，尚未发布' : stand?.version ? `第 ${stand.version} 版，已发布` : undefined}
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
            <Button icon={<UndoOutlined />} aria-label="撤销" disabled={!mayUndo} onClick={undo} />
            <Button icon={<RedoOutlined />} aria-label="重做" disabled={!mayRedo} onClick={redo} />
            <Button icon={<SaveOutlined />} loading={isBusy} disabled={!isChanged} onClick={() => void keep(false)}>
              保存草稿
            </Button>
            <Button
              type="primary"
              icon={<CheckOutlined />}
              loading={isBusy}
              disabled={own.length > 0 || (!isChanged && stand?.isDraft !== true)}
              onClick={() => void keep(true)}
            >
              发布
            </Button>
          </>
        }
      />
      {problems.length > 0 && <Alert type="warning" showIcon title={`有 ${problems.length} 处要修改：${problems[0]!.message}`} />}
      {role !== null && <Alert type="info" showIcon title="标出这个角色看不到的区块；图中的数字仍是你自己的数据" />}
      <div className="x-page-bench">
        <Palette onDrag={setDragged} onAdd={(key) => add(key, null)} />
        <main>
          {side === 'desk' ? <Canvas designing={designing} shown={shown} dragged={dragged} /> : <PhoneCanvas designing={designing} shown={shown} />}
        </main>
        <aside className="x-card x-page-panel" aria-label={calm ? '区块设置' : '页面设置'}>
          {calm ? (
            <BlockPanel key={calm.id} block={calm} problems={problems} designing={designing} />
          ) : (
            <PagePanel page={page} names={names} problems={problems} onChange={designing.edit} />
          )}
        </aside>
      </div>
      {publishing && <PublishDialog draft={publishing} keeping={keeping} onClose={() => setPublishing(null)} />}
    </div>
  )
} // prettier-ignore

/** The blocks as they would be shown: to oneself, or with what this role would be refused. Where blocks lie is nothing to it. */
function useShown(page: Page, problems: readonly FieldProblem[], role: string | null): ReadonlyMap<string, ShownBlock> {
  // What is not finished yet says what it lacks; the others are asked for.
  const lacking = useMemo(() => new Map(problems.map(({ field, message }) => [field.split('.')[1] ?? '', message])), [problems])
  const asked = useMemo(
    () => ({
      ...emptyPage,
      blocks: page.blocks.filter(({ id }) => !lacking.has(id)).map((one) => ({ ...one, place: { x: 0, y: 0, w: 1, h: 1 } })),
    }),
    [page, lacking],
  )
  const text = useDeferredValue(JSON.stringify(asked))
  const { data } = useQuery({
    queryKey: ['pages', 'preview', role, text],
    queryFn: () => api.post<ShownPage>('/api/pages/preview', { page: JSON.parse(text) as Page, role }),
    placeholderData: keepPreviousData,
    retry: false,
  })
  return useMemo(() => {
    const refused = new Map((data?.blocks ?? []).flatMap((one) => (one.kind === 'refused' ? [[one.id, one] as const] : [])))
    return new Map(
      page.blocks.map((one) => {
        const problem = lacking.get(one.id) ?? refused.get(one.id)?.problem
        return [
          one.id,
          problem === undefined ? one : { kind: 'refused', id: one.id, title: one.title, place: one.place, phone: one.phone, problem },
        ]
      }),
    )
  }, [data, page.blocks, lacking])
}
/** Whoever leaves with something unsaved is asked. */
function useLeaving(isChanged: boolean): void {
  useEffect(() => {
    if (!isChanged) return undefined
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [isChanged])
}
