import { mostMerged, opensMany, type ActionButton, type ApiRecord, type ChangeManyAnswer, type ClientResource } from '#model'
import { useQueryClient } from '@tanstack/react-query'
import { App, Button, Modal } from 'antd'
import { useEffect, useState } from 'react'
import { useNavigate } from 'react-router'
import { api } from '../api/client.ts'
import { forgetRecord, keys } from '../api/hooks.ts'
import { messageOf } from '../api/problem.ts'
import { pressOne, useAsked } from '../buttons/use-buttons.tsx'
import { Tag } from '../parts/tag.tsx'
import { useIsPhone } from '../shell/use-is-phone.ts'
import { BatchChange } from './batch-change.tsx'
import { ShareDialog } from '../sharing/share-dialog.tsx'
import { useExport } from './export.ts'
import './batch.css'

interface Props {
  resource: ClientResource
  rows: readonly ApiRecord[]
  selected: ReadonlySet<string>
  columns: readonly string[]
  isTrash: boolean
  onDone: () => void
}
interface Outcome {
  id: string
  title: string
  problem: string | null
}

/** Merging changes one record and deletes others. */
export const mayMerge = ({ may, writtenBy }: ClientResource): boolean => may.update && may.delete && writtenBy !== 'module'

/** Selection offers its acts; each answers row by row. */
export function BatchBar({ resource, rows, selected, columns, isTrash, onDone }: Props) {
  const { modal } = App.useApp()
  const isPhone = useIsPhone()
  const navigate = useNavigate()
  const client = useQueryClient()
  const { run } = useExport(resource)
  const [progress, setProgress] = useState<number | null>(null)
  const [outcomes, setOutcomes] = useState<Outcome[] | null>(null)
  const [isAsking, setAsking] = useState(false)
  const [isSharing, setSharing] = useState(false)
  const ask = useAsked()
  const many = (resource.buttons ?? []).filter((button) => button.many)
  const chosen = rows.filter((row) => selected.has(row.id))
  useEffect(() => {
    const listen = (event: KeyboardEvent) => event.key === 'Escape' && !event.defaultPrevented && !isAsking && !isSharing && onDone()
    addEventListener('keydown', listen)
    return () => removeEventListener('keydown', listen)
  }, [onDone, isAsking, isSharing])

  async function each(act: (row: ApiRecord) => Promise<unknown>) {
    const done: Outcome[] = []
    for (const row of chosen) {
      setProgress(done.length)
      const title = String((row[resource.title] as string | null) ?? row.id)
      try {
        await act(row)
        done.push({ id: row.id, title, problem: null })
      } catch (error) {
        done.push({ id: row.id, title, problem: messageOf(error) })
      }
    }
    setProgress(null)
    forgetRecord(client, resource.name)
    setOutcomes(done)
  }
  const press = (button: ActionButton) =>
    opensMany(button.does)
      ? Promise.resolve(navigate(button.does.open.replace('{ids}', chosen.map(({ id }) => id).join())))
      : each((row) => pressOne(resource, row, button))
  const remove = () =>
    modal.confirm({
      title: `删除选中的 ${chosen.length} 条${resource.label}？`,
      content: '删除后进入回收站，可以恢复。',
      okText: '删除',
      okButtonProps: { danger: true },
      onOk: () => void each((row) => api.delete(`/api/records/${resource.name}/${row.id}`, { version: row.version })),
    })
  const asked = ({ results }: ChangeManyAnswer) => {
    const titles = new Map(chosen.map((row) => [row.id, String((row[resource.title] as string | null) ?? row.id)]))
    setAsking(false)
    forgetRecord(client, resource.name)
    void client.invalidateQueries({ queryKey: keys.tasks })
    setOutcomes(
      results.map(({ record, ok, message }) => ({ id: record, title: titles.get(record) ?? record, problem: ok ? null : message })),
    )
  }
  const restore = () => void each((row) => api.post(`/api/records/${resource.name}/${row.id}/restore`, { version: row.version }))
  if (outcomes)
    return (
      <OutcomeDialog
        outcomes={outcomes}
        onClose={() => {
          setOutcomes(null)
          onDone()
        }}
      />
    )
  return (
    <div className="x-batch" role="toolbar" aria-label="批量操作">
      <span>{progress === null ? `已选 ${chosen.length} 项` : `正在处理 ${progress + 1} / ${chosen.length}`}</span>
      {resource.may.export && (
        <button
          type="button"
          onClick={() => void run({ filter: { field: 'id', op: 'in', value: [...selected] }, columns, deleted: isTrash, format: 'xlsx' })}
        >
          导出
        </button>
      )}
      {resource.may.update && resource.writtenBy !== 'module' && !isTrash && (
        <button type="button" onClick={() => setAsking(true)}>
          {resource.approval ? '批量申请变更' : '批量修改'}
        </button>
      )}
      {!isTrash &&
        resource.may.update &&
        many.map((button) => (
          <button
            key={button.name}
            type="button"
            disabled={progress !== null}
            onClick={() => ask(button, () => press(button), ` ${chosen.length} 条`)}
          >
            {button.label}
          </button>
        ))}
      {resource.may.delete && resource.writtenBy !== 'module' && (isTrash || !resource.approval) && (
        <button type="button" disabled={progress !== null} onClick={isTrash ? restore : remove}>
          {isTrash ? '恢复' : '删除'}
        </button>
      )}
      {mayMerge(resource) && !isTrash && selected.size >= 2 && selected.size <= mostMerged && (
        <button type="button" onClick={() => void navigate(`/r/${resource.name}/merge?ids=${[...selected].join()}`)}>
          合并
        </button>
      )}
      {!isTrash && resource.may.export && (
        <button type="button" onClick={() => void navigate(`/print/${resource.name}?ids=${[...selected].join()}`)}>
          打印记录
        </button>
      )}
      {!isTrash && (
        <button type="button" onClick={() => setSharing(true)}>
          分享
        </button>
      )}
      <button type="button" className="quiet" onClick={onDone}>
        {isPhone ? '取消' : 'Esc 取消'}
      </button>
      {isAsking && <BatchChange resource={resource} rows={chosen} onDone={asked} onClose={() => setAsking(false)} />}
      {isSharing && <ShareDialog resource={resource} records={[...selected]} onClose={() => setSharing(false)} />}
    </div>
  )
}

/** What became of each row of a batch. */
export function OutcomeDialog({ outcomes, onClose }: { outcomes: readonly Outcome[]; onClose: () => void }) {
  const failed = outcomes.filter((o) => o.problem !== null)
  return (
    <Modal
      open
      title={failed.length ? `${outcomes.length - failed.length} 条成功，${failed.length} 条没有成功` : `${outcomes.length} 条全部成功`}
      onCancel={onClose}
      footer={
        <Button type="primary" onClick={onClose}>
          知道了
        </Button>
      }
    >
      <ul className="x-outcomes">
        {[...failed, ...outcomes.filter((o) => o.problem === null)].map((o) => (
          <li key={o.id}>
            <Tag tone={o.problem ? 'bad' : 'good'}>{o.problem ? '未成功' : '成功'}</Tag>
            <span>{o.title}</span>
            {o.problem && <span className="x-problem">{o.problem}</span>}
          </li>
        ))}
      </ul>
    </Modal>
  )
}
