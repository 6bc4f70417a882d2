import { Input } from 'antd'
import { useMemo, useRef, useState } from 'react'
import { useLocation } from 'react-router'
import type { ClientResource, RecordAnswer } from '#model'
import { useQuery } from '@tanstack/react-query'
import { api, newId } from '#kernel/web/api/client.ts'
import { useMe } from '#kernel/web/api/hooks.ts'
import { ApiError } from '#kernel/web/api/problem.ts'
import { useResource } from '#kernel/web/definitions/use-catalog.tsx'
import { readDraft, type Draft } from '#kernel/web/form/autosave.ts'
import { FormFrame } from '#kernel/web/form/form-frame.tsx'
import { FormStore } from '#kernel/web/form/form-store.ts'
import { defaultsOf, givenIn } from '#kernel/web/form/new-values.ts'
import { definePage } from '#kernel/web/pages.ts'
import { Skeleton } from '#kernel/web/parts/states.tsx'
import { NotFound } from '#kernel/web/shell/not-found.tsx'
import './enter.css'

const name = 'organisation.committeeSeat'
const form = `${name}/enter`
/** 登记委员任职: {medicalOffice} enters who sits on a committee, past the approval, for a reason that is kept. */
function EnterPage() {
  const resource = useResource(name)
  const [round, setRound] = useState(0)
  const draft = useQuery({ queryKey: ['draft', form, round], queryFn: ({ signal }) => readDraft(form, signal), staleTime: Infinity, gcTime: 0 })
  if (!resource) return <NotFound text="没有这种记录，或者没有对你开放。" />
  if (draft.isPending) return <Skeleton />
  return <Form key={round} resource={resource} draft={draft.data ?? null} onDiscard={() => setRound(round + 1)} />
} // prettier-ignore

function Form({ resource, draft, onDiscard }: { resource: ClientResource; draft: Draft | null; onDiscard: () => void }) {
  const { today } = useMe()
  const { search } = useLocation()
  const [reason, setReason] = useState('')
  const [isMissing, setMissing] = useState(false)
  const actId = useRef(newId())
  // Whom it is about is said, never taken for granted.
  const store = useMemo(
    () => new FormStore(resource, {}, { ...defaultsOf(resource.fields, { today }), ...givenIn(search, resource), ...draft?.changes }),
    [resource, draft, search, today],
  )
  async function submit() {
    setMissing(!reason.trim())
    if (!reason.trim()) throw new ApiError({ type: 'about:blank', code: 'invalid', title: '请填写登记依据', status: 422 })
    try {
      const body = { draft: store.filled(), reason: reason.trim(), actId: actId.current }
      const { record } = await api.post<RecordAnswer>(`/api/records/${name}/directly`, body, actId.current)
      return { id: record.id, said: '已登记' }
    } catch (error) {
      if (error instanceof ApiError && error.status < 500) actId.current = newId()
      throw error
    }
  }
  const why = (
    <label className="oc-why">
      <b>登记依据</b>
      <Input.TextArea
        autoSize={{ minRows: 3, maxRows: 8 }}
        maxLength={500}
        placeholder="如：院发〔2026〕3号、聘书"
        status={isMissing && !reason.trim() ? 'error' : ''}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      {isMissing && !reason.trim() && <span className="oc-problem">请填写登记依据</span>}
      <span className="x-faint">不经审批，保存即生效；依据记入审计。</span>
    </label>
  )
  return (
    <FormFrame
      title="登记委员任职"
      form={form}
      resource={resource}
      store={store}
      version={null}
      draft={draft}
      submitLabel="保存"
      submit={submit}
      aside={why}
      onDiscardDraft={onDiscard}
    />
  )
}

export default definePage({ title: '登记委员任职', path: '/organisation/committee/enter', component: EnterPage })
