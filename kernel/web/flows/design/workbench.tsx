import { ExperimentOutlined, MoreOutlined, SendOutlined, SettingOutlined } from '@ant-design/icons'
import { useQueryClient } from '@tanstack/react-query'
import { App, Button, Dropdown } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { useNavigate } from 'react-router'
import { api, askFile } from '../../api/client.ts'
import { useMe } from '../../api/hooks.ts'
import { messageOf } from '../../api/problem.ts'
import { Sheet } from '../../fields/phone/sheet.tsx'
import { saveFile } from '../../list/export.ts'
import { SavingWord, UndoRedo } from '../../parts/drawing-head.tsx'
import { PageHead } from '../../parts/page-head.tsx'
import { Skeleton } from '../../parts/states.tsx'
import { TabsLine } from '../../parts/tabs-line.tsx'
import { useUndoKeys } from '../../parts/use-undo-keys.ts'
import { usePage } from '../../shell/page-context.tsx'
import { useIsPhone } from '../../shell/use-is-phone.ts'
import { Cases } from './cases.tsx'
import { ConflictDialog } from '../../parts/conflict-dialog.tsx'
import { useWorld } from './context.ts'
import { FaultsButton } from './faults.tsx'
import type { Light } from './lit.ts'
import { StepPanel } from './panel/step-panel.tsx'
import { Publish } from './publish.tsx'
import { RightsGrid } from './rights-grid.tsx'
import { Simulate } from './simulate.tsx'
import { StepList } from './step-list.tsx'
import { stepOfFault, stepsOf } from './tree.ts'
import { designsKey, designUrl } from './use-design.ts'
import { Versions } from './versions.tsx'
import { fill } from './words.ts'
import './drawing.css'
import './panel/panel.css'
import './trials.css'
import './design.css'

const Drawing = lazy(() => import('./drawing.tsx'))
type Tab = 'drawing' | 'rights' | 'cases' | 'versions'
/** Everything around the drawing: what is set, tried, compared, published. */
export function Workbench() {
  const world = useWorld()
  const { definition, design, flush, select, tests, saving } = world
  const isPhone = useIsPhone()
  const { medicalOffice } = useMe().hospital
  const [tab, setTab] = useState<Tab>('drawing')
  const [panel, setPanel] = useState<'step' | 'trial' | null>(isPhone ? null : 'step')
  const [isPublishing, setPublishing] = useState(false)
  const [lit, setLit] = useState<ReadonlyMap<string, Light> | null>(null)
  // What stands in a dialog is what was looked at: nothing changes behind it.
  useUndoKeys(world, !isPublishing && saving.state !== 'conflict')
  const show = (path: string | null) => {
    setTab('drawing')
    setPanel('step')
    select(path)
  }
  const showStep = (key: string) => show(stepsOf(definition).find(({ path, step }) => path === key || ('id' in step && step.id === key))?.path ?? null)
  const toFault = (path: string) => show(stepOfFault(definition, path))
  const title = fill(definition.label, medicalOffice)
  const tabs = [
    { key: 'drawing' as const, label: isPhone ? '步骤' : '流程图' },
    { key: 'rights' as const, label: '字段权限' },
    { key: 'cases' as const, label: `用例 ${tests.length || ''}` },
    { key: 'versions' as const, label: '版本' },
  ]
  const content = panel === 'trial' ? <Simulate onLight={setLit} /> : <StepPanel isFixed={isPhone} />
  return (
    <div className={`x-page x-design ${tab}`}>
      <PageHead
        title={title}
        tab={`设计 ${title}`}
        hint={!isPhone && <SavingWord saving={saving} isUntouched={design.revision === 0 && saving.state === 'saved'} onRetry={() => void flush()} />}
        acts={
          <>
            {!isPhone && <UndoRedo {...world} />}
            <FaultsButton onShow={toFault} />
            {!isPhone && (
              <Button icon={<ExperimentOutlined />} onClick={() => (setTab('drawing'), setPanel('trial'))}>
                试运行
              </Button>
            )}
            <Button type="primary" icon={isPhone ? null : <SendOutlined />} onClick={() => setPublishing(true)}>
              发布
            </Button>
            <More />
          </>
        }
      />
      <TabsLine tabs={tabs} shown={tab} onShow={setTab} />
      {tab === 'drawing' &&
        (isPhone ? (
          <StepList lit={lit} onOpen={() => setPanel('step')} onTry={() => setPanel('trial')} />
        ) : (
          <div className="x-design-desk">
            <Suspense fallback={<Skeleton />}>
              <Drawing lit={lit} onOpen={() => setPanel('step')} />
            </Suspense>
            <aside className={`x-card x-design-panel ${panel ?? ''}`} aria-label={panel === 'trial' ? '试运行' : '设置'}>
              {panel === 'trial' && <Button className="x-panel-back" size="small" type="text" icon={<SettingOutlined />} onClick={() => setPanel('step')}>返回设置</Button>}
              {content}
            </aside>
          </div>
        ))}
      {tab === 'rights' && <RightsGrid />}
      {tab === 'cases' && <Cases onTry={() => (setTab('drawing'), setPanel('trial'))} />}
      {tab === 'versions' && <Versions onShow={showStep} />}
      {isPhone && tab === 'drawing' && panel !== null && (
        <Sheet title={panel === 'trial' ? '试运行' : '设置'} isTall onClose={() => setPanel(null)}>
          <div className="x-design-sheet">{content}</div>
        </Sheet>
      )}
      {isPublishing && <Publish onClose={() => setPublishing(false)} onFault={toFault} />}
      {saving.state === 'conflict' && <ConflictDialog what="这个流程" why={saving.why} onTheirs={world.takeTheirs} onMine={world.keepMine} />}
    </div>
  )
} // prettier-ignore

