import { EyeOutlined, RedoOutlined, UndoOutlined } from '@ant-design/icons'
import { blockLabels, type PaperBlockKind, type DesignAnswer, type PrintTemplate, type PrintType, type PublishingItem } from '#model'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Input } from 'antd'
import { useEffect, useState } from 'react'
import { useParams } from 'react-router'
import { api, askFile } from '../api/client.ts'
import { messageOf } from '../api/problem.ts'
import { PageHead } from '../parts/page-head.tsx'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { useIsPhone } from '../shell/use-is-phone.ts'
import { saveFile } from '../list/export.ts'
import { BlockPanel } from './block-panel.tsx'
import { Canvas } from './canvas.tsx'
import { newBlock } from './new-block.ts'
import { PaperView } from './paper-view.tsx'
import { SheetPanel } from './sheet-panel.tsx'
import { templatesKey, urlOf, useTemplate, type Drawing } from './use-template.ts'
import './designer.css'

/** 打印模板设计: a sheet in millimetres, what stands on it, and how it will look. */
export default function TemplatePage() {
  const { name = '' } = useParams()
  const opened = useQuery({ queryKey: [...templatesKey, name], queryFn: ({ signal }) => api.get<DesignAnswer>(urlOf(name), {}, signal), staleTime: Infinity, gcTime: 0 })
  const resource = (opened.data?.content as PrintTemplate | undefined)?.resource
  const type = useQuery({ queryKey: [...templatesKey, 'type', resource], queryFn: ({ signal }) => api.get<PrintType>(`/api/print-templates/types/${resource}`, {}, signal), enabled: resource !== undefined })
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

function Bench({ opened, type }: { opened: DesignAnswer; type: PrintType }) {
  const drawing = useTemplate(opened)
  const isPhone = useIsPhone()
  const [isShown, setShown] = useState(isPhone)
  const { template } = drawing
  const chosen = template.blocks.find(({ id }) => id === drawing.selected)
  useKeys(drawing)
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
  const acts = [
    <Button key="undo" icon={<UndoOutlined />} aria-label="撤销" disabled={!drawing.mayUndo} onClick={drawing.undo} />,
    <Button key="redo" icon={<RedoOutlined />} aria-label="重做" disabled={!drawing.mayRedo} onClick={drawing.redo} />,
    <Button key="look" icon={<EyeOutlined />} aria-pressed={isShown} onClick={() => setShown(!isShown)}>
      {isShown ? '设计' : '预览'}
    </Button>,
    <Publish key="publish" drawing={drawing} name={opened.name} />,
  ]
  const words = { saved: drawing.isDraft ? '草稿已保存' : '已发布', waiting: '正在保存…', failed: drawing.trouble }[drawing.saving]
  return (
    <div className="x-page">
      <PageHead title={template.label || '打印模板'} hint={`${type.label} · ${words}`} acts={isPhone ? undefined : acts} />
      {isPhone && <div className="d-acts">{acts}</div>}
      {drawing.problems.length > 0 && (
        <ul className="d-faults" role="alert">
          {drawing.problems.map(({ message }, at) => (
            <li key={at}>{message}</li>
          ))}
        </ul>
      )}
      <div className="d-bench">
        {template.word || isShown ? (
          <>
            <span />
            <Preview drawing={drawing} />
          </>
        ) : (
          <>
            <nav className="x-card d-palette" aria-label="可以加入的内容">
              {(Object.entries(blockLabels) as [PaperBlockKind, string][]).map(([kind, label]) => (
                <button key={kind} type="button" draggable onDragStart={(event) => event.dataTransfer.setData('text/plain', kind)} onClick={() => drop(kind, null)}>
                  {label}
                </button>
              ))}
            </nav>
            <Canvas drawing={drawing} type={type} onDrop={drop} />
          </>
        )}
        {chosen && !isShown && !template.word ? <BlockPanel key={chosen.id} block={chosen} drawing={drawing} type={type} /> : <SheetPanel drawing={drawing} type={type} />}
      </div>
    </div>
  )
} // prettier-ignore
/** Back and forth by keys, and the chosen block goes with Delete; a field that is typed in has its own. */
function useKeys({ undo, redo, selected, template, change, select }: Drawing): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof HTMLElement && event.target.closest('input, textarea, [contenteditable], .ant-select')
      if (isTyping) return
      const letter = event.key.toLowerCase()
      if ((event.ctrlKey || event.metaKey) && (letter === 'z' || letter === 'y')) {
        event.preventDefault()
        if (letter === 'y' || event.shiftKey) redo()
        else undo()
      } else if ((event.key === 'Delete' || event.key === 'Backspace') && selected) {
        change({ blocks: template.blocks.filter(({ id }) => id !== selected) })
        select(null)
      }
    }
    addEventListener('keydown', listen)
    return () => removeEventListener('keydown', listen)
  })
}

/** How it will look, with a record that nobody has; made anew when the template rests. */
function Preview({ drawing: { template } }: { drawing: Drawing }) {
  const [shown, setShown] = useState(template)
  useEffect(() => {
    const timer = setTimeout(() => setShown(template), 500)
    return () => clearTimeout(timer)
  }, [template])
  const made = useQuery({
    queryKey: ['print-preview', shown],
    queryFn: ({ signal }) => askFile('POST', '/api/print-templates/preview', { body: { template: shown, record: null }, signal }),
    gcTime: 0,
    retry: false,
    structuralSharing: false,
    placeholderData: (before) => before,
  })
  if (made.error) return <Failed error={made.error} retry={() => void made.refetch()} />
  if (!made.data) return <Skeleton rows={12} />
  const { blob } = made.data
  if (blob.type === 'application/pdf') return <PaperView content={blob} />
  return <Notice kind="empty" title="已用示例内容填好 Word 文件" text="这台服务器没有安装转换程序，不能在此显示；请下载后用 Word 查看。" act={{ label: '下载示例', run: () => saveFile(blob, `${template.label}-示例.docx`) }} />
} // prettier-ignore

/** Puts what is drawn in force, with a word why. */
function Publish({ drawing, name }: { drawing: Drawing; name: string }) {
  const { modal, message } = App.useApp()
  const client = useQueryClient()
  async function publish(note: string) {
    try {
      if (!(await drawing.flush())) return
      await api.post<PublishingItem>('/api/publishings', { items: [{ kind: 'print', name }], note })
      drawing.settle(await api.get<DesignAnswer>(urlOf(name)))
      void client.invalidateQueries({ queryKey: templatesKey, exact: true })
      message.success('已发布，可以用来打印')
    } catch (error) {
      message.error(messageOf(error))
    }
  }
  const ask = () => {
    let note = ''
    modal.confirm({
      title: '发布这个模板？',
      content: (
        <Input aria-label="发布说明" placeholder="改了什么（选填）" maxLength={200} onChange={(event) => (note = event.target.value)} />
      ),
      okText: '发布',
      onOk: () => publish(note),
    })
  }
  const isReady = drawing.problems.length === 0 && (drawing.isDraft || drawing.saving !== 'saved')
  return (
    <Button type="primary" disabled={!isReady} onClick={ask}>
      发布
    </Button>
  )
}
