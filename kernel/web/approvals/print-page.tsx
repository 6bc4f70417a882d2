import { formatInstant, type PrintAnswer } from '#model'
import { PrinterOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useEffect } from 'react'
import { useParams } from 'react-router'
import { here } from '../api/place.ts'
import { api } from '../api/client.ts'
import { useResource } from '../definitions/use-catalog.tsx'
import { TitlesProvider } from '../fields/titles.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Failed, Skeleton } from '../parts/states.tsx'
import { pageNonce } from '../theme/nonce.ts'
import { PrintAdmissions } from './admissions.tsx'
import { PrintChain } from './print-chain.tsx'
import { PrintFacts } from './print-facts.tsx'
import { statuses } from './verdicts.ts'
import './print.css'

/** 审批单: one approval as a form on A4, under its reader's rights. Each opening is audited as a printing. */
export default function PrintPage() {
  const { id = '' } = useParams()
  const query = useQuery({
    queryKey: ['approval-print', id],
    queryFn: () => api.post<PrintAnswer>(`/api/approvals/${id}/print`),
    staleTime: Infinity,
    gcTime: 0,
  })
  if (query.error) return <Failed error={query.error} retry={() => void query.refetch()} />
  if (!query.data) return <Skeleton rows={12} />
  return (
    <div className="x-page x-print">
      <PageHead
        title="打印审批单"
        tab={`打印 ${query.data.approval.number}`}
        acts={
          <Button key="print" type="primary" icon={<PrinterOutlined aria-hidden />} onClick={() => window.print()}>
            打印
          </Button>
        }
      />
      <TitlesProvider titles={query.data.approval.titles}>
        <Sheet answer={query.data} />
      </TitlesProvider>
    </div>
  )
}

function Sheet({ answer: { approval, hospital, seals, printed } }: { answer: PrintAnswer }) {
  const known = useResource(approval.resource)
  const resource = approval.definition ?? known
  const footer = `打印：${printed.by}　${formatInstant(printed.at)}`
  usePageFooter(`${approval.label} ${approval.number}`, footer)
  const submitted = approval.chain.find((one) => one.word === '提交')
  return (
    <article className="x-paper" lang="zh-CN">
      <header>
        <p className="x-paper-hospital">{hospital}</p>
        <h1>{approval.label.replace(/审批$/, '')}审批单</h1>
        <p className="x-paper-title">{approval.title}</p>
        <p className="x-paper-line">
          <span>编号：{approval.number}</span>
          <span>结果：{statuses[approval.status][0]}</span>
        </p>
      </header>
      <table className="x-paper-form">
        <tbody>
          <tr>
            <th scope="row">申请人</th>
            <td>
              {approval.applicant.name}
              {approval.filledBy && `（${approval.filledBy.name} 代填）`}
            </td>
            <th scope="row">科室</th>
            <td>{approval.applicant.unitName}</td>
          </tr>
          {submitted && (
            <tr>
              <th scope="row">申请时间</th>
              <td colSpan={submitted.signature ? 1 : 3}>{formatInstant(submitted.at)}</td>
              {submitted.signature && (
                <>
                  <th scope="row">申请人签名</th>
                  <td>
                    <img className="x-paper-signature" src={here(`/api/files/${submitted.signature}`)} alt="申请人签名" />
                  </td>
                </>
              )}
            </tr>
          )}
        </tbody>
      </table>
      <PrintFacts approval={approval} resource={resource} />
      <PrintAdmissions approval={approval} />
      <PrintChain chain={approval.chain} copies={approval.copies} />
      {seals.length > 0 && (
        <section>
          <h2>用印登记</h2>
          <table className="x-paper-rows">
            <thead>
              <tr>
                <th>印章</th>
                <th>份数</th>
                <th>用印人</th>
                <th>时间</th>
                <th>说明</th>
              </tr>
            </thead>
            <tbody>
              {seals.map((use) => (
                <tr key={use.id}>
                  <td>{use.seal}</td>
                  <td>{use.copies}</td>
                  <td>
                    {use.personName}
                    {use.actor !== use.person && `（${use.actorName} 代）`}
                  </td>
                  <td>{formatInstant(use.at)}</td>
                  <td>{use.note}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      <footer>{footer}</footer>
    </article>
  )
}

/** What stands at the foot of every printed page; only while this page is the one in front. */
function usePageFooter(left: string, right: string): void {
  useEffect(() => {
    const style = document.createElement('style')
    if (pageNonce) style.nonce = pageNonce
    const text = (value: string) => JSON.stringify(value).replace(/</g, '\\3c ')
    const box = 'font: 9pt "Noto Sans SC", "Microsoft YaHei", sans-serif; color: #333; vertical-align: top; padding-top: 3mm'
    style.textContent = `@page { size: A4; margin: 16mm 16mm 20mm;
      @bottom-left { content: ${text(left)}; ${box} }
      @bottom-center { content: "第 " counter(page) " 页，共 " counter(pages) " 页"; ${box} }
      @bottom-right { content: ${text(right)}; ${box} } }`
    document.head.append(style)
    return () => style.remove()
  }, [left, right])
}
