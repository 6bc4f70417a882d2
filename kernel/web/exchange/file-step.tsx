import { InboxOutlined } from '@ant-design/icons'
import { Alert, Button, Input, Progress, Radio } from 'antd'
import { useRef, useState, type DragEvent } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import { messageOf } from '../api/problem.ts'
import { formatBytes, tableEndings } from '#model'
import { History } from './history.tsx'
import { uploadImport, type ProfileChoice } from './use-import.ts'

const largest = 200 * 1024 * 1024
interface Props {
  resource: string
  profiles: readonly ProfileChoice[]
  preferred: string
  onBegun: (id: string) => void
  onOpen: (id: string) => void
}
/** Choose or drop a file; below it what was imported before. */
export function FileStep({ resource, profiles, preferred, onBegun, onOpen }: Props) {
  const client = useQueryClient()
  const input = useRef<HTMLInputElement>(null)
  const [profile, setProfile] = useState((profiles.find((one) => one.name === preferred) ?? profiles[0])?.name ?? preferred)
  const [sending, setSending] = useState<{ file: File; share: number; stop: AbortController } | null>(null)
  const [problem, setProblem] = useState('')
  const [isOver, setOver] = useState(false)
  const [pasted, setPasted] = useState('')
  const help = profiles.find((one) => one.name === profile)?.help

  async function take(file: File | undefined): Promise<void> {
    if (!file || sending) return
    if (file.size > largest) {
      setProblem(`“${file.name}”有 ${formatBytes(file.size)}，超过 200 MB 的限制，请分成几个文件`)
      return
    }
    setProblem('')
    const stop = new AbortController()
    setSending({ file, share: 0, stop })
    try {
      const detail = await uploadImport(profile, file, (share) => setSending({ file, share, stop }), stop.signal)
      client.setQueryData(['import', detail.id], detail)
      onBegun(detail.id)
    } catch (error) {
      if (!stop.signal.aborted) setProblem(messageOf(error))
      setSending(null)
    }
  }
  const takeText = (text: string) => take(new File([text], '粘贴的单元格.tsv', { type: 'text/tab-separated-values' }))
  function drop(event: DragEvent): void {
    event.preventDefault()
    setOver(false)
    void take(event.dataTransfer.files[0])
  }
  return (
    <>
      <section className="x-card i-choose">
        {profiles.length > 1 && (
          <Radio.Group value={profile} onChange={(event) => setProfile(event.target.value as string)} className="i-profiles">
            {profiles.map((one) => (
              <Radio key={one.name} value={one.name}>
                {one.label}
              </Radio>
            ))}
          </Radio.Group>
        )}
        {help && <p className="x-muted">{help}</p>}
        <div
          className={isOver ? 'i-drop over' : 'i-drop'}
          onDragOver={(event) => {
            event.preventDefault()
            setOver(true)
          }}
          onDragLeave={() => setOver(false)}
          onDrop={drop}
        >
          {sending ? (
            <>
              <p>
                正在上传 {sending.file.name}（{formatBytes(sending.file.size)}）
              </p>
              <Progress percent={Math.floor(sending.share * 100)} className="i-sending" />
              <Button onClick={() => sending.stop.abort()}>取消上传</Button>
            </>
          ) : (
            <>
              <InboxOutlined className="i-drop-icon" aria-hidden />
              <Button type="primary" onClick={() => input.current?.click()}>
                选择文件
              </Button>
              <p className="x-muted">
                或把文件拖到这里。Excel（.xlsx）、CSV，或系统导出的网页表格（.xls），不超过 200 MB；列的次序和叫法不必一样
              </p>
            </>
          )}
        </div>
        <input
          ref={input}
          type="file"
          hidden
          accept={tableEndings}
          aria-label="要导入的文件"
          onChange={(event) => {
            void take(event.target.files?.[0])
            event.target.value = ''
          }}
        />
        {!sending && (
          <div className="i-paste">
            <Input.TextArea
              aria-label="粘贴单元格"
              placeholder="也可以在表格软件里复制单元格（连同表头），粘贴到这里"
              autoSize={{ minRows: 1, maxRows: 6 }}
              value={pasted}
              onChange={(event) => setPasted(event.target.value)}
              onPaste={(event) => {
                const text = event.clipboardData.getData('text/plain')
                // Lines are a table; anything else is words to be put together first.
                if (pasted || !text.trim().includes('\n')) return
                event.preventDefault()
                void takeText(text)
              }}
            />
            {pasted.trim() && <Button onClick={() => void takeText(pasted)}>读取</Button>}
          </div>
        )}
        {problem && <Alert type="error" showIcon message={problem} />}
      </section>
      <History resource={resource} onOpen={onOpen} />
    </>
  )
}
