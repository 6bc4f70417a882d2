import { DownloadOutlined, PrinterOutlined } from '@ant-design/icons'
import type { ExportBegun, PrintChoice, PrintChoices } from '#model'
import { useQuery } from '@tanstack/react-query'
import { Button, Select } from 'antd'
import { useEffect, useState } from 'react'
import { Link, useParams, useSearchParams } from 'react-router'
import { api, askFile } from '../api/client.ts'
import { useResource } from '../definitions/use-catalog.tsx'
import { saveFile } from '../list/export.ts'
import { PageHead } from '../parts/page-head.tsx'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { NotFound } from '../shell/not-found.tsx'
import { useIsPhone } from '../shell/use-is-phone.ts'
import { pageNonce } from '../theme/nonce.ts'
import { mostPrinted, PaperView } from './paper-view.tsx'
import './printing.css'

/** Records on paper: with which layout, how it will look, and off to the printer or into a file. Each look is a print, and is kept as one. */
export default function PrintPage() {
  const { resource: name = '' } = useParams()
  const [params, setParams] = useSearchParams()
  const resource = useResource(name)
  const records = params.get('ids')?.split(',').filter(Boolean) ?? []
  const choices = useQuery({
    queryKey: ['print-choices', name],
    queryFn: ({ signal }) => api.get<PrintChoices>(`/api/prints/${name}`, {}, signal),
    enabled: resource !== undefined,
  })
  if (!resource) return <NotFound text="没有这种记录，或者没有对你开放。" />
  const title = `打印${resource.label}`
  if (choices.error || !choices.data)
    return (
      <div className="x-page">
        <PageHead title={title} />
        {choices.error ? <Failed error={choices.error} retry={() => void choices.refetch()} /> : <Skeleton />}
      </div>
    )
  const all = choices.data.choices
  const chosen = all.find((one) => one.name === params.get('by')) ?? all[0]!
  const choose = (by: string) => setParams((now) => new URLSearchParams([...[...now].filter(([key]) => key !== 'by'), ['by', by]]), { replace: true })
  if (records.length === 0)
    return (
      <div className="x-page">
        <PageHead title={title} />
        <Notice kind="empty" title="没有选择要打印的记录" text="请回到列表勾选记录后，再点“打印”。" />
      </div>
    )
  return <Print key={chosen.name} title={title} resource={name} records={records} chosen={chosen} choices={all} onChoose={choose} />
} // prettier-ignore

interface Props {
  title: string
  resource: string
  records: string[]
  chosen: PrintChoice
  choices: readonly PrintChoice[]
  onChoose: (name: string) => void
}
function Print({ title, resource, records, chosen, choices, onChoose }: Props) {
  const isPhone = useIsPhone()
  const [pages, setPages] = useState(0)
  useSheet(chosen.paper)
  const made = useQuery({
    queryKey: ['print', resource, records, chosen.name],
    queryFn: ({ signal }) =>
      askFile<ExportBegun>('POST', `/api/prints/${resource}`, { body: { records, template: chosen.name }, signal }),
    // Made once: each making is a print.
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
    structuralSharing: false,
  })
  const file = made.data && !made.data.later ? made.data : null
  const isPdf = file?.blob.type === 'application/pdf'
  const save = (
    <Button key="save" icon={<DownloadOutlined aria-hidden />} disabled={!file} onClick={() => file && saveFile(file.blob, file.name ?? `${title}.pdf`)} aria-label="下载">
      {isPhone ? null : '下载'}
    </Button>
  )
  const print = (
    <Button key="print" type="primary" icon={<PrinterOutlined aria-hidden />} disabled={!isPdf || pages === 0 || pages > mostPrinted} onClick={() => window.print()}>
      打印
    </Button>
  )
  const choice = (
    <Select key="by" aria-label="版式" value={chosen.name} onChange={onChoose} popupMatchSelectWidth={false} options={choices.map(({ name, label }) => ({ value: name, label }))} className="x-print-by" />
  )
  return (
    <div className="x-page x-printing">
      <PageHead title={title} hint={records.length > 1 ? `${records.length} 条` : undefined} acts={isPhone ? undefined : [choice, save, print]} />
      {isPhone && (
        <div className="x-print-acts">
          {choice}
          {save}
          {print}
        </div>
      )}
      {pages > mostPrinted && <p className="x-why" role="status">共 {pages} 页，太多，不能直接打印；请下载后打开打印。</p>}
      {made.error ? (
        <Failed error={made.error} retry={() => void made.refetch()} />
      ) : made.data?.later ? (
        <Notice kind="empty" title="正在后台制作" text={<>共 {records.length} 条，可以离开本页，完成后发消息给您，在<Link to="/me/exports">我的导出</Link>下载。</>} />
      ) : !file ? (
        <Skeleton rows={12} />
      ) : isPdf ? (
        <PaperView content={file.blob} onPages={setPages} />
      ) : (
        <Notice kind="empty" title="已做成 Word 文件" text="这台服务器没有安装转换程序，不能转为 PDF；请下载后用 Word 打开、打印。" act={{ label: '下载', run: () => saveFile(file.blob, file.name ?? `${title}.docx`) }} />
      )}
    </div>
  )
} // prettier-ignore

/** The printer's sheet is that of the layout, to its edges; only while this page is the one in front. */
function useSheet({ width, height }: PrintChoice['paper']): void {
  useEffect(() => {
    const style = document.createElement('style')
    if (pageNonce) style.nonce = pageNonce
    style.textContent = `@page { size: ${width}mm ${height}mm; margin: 0; }`
    document.head.append(style)
    return () => style.remove()
  }, [width, height])
}
