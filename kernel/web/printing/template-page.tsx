import { blockLabels, type PaperBlockKind, type DesignAnswer, type PrintTemplate, type PrintType } from '#model'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useParams } from 'react-router'
import { api, askFile } from '../api/client.ts'
import { useResource } from '../definitions/use-catalog.tsx'
import { RecordPicker, TitlesProvider } from '../fields/index.ts'
import { PageHead } from '../parts/page-head.tsx'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { TabsLine } from '../parts/tabs-line.tsx'
import { useIsPhone } from '../shell/use-is-phone.ts'
import { saveFile } from '../list/export.ts'
import { StudioFrame } from '../studio/studio-frame.tsx'
import { designsKey, useDesign } from '../studio/use-studio.ts'
import { VersionsTab } from '../studio/versions-tab.tsx'
import { BlockPanel } from './block-panel.tsx'
import { Canvas } from './canvas.tsx'
import { newBlock } from './new-block.ts'
import { PaperView } from './paper-view.tsx'
import { SheetPanel } from './sheet-panel.tsx'
import { blockAt, useDrawing } from './use-drawing.ts'
import './designer.css'

/** 打印模板设计: a sheet in millimetres, what stands on it, and how it will look. */
export default function TemplatePage() {
  const { name = '' } = useParams()
  const opened = useDesign('print', name)
  const resource = (opened.data?.content as PrintTemplate | undefined)?.resource
  const type = useQuery({ queryKey: [...designsKey, 'print-type', resource], queryFn: ({ signal }) => api.get<PrintType>(`/api/print-templates/types/${resource}`, {}, signal), enabled: resource !== undefined })
  const error = opened.error ?? type.error
  if (!opened.data || !type.data)
    return (
      <div className="x-page">
        <PageHead title="打印模板" />
        {error ? <Failed error={error} retry={() => void (opened.error ? opened : type).refetch()} /> : <Skeleton />}
      </div>
    )
  return <Bench key={name} opened={opened.data} type={type.data} />
} // prettier-ignore

const allTabs = [{ key: 'drawn', label: '设计' }, { key: 'printed', label: '预览' }, { key: 'versions', label: '版本' }] as const // prettier-ignore
type Tab = (typeof allTabs)[number]['key']
function Bench({ opened, type }: { opened: DesignAnswer; type: PrintType }) {
  const drawing = useDrawing(opened)
  const { studio, template } = drawing
  const isPhone = useIsPhone()
  const [tab, show] = useState<Tab>(isPhone ? 'printed' : 'drawn')
  const [record, setRecord] = useState<string | null>(null)
  // What is written in Word is only looked at here.
  const tabs = template.word ? allTabs.filter(({ key }) => key !== 'drawn') : allTabs
  const shown = tabs.some(({ key }) => key === tab) ? tab : 'printed'
  const isDrawn = shown === 'drawn'
  const chosen = template.blocks.find(({ id }) => id === drawing.selected)
  function drop(what: string, before: string | null) {
    const [how, id] = what.split(' ')
    const { blocks } = template
    const block = how === 'move' ? blocks.find((one) => one.id === id) : Object.hasOwn(blockLabels, what) ? newBlock(what as PaperBlockKind, template, type) : undefined
    if (!block || block.id === before) return
    const rest = blocks.filter((one) => one !== block)
    const at = before === null ? rest.length : rest.findIndex((one) => one.id === before)
    drawing.change({ blocks: [...rest.slice(0, at), block, ...rest.slice(at)] })
    drawing.select(block.id)
  }
  const toFault = (place: string) => {
    const block = blockAt(template, place)
    if (block) show('drawn')
    drawing.select(block?.id ?? null)
  }
  return (
    <StudioFrame studio={studio} title={template.label || '打印模板'} className="d-page" list="/printing" onFault={toFault}>
      <TabsLine tabs={tabs} shown={shown} onShow={show} />
      {shown === 'versions' ? (
        <VersionsTab kind="print" name={opened.name} onBack={studio.takeTheirs} />
      ) : (
        <div className="d-bench">
          {isDrawn && (
            <nav className="x-card d-palette" aria-label="可以加入的内容">
              {(Object.entries(blockLabels) as [PaperBlockKind, string][]).map(([kind, label]) => (
                <button key={kind} type="button" draggable onDragStart={(event) => event.dataTransfer.setData('text/plain', kind)} onClick={() => drop(kind, null)}>
                  {label}
                </button>
              ))}
            </nav>
          )}
          {isDrawn ? <Canvas drawing={drawing} type={type} onDrop={drop} /> : <Preview template={template} record={record} onRecord={setRecord} />}
          {chosen && isDrawn ? <BlockPanel key={chosen.id} block={chosen} drawing={drawing} type={type} /> : <SheetPanel drawing={drawing} type={type} />}
        </div>
      )}
    </StudioFrame>
  )
} // prettier-ignore

/** How it will look: over a record that its drawer reads, or over one that nobody has; made anew when the template rests. */
function Preview({ template, record, onRecord }: { template: PrintTemplate; record: string | null; onRecord: (id: string | null) => void }) {
  const [shown, setShown] = useState(template)
  const mayRead = useResource(template.resource)?.may.read ?? false
  useEffect(() => {
    const timer = setTimeout(() => setShown(template), 500)
    return () => clearTimeout(timer)
  }, [template])
  const made = useQuery({
    queryKey: ['print-preview', shown, record],
    queryFn: ({ signal }) => askFile('POST', '/api/print-templates/preview', { body: { template: shown, record }, signal }),
    gcTime: 0,
    retry: false,
    structuralSharing: false,
    placeholderData: (before) => before,
  })
  return (
    <div className="d-middle">
      {mayRead && (
        <label className="d-over">
          用哪条记录预览
          <TitlesProvider>
            <RecordPicker target={template.resource} placeholder="示例内容；也可以选一条真实的记录" value={record} onChange={onRecord} />
          </TitlesProvider>
        </label>
      )}
      {made.error ? <Failed error={made.error} retry={() => void made.refetch()} /> : !made.data ? <Skeleton rows={12} /> : <Looked blob={made.data.blob} label={template.label} />}
    </div>
  )
} // prettier-ignore
function Looked({ blob, label }: { blob: Blob; label: string }) {
  if (blob.type === 'application/pdf') return <PaperView content={blob} />
  return <Notice kind="empty" title="已填好 Word 文件" text="这台服务器没有安装转换程序，不能在此显示；请下载后用 Word 查看。" act={{ label: '下载', run: () => saveFile(blob, `${label}-预览.docx`) }} />
} // prettier-ignore
