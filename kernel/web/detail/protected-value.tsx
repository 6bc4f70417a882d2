import { EyeInvisibleOutlined, EyeOutlined } from '@ant-design/icons'
import type { Field, OpenedField } from '#model'
import { App } from 'antd'
import { useEffect, useState } from 'react'
import { api } from '../api/client.ts'
import { messageOf } from '../api/problem.ts'
import { DisplayOf } from '../fields/index.ts'
import { AskReason } from '../parts/ask-reason.tsx'

/** So long an opened value stays in sight, s. */
const openFor = 60

interface Props {
  path: string
  name: string
  /** Of a cell of a sub-table: its row. */
  row?: string
  field: Field
  /** As it is shown without being opened. */
  masked: unknown
}
/** A masked value that this reader may open, for a reason that is kept: it closes by itself, and is in no cache. */
export function ProtectedValue({ path, name, row, field, masked }: Props) {
  const { message } = App.useApp()
  const [isAsking, setIsAsking] = useState(false)
  const [isBusy, setIsBusy] = useState(false)
  const [opened, setOpened] = useState<{ value: unknown } | null>(null)
  const [left, setLeft] = useState(0)
  useEffect(() => {
    if (!opened) return undefined
    const clock = setInterval(() => setLeft((seconds) => seconds - 1), 1000)
    return () => clearInterval(clock)
  }, [opened])
  if (opened && left <= 0) setOpened(null)

  async function open(reason: string): Promise<void> {
    setIsBusy(true)
    try {
      const { value } = await api.post<OpenedField>(`${path}/open`, { field: name, ...(row ? { row } : {}), reason })
      setOpened({ value })
      setLeft(openFor)
      setIsAsking(false)
    } catch (error) {
      message.error(messageOf(error))
    } finally {
      setIsBusy(false)
    }
  }
  return (
    <span className="x-protected">
      <span className={opened ? 'opened' : ''}>
        <DisplayOf field={field} value={opened ? opened.value : masked} />
      </span>
      <button
        type="button"
        className="x-icon-button"
        aria-label={opened ? `隐藏${field.label}` : `查看完整${field.label}`}
        title={opened ? '隐藏' : '查看完整内容，须写明原因，查看留痕'}
        onClick={() => (opened ? setOpened(null) : setIsAsking(true))}
      >
        {opened ? <EyeInvisibleOutlined /> : <EyeOutlined />}
      </button>
      {opened && <span className="x-faint x-small">已留痕，{left} 秒后隐藏</span>}
      {isAsking && (
        <AskReason
          title={`查看完整${field.label}`}
          hint="连同查看人和时间记入审计"
          placeholder="如：办理执业注册，核对证件"
          act="查看"
          isBusy={isBusy}
          onClose={() => setIsAsking(false)}
          onGive={(reason) => void open(reason)}
        />
      )}
    </span>
  )
}
