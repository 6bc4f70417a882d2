import { DownloadOutlined } from '@ant-design/icons'
import { App, Button } from 'antd'
import { useState, type ReactNode } from 'react'
import type { ImportDetail, ImportProblem, ImportRepair, ImportSample } from '#model'
import { askFile } from '../api/client.ts'
import { messageOf } from '../api/problem.ts'
import { saveFile } from '../list/export.ts'
import { Notice } from '../parts/states.tsx'
import './findings.css'

interface ProblemProps {
  problems: readonly ImportProblem[]
  total: number
  acts?: ReactNode
}
/** Lines with what is wrong in them. */
export function ProblemList({ problems, total, acts }: ProblemProps) {
  if (problems.length === 0) return <Notice kind="empty" title="没有" />
  return (
    <>
      <div className="i-list-head">
        <span>{problems.length < total ? `共 ${total} 行，显示前 ${problems.length} 处` : `${problems.length} 处`}</span>
        <span className="x-space" />
        {acts}
      </div>
      <ul className="i-lines">
        {problems.map((problem, i) => (
          <li key={i}>
            <span className="i-row">第 {problem.row} 行</span>
            <span className="i-cell">
              {problem.column}
              {problem.value && <code>{problem.value}</code>}
            </span>
            <span>{problem.message}</span>
          </li>
        ))}
      </ul>
    </>
  )
}

/** What was mended by itself: before, after and why. */
export function RepairList({ repairs, total }: { repairs: readonly ImportRepair[]; total: number }) {
  return (
    <>
      <div className="i-list-head">
        {repairs.length < total ? `已修复 ${total} 行，显示前 ${repairs.length} 处` : `已修复 ${repairs.length} 处，请核对`}
      </div>
      <ul className="i-lines">
        {repairs.map((repair, i) => (
          <li key={i}>
            <span className="i-row">第 {repair.row} 行</span>
            <span className="i-cell">
              <code>{repair.before}</code> → <code className="i-after">{repair.after}</code>
            </span>
            <span>
              {repair.column}：{repair.why}
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}

interface SampleProps {
  samples: readonly ImportSample[]
  total: number
  note?: string | undefined
}
/** Examples of what would be written, changed with before and after. */
export function SampleList({ samples, total, note }: SampleProps) {
  if (samples.length === 0) return <Notice kind="empty" title={total ? `${total} 条` : '没有'} />
  const labels = [...new Set(samples.flatMap((sample) => sample.values.map((value) => value.label)))].slice(0, 8)
  const hasChanges = samples.some((sample) => sample.changes)
  return (
    <>
      <div className="i-list-head">
        {samples.length < total ? `共 ${total.toLocaleString()} 条，显示前 ${samples.length} 条` : `${total} 条`}
        {note && <span className="x-muted">{note}</span>}
      </div>
      {hasChanges ? (
        <ul className="i-lines">
          {samples.map((sample, i) => (
            <li key={i}>
              <span className="i-row">第 {sample.row} 行</span>
              <span className="i-cell">{sample.title}</span>
              <span>
                {sample.changes?.map((change) => (
                  <span key={change.label} className="i-change">
                    {change.label} <del>{change.before || '空'}</del> → <ins>{change.after || '空'}</ins>
                  </span>
                ))}
              </span>
            </li>
          ))}
        </ul>
      ) : (
        <div className="i-scroll">
          <table className="i-table">
            <thead>
              <tr>
                {samples[0]?.row !== null && <th>行</th>}
                {labels.map((label) => (
                  <th key={label}>{label}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {samples.map((sample, i) => (
                <tr key={i}>
                  {sample.row !== null && <td className="x-faint">{sample.row}</td>}
                  {labels.map((label) => (
                    <td key={label}>{sample.values.find((value) => value.label === label)?.text}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  )
}

/** The lines that were not taken, as a file to mend and load again. */
export function ErrorsButton({ detail }: { detail: ImportDetail }) {
  const { message } = App.useApp()
  const [isBusy, setBusy] = useState(false)
  async function download(): Promise<void> {
    setBusy(true)
    try {
      const { blob, name } = await askFile('GET', `/api/imports/${detail.id}/errors`)
      saveFile(blob, name ?? '未导入的行.xlsx')
    } catch (error) {
      message.error(messageOf(error))
    }
    setBusy(false)
  }
  return (
    <Button size="small" icon={<DownloadOutlined />} loading={isBusy} onClick={() => void download()}>
      下载未导入的行
    </Button>
  )
}
