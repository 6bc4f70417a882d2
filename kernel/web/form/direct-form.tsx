import { useMemo, useRef, useState } from 'react'
import { useLocation } from 'react-router'
import type { ClientResource, RecordAnswer } from '#model'
import { api, newId } from '../api/client.ts'
import { useMe } from '../api/hooks.ts'
import { ApiError } from '../api/problem.ts'
import type { Draft } from './autosave.ts'
import { DirectReason } from './direct-reason.tsx'
import { FormFrame } from './form-frame.tsx'
import { FormStore } from './form-store.ts'
import { defaultsOf, givenIn } from './new-values.ts'

interface Props {
  resource: ClientResource
  form: string
  draft: Draft | null
  onDiscard: () => void
}
/** A new record past its approval, by whoever may write directly, for a reason that is kept. */
export function DirectForm({ resource, form, draft, onDiscard }: Props) {
  const { today } = useMe()
  const { search } = useLocation()
  const [reason, setReason] = useState('')
  const actId = useRef(newId())
  // Whom it is about is said, never taken for granted.
  const store = useMemo(
    () => new FormStore(resource, {}, { ...defaultsOf(resource.fields, { today }), ...givenIn(search, resource), ...draft?.changes }),
    [resource, draft, search, today],
  )
  async function submit() {
    if (!reason.trim()) throw new ApiError({ type: 'about:blank', code: 'invalid', title: '请填写直接登记的依据', status: 422 })
    try {
      const body = { draft: store.filled(), reason: reason.trim(), actId: actId.current }
      const { record } = await api.post<RecordAnswer>(`/api/records/${resource.name}/directly`, body, actId.current)
      return { id: record.id, said: '已登记' }
    } catch (error) {
      // Answered means not done: what is mended next is another act.
      if (error instanceof ApiError && error.status < 500) actId.current = newId()
      throw error
    }
  }
  return (
    <FormFrame
      title={`登记${resource.label}`}
      form={form}
      resource={resource}
      store={store}
      version={null}
      draft={draft}
      submitLabel="保存"
      submit={submit}
      aside={<DirectReason label="直接登记的依据" value={reason} onChange={setReason} />}
      onDiscardDraft={onDiscard}
    />
  )
}
