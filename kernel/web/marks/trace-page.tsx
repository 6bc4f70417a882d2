import { InboxOutlined } from '@ant-design/icons'
import { formatInstant, type ExportTrace } from '#model'
import { Button, Input, Upload } from 'antd'
import { useState } from 'react'
import { api } from '../api/client.ts'
import { messageOf } from '../api/problem.ts'
import { useCatalog } from '../definitions/use-catalog.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Tag } from '../parts/tag.tsx'
import './marks.css'

/** 导出文件溯源: who took away a file that turned up somewhere. */
export default function TracePage() {
  const [trace, setTrace] = useState<ExportTrace | null>(null)
  const [problem, setProblem] = useState('')
  const [number, setNumber] = useState('')
  const [isBusy, setBusy] = useState(false)
  async function find(asked: Promise<ExportTrace>) {
    setBusy(true)
    setProblem('')
    setTrace(null)
    try {
      setTrace(await asked)
    } catch (fault) {
      setProblem(messageOf(fault))
    } finally {
      setBusy(false)
    }
  }
  const findFile = (file: File) => {
    const form = new FormData()
    form.append('file', file)
    void find(api.post<ExportTrace>('/api/export-mark', form))
    return false
  }
  return (
    <div className="x-page x-marks">
      <PageHead title="导出文件溯源" />
      <section className="x-card x-marks-rule">
        <h2>由文件查</h2>
        <Upload.Dragger accept=".xlsx,.pdf,.csv" maxCount={1} showUploadList={false} disabled={isBusy} beforeUpload={findFile}>
          <p>
            <InboxOutlined className="x-notice-icon" aria-hidden />
          </p>
          <p>把流出的 xlsx、pdf 或 csv 拖到这里，或点击选择</p>
          <p className="x-faint">文件只用于读取标记，不保存</p>
        </Upload.Dragger>
        <h2>由编号查</h2>
        <form
          className="x-marks-number"
          onSubmit={(event) => {
            event.preventDefault()
            void find(api.post<ExportTrace>('/api/export-mark/number', { number }))
          }}
        >
          <Input aria-label="导出编号" placeholder="打印件或照片页眉上的编号，如 DC20260615-7K3QF0ZX" value={number} maxLength={40} onChange={(event) => setNumber(event.target.value)} />
          <Button htmlType="submit" disabled={!number.trim()} loading={isBusy}>
            查找
          </Button>
        </form>
        {problem && (
          <p className="x-problem" role="alert">
            {problem}
          </p>
        )}
      </section>
      {trace && <Found trace={trace} />}
    </div>
  )
} // prettier-ignore

function Found({ trace }: { trace: ExportTrace }) {
  const catalog = useCatalog()
  const { entry } = trace
  const count = entry?.detail['count']
  const lines: [string, React.ReactNode][] = [
    ['导出人', [trace.by, trace.staffNumber].filter(Boolean).join(' ')],
    ['时间', formatInstant(trace.at)],
    ['编号', trace.number],
    ['内容', [trace.title || (entry?.resource && (catalog.resource(entry.resource)?.label ?? entry.resource)), typeof count === 'number' && `${count.toLocaleString('zh-CN')} 条`].filter(Boolean).join(' · ') || '—'],
    ['来源地址', trace.address ?? entry?.address ?? '—'],
    ['审计日志', entry ? `${formatInstant(entry.at)} 有对应的记录` : '没有对应的记录'],
  ] // prettier-ignore
  return (
    <section className="x-card x-marks-rule" aria-label="溯源结果">
      <h2>
        {[trace.by, trace.staffNumber].filter(Boolean).join(' ')}{' '}
        {trace.isProved ? <Tag tone="good">封存标记，已验证</Tag> : <Tag tone="warn">按编号查得，文件本身未验证</Tag>}
      </h2>
      <dl className="x-marks-facts">
        {lines.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
