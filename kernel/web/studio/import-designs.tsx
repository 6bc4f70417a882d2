import type { ImportLine } from '#model'
import { useQueryClient } from '@tanstack/react-query'
import { Checkbox, Modal } from 'antd'
import { useState } from 'react'
import { api } from '../api/client.ts'
import { messageOf } from '../api/problem.ts'
import { FileButton } from '../parts/file-button.tsx'
import { Tag } from '../parts/tag.tsx'
import { useSend } from '../parts/use-send.tsx'
import { designsKey } from './use-studio.ts'
import './studio.css'

/** How a piece meets what is here, in a word. */
export const meetings = {
  new: ['这里没有', 'good'],
  same: ['与这里相同', 'neutral'],
  differs: ['与这里不同', 'warn'],
  sameLabel: ['这里有同名的', 'warn'],
} as const
interface Props {
  /** A file that was opened before; else one is chosen. */
  opened?: { file: unknown; lines: ImportLine[] }
  onClose: () => void
  onDone?: () => void
}
const wanted = (lines: readonly ImportLine[]): ReadonlySet<string> =>
  new Set(lines.filter(({ meets }) => meets !== 'same').map(({ name }) => name))
/** Definitions that another hospital, or this one before, wrote into a file: seen first, then taken in as drafts. */
export function ImportDesigns({ opened, onClose, onDone = onClose }: Props) {
  const client = useQueryClient()
  const { isSending, problem, setProblems, send } = useSend()
  const [file, setFile] = useState<unknown>(opened?.file ?? null)
  const [lines, setLines] = useState<ImportLine[] | null>(opened?.lines ?? null)
  const [names, setNames] = useState<ReadonlySet<string>>(() => wanted(opened?.lines ?? []))
  const [asNew, setAsNew] = useState<ReadonlySet<string>>(new Set())
  async function look(chosen: File) {
    try {
      const read = JSON.parse(await chosen.text()) as unknown
      const found = await api.post<ImportLine[]>('/api/design-files/preview', { file: read })
      setFile(read)
      setLines(found)
      setNames(wanted(found))
      setProblems({})
    } catch (error) {
      setProblems({ '': error instanceof SyntaxError ? '文件不是 JSON，无法读取' : messageOf(error) })
    }
  }
  const take = () =>
    send(async () => {
      await api.post('/api/design-files/import', { file, names: [...names], asNew: [...asNew] })
      await client.invalidateQueries({ queryKey: designsKey })
      onDone()
    })
  const toggled = (set: ReadonlySet<string>, name: string) => (set.has(name) ? new Set([...set].filter((one) => one !== name)) : new Set([...set, name]))
  return (
    <Modal open width={640} title="导入定义" okText={`导入为草稿（${names.size}）`} cancelText="取消" okButtonProps={{ disabled: names.size === 0, loading: isSending }} onOk={() => void take()} onCancel={onClose}>
      {lines === null && (
        <FileButton label="定义文件" accept=".json,application/json" onFile={(chosen) => void look(chosen)}>
          选择文件
        </FileButton>
      )}
      {problem('') || problem('file')}
      <ul className="x-import-lines">
        {lines?.map((one) => (
          <li key={`${one.kind} ${one.name}`}>
            <Checkbox checked={names.has(one.name)} disabled={one.meets === 'same'} onChange={() => setNames(toggled(names, one.name))}>
              {one.label} <Tag tone={meetings[one.meets][1]}>{meetings[one.meets][0]}</Tag>
            </Checkbox>
            {(one.meets === 'differs' || one.meets === 'sameLabel') && one.kind === 'type' && (
              <Checkbox checked={asNew.has(one.name)} onChange={() => setAsNew(toggled(asNew, one.name))}>另建一个，不动这里的</Checkbox>
            )}
            <small>{one.words.slice(0, 8).join('；')}{one.words.length > 8 && `……共 ${one.words.length} 处`}</small>
          </li>
        ))}
      </ul>
      {lines && <p className="x-muted">导入后是草稿，核对并发布后才生效。</p>}
    </Modal>
  )
} // prettier-ignore
