import type { Report, SavedView, ViewDraft } from '#model'
import { Checkbox, Modal } from 'antd'
import { useState } from 'react'
import { FirstInput } from '../../parts/first-input.tsx'
import { useMe } from '../../api/hooks.ts'
import { ApiError, messageOf } from '../../api/problem.ts'

interface Props {
  /** Null: a new one. */
  view: SavedView | Report | null
  /** What is kept: a view, a report. */
  noun?: string
  /** What is kept of it, and who may see it when it is shared. */
  note?: string
  sharedWith?: string
  example?: string
  onKeep: (draft: Omit<ViewDraft, 'state'>) => Promise<void>
  onClose: () => void
}
/** Name of a view, and who it is for. */
export function ViewDialog({
  view,
  onKeep,
  onClose,
  noun = '视图',
  note = '保存筛选、排序、列、分组与汇总、图表、显示方式与突出显示；记录本身不保存，打开时总是最新的。',
  sharedWith = '所有能看此列表的人',
  example = '本科室在用的三级手术',
}: Props) {
  const me = useMe()
  const [name, setName] = useState(view?.name ?? '')
  const [isShared, setShared] = useState(view?.isShared ?? false)
  const [isLocked, setLocked] = useState(view?.isLocked ?? false)
  const [problem, setProblem] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  const mayShare = me.rights.includes('views.share')
  const isOwner = !view || view.owner === me.person?.id
  const keep = async () => {
    if (!name.trim()) return setProblem(`请填写${noun}名称`)
    setBusy(true)
    try {
      await onKeep({ name: name.trim(), isShared, isLocked: isShared && isLocked })
    } catch (error) {
      setProblem(error instanceof ApiError ? (error.problem.problems?.[0]?.message ?? messageOf(error)) : messageOf(error))
      setBusy(false)
    }
  }
  return (
    <Modal
      open
      title={view ? `${noun}设置` : `另存为${noun}`}
      okText={`保存${noun}`}
      onOk={() => void keep()}
      confirmLoading={isBusy}
      onCancel={onClose}
    >
      <label className="x-view-name">
        <span>名称</span>
        <FirstInput
          maxLength={30}
          value={name}
          status={problem ? 'error' : ''}
          placeholder={`例如：${example}`}
          onChange={(event) => {
            setName(event.target.value)
            setProblem(null)
          }}
          onPressEnter={(event) => !event.nativeEvent.isComposing && void keep()}
        />
        {problem && (
          <em className="x-problem" role="alert">
            {problem}
          </em>
        )}
      </label>
      <p className="x-muted x-small">{note}</p>
      {mayShare && (
        <p>
          <Checkbox checked={isShared} onChange={(event) => setShared(event.target.checked)}>
            共享给{sharedWith}（各人只看到自己有权看的记录）
          </Checkbox>
        </p>
      )}
      {isShared && isOwner && (
        <p>
          <Checkbox checked={isLocked} onChange={(event) => setLocked(event.target.checked)}>
            锁定：只有我可以修改
          </Checkbox>
        </p>
      )}
    </Modal>
  )
}
