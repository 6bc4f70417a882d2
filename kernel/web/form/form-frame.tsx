import { formatInstant, type ClientResource, type FieldProblem } from '#model'
import { App, Button } from 'antd'
import { useRef, useState, type ReactNode } from 'react'
import { useNavigate } from 'react-router'
import { useQueryClient } from '@tanstack/react-query'
import { forgetRecord } from '../api/hooks.ts'
import { ApiError, messageOf } from '../api/problem.ts'
import { PageHead } from '../parts/page-head.tsx'
import { usePage, useUnsaved } from '../shell/page-context.tsx'
import { dropDraft, useAutosave, type Draft } from './autosave.ts'
import type { FormStore } from './form-store.ts'
import { RecordForm, showProblem } from './record-form.tsx'
import { useIsPhone } from '../shell/use-is-phone.ts'
import { useIsDirty } from './use-form.ts'

interface Props {
  title: string
  form: string
  resource: ClientResource
  store: FormStore
  version: number | null
  draft: Draft | null
  submitLabel: string
  /** Answers the record, what to tell, and where to go when that is not the record. */
  submit: () => Promise<{ id: string; said: string; to?: string }>
  /** Another way for what is filled in, beside submitting it. */
  also?: { label: string; run: () => Promise<{ id?: string; said: string; to?: string }> }
  /** What may be left out: another gives it. */
  isLeft?: ((key: string) => boolean) | undefined
  /** Where giving up leads, when that is not the record. */
  backTo?: string
  /** Above the fields: what it is for. */
  above?: ReactNode
  /** Beside the fields: who will decide. */
  aside?: ReactNode
  /** A refusal that this frame need not show. True when taken. */
  onRefused?: (error: ApiError) => boolean
  onDiscardDraft: () => void
}
/** Around every form: draft, submit, problems, leaving. */
export function FormFrame({
  title,
  form,
  resource,
  store,
  version,
  draft,
  submitLabel,
  submit,
  above,
  aside,
  also,
  backTo,
  isLeft,
  onRefused,
  onDiscardDraft,
}: Props) {
  const box = useRef<HTMLDivElement>(null)
  const navigate = useNavigate()
  const client = useQueryClient()
  const page = usePage()
  const isPhone = useIsPhone()
  const { message } = App.useApp()
  const [isSending, setSending] = useState(false)
  const isDirty = useIsDirty(store)
  const { savedAt, stop } = useAutosave(form, store, version)
  useUnsaved(isDirty, 'kept')

  const isNew = version === null
  const cancel = () => {
    if (isPhone) void navigate(-1)
    else if (isNew) page.close()
    else void navigate(backTo ?? page.key)
  }
  function showProblems(keys: readonly string[], problems: readonly FieldProblem[] = []) {
    showProblem(box.current, keys[0])
    const unplaced = problems.filter(({ field }) => !resource.fields[field.split('.')[0] ?? ''])
    message.warning(
      unplaced[0]?.message ?? (keys.length > 1 ? `有 ${keys.length} 处需要修改` : `请修改：${resource.fields[keys[0] ?? '']?.label ?? ''}`),
    )
  }
  async function send(work: () => Promise<{ id?: string; said: string; to?: string }>) {
    const wrong = store.check().filter((key) => !isLeft?.(key))
    if (wrong.length) return showProblems(wrong)
    setSending(true)
    try {
      const { id, said, to } = await work()
      stop()
      page.setUnsaved(null)
      void dropDraft(form)
      forgetRecord(client, resource.name, id)
      message.success(said)
      if (isNew) page.discard()
      await navigate(to ?? `/r/${resource.name}/${id}`, { replace: true })
    } catch (error) {
      if (!(error instanceof ApiError)) message.error(messageOf(error))
      else if (error.fieldProblems.length) showProblems(store.tell(error.fieldProblems), error.fieldProblems)
      else if (!onRefused?.(error)) message.error(error.message)
    }
    setSending(false)
  }
  return (
    <div className="x-page x-form-page" ref={box}>
      <PageHead title={title} />
      {above}
      {draft && (
        <div className="x-draft" role="status">
          已恢复 {formatInstant(draft.at)} 未提交的草稿。
          {version !== null && draft.version !== version && '草稿之后这条记录又有人改过，提交前请核对。'}
          <button
            type="button"
            className="x-link"
            onClick={() => {
              stop()
              void dropDraft(form).then(onDiscardDraft)
            }}
          >
            放弃草稿
          </button>
        </div>
      )}
      <RecordForm store={store} isNew={isNew} aside={aside} />
      <footer className="x-form-foot">
        <span className="x-faint x-small">{savedAt ? `草稿已存 ${formatInstant(savedAt).slice(11)}` : ''}</span>
        <span className="x-space" />
        <Button onClick={cancel}>取消</Button>
        {also && (
          <Button disabled={isSending} onClick={() => void send(also.run)}>
            {also.label}
          </Button>
        )}
        <Button type="primary" loading={isSending} onClick={() => void send(submit)}>
          {submitLabel}
        </Button>
      </footer>
    </div>
  )
}