function More() {
  const { design, flush, reload } = useWorld()
  const client = useQueryClient()
  const navigate = useNavigate()
  const { modal, message } = App.useApp()
  const page = usePage()
  const isNew = design.isOwn && design.base === null
  const isDrawn = design.revision > 0
  async function take(of: 'inForce' | 'draft') {
    try {
      // A file of the draft holds what was typed last.
      if (of === 'draft' && (await flush()) === null) return void message.error('草稿还没有保存，请先处理未保存的改动')
      const { blob, name } = await askFile('GET', designUrl(design.flow, '/export'), { query: { of } })
      saveFile(blob, name ?? `${design.flow}.flow.json`)
    } catch (error) {
      void message.error(messageOf(error))
    }
  }
  async function discard() {
    try {
      // What still waits is part of what is thrown away.
      const revision = (await flush()) ?? design.revision
      await api.delete(designUrl(design.flow, '/draft'), { revision })
      void client.invalidateQueries({ queryKey: designsKey })
      void message.success('草稿已放弃')
      if (!isNew) return reload(await api.get(designUrl(design.flow)))
      page.discard()
      await navigate('/flows/design', { replace: true })
    } catch (error) {
      void message.error(messageOf(error))
    }
  }
  const ask = () =>
    modal.confirm({
      title: '放弃这份草稿？',
      content: isNew ? '这个流程还没有发布过，放弃后就没有了。' : '回到生效的流程，之后的改动都不保留。',
      okText: '放弃草稿',
      okButtonProps: { danger: true },
      onOk: discard,
    })
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: [
          ...(isNew ? [] : [{ key: 'inForce', label: '导出生效的流程', onClick: () => void take('inForce') }]),
          ...(isDrawn ? [{ key: 'draft', label: '导出草稿', onClick: () => void take('draft') }] : []),
          { key: 'drop', label: '放弃草稿', danger: true, disabled: !isDrawn, onClick: () => void ask() },
        ],
      }}
    >
      <Button icon={<MoreOutlined />} aria-label="更多" />
    </Dropdown>
  )
}
