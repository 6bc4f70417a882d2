import { diffRows, formatInstant, rowChanges, type ApiRecord, type ClientResource } from '#model'
import { useQueryClient } from '@tanstack/react-query'
import { App, Button, Modal, Radio } from 'antd'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { forgetRecord } from '../api/hooks.ts'
import { ApiError, messageOf } from '../api/problem.ts'
import { CellOf, useTitle } from '../fields/index.ts'
import { usePage } from '../shell/page-context.tsx'
import { dropDraft } from './autosave.ts'
import { isComputed, isSame, rowsIn } from './form-store.ts'

interface Props {
  resource: ClientResource
  form: string
  base: ApiRecord
  changes: Record<string, unknown>
  theirs: ApiRecord
  save: (changes: Record<string, unknown>) => Promise<unknown>
  /** Changed once more meanwhile. */
  onConflictAgain: (theirs: ApiRecord) => void
  onClose: () => void
}
/** Two people changed one record: both versions side by side, decided field by field. */
export function ConflictDialog({ resource, form, base, changes, theirs, save, onConflictAgain, onClose }: Props) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const page = usePage()
  const { message } = App.useApp()
  const [isSaving, setSaving] = useState(false)
  const [taken, setTaken] = useState<Record<string, 'mine' | 'theirs'>>({})
  const who = useTitle('directory.person', theirs.updatedBy ?? '') ?? '另一位同事'
  const changedByThem = Object.keys(resource.fields).filter((key) => !isComputed(resource.fields[key]) && !isSame(base[key], theirs[key]))
  const rows = Object.keys(resource.fields).filter(
    (key) => (key in changes && !isSame(changes[key], theirs[key])) || changedByThem.includes(key),
  )
  // A field both changed is a decision; what only one changed is simply taken. Of a sub-table it is a decision only where both changed the same row.
  const isSameRow = (key: string) =>
    rowChanges(rowsIn(base[key]), diffRows(rowsIn(base[key]), rowsIn(changes[key])), rowsIn(theirs[key])).some((row) => 'now' in row)
  const isBoth = (key: string) =>
    key in changes &&
    changedByThem.includes(key) &&
    !isSame(changes[key], theirs[key]) &&
    (resource.fields[key]?.kind !== 'rows' || isSameRow(key))
  const undecided = rows.filter((key) => isBoth(key) && !taken[key])

  const finish = async (record: { id: string }) => {
    page.setUnsaved(null)
    void dropDraft(form)
    forgetRecord(client, resource.name, record.id)
    onClose()
    await navigate(`/r/${resource.name}/${record.id}`, { replace: true })
  }
  async function merge() {
    setSaving(true)
    const mine = Object.entries(changes).filter(([key]) => !isBoth(key) || taken[key] === 'mine')
    try {
      await save(Object.fromEntries(mine))
      message.success('已合并保存')
      return await finish(base)
    } catch (error) {
      if (error instanceof ApiError && error.problem.current) {
        setTaken({})
        onConflictAgain(error.problem.current)
      } else message.error(messageOf(error))
    }
    setSaving(false)
  }
  return (
    <Modal
      open
      width={760}
      title="这条记录刚被别人修改"
      onCancel={onClose}
      footer={[
        <Button key="drop" onClick={() => void finish(theirs)}>
          放弃我的修改
        </Button>,
        <Button key="merge" type="primary" disabled={undecided.length > 0} loading={isSaving} onClick={() => void merge()}>
          {undecided.length ? `还有 ${undecided.length} 处要选` : '保存合并结果'}
        </Button>,
      ]}
    >
      <p className="x-muted">
        {who} 于 {formatInstant(theirs.updatedAt)} 保存了第 {theirs.version} 版；你从第 {base.version}{' '}
        版开始修改。两人都改过的，请选用哪一个。
      </p>
      <table className="x-conflict">
        <thead>
          <tr>
            <th>字段</th>
            <th>你填写的</th>
            <th>对方保存的</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((key) => {
            const field = resource.fields[key]
            if (!field) return null
            const choice = taken[key]
            const pick = (side: 'mine' | 'theirs') => setTaken({ ...taken, [key]: side })
            const cell = (side: 'mine' | 'theirs', value: unknown, isChanged: boolean) => (
              <td className={(isBoth(key) ? choice === side : isChanged) ? 'taken' : ''}>
                {isBoth(key) ? (
                  <Radio checked={choice === side} onChange={() => pick(side)}>
                    <CellOf field={field} value={value ?? null} />
                  </Radio>
                ) : isChanged ? (
                  <CellOf field={field} value={value ?? null} />
                ) : (
                  <span className="x-faint">未改</span>
                )}
              </td>
            )
            return (
              <tr key={key}>
                <th scope="row">{field.label}</th>
                {cell('mine', changes[key], key in changes)}
                {cell('theirs', theirs[key], changedByThem.includes(key))}
              </tr>
            )
          })}
        </tbody>
      </table>
    </Modal>
  )
}
