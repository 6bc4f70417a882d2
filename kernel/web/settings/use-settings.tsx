import { App, Button } from 'antd'
import { useState } from 'react'
import { useSend, type Sending } from '../parts/use-send.tsx'
import './settings.css'

export interface SettingsDraft<T> extends Pick<Sending, 'isSending' | 'problems' | 'problem'> {
  draft: T
  put: (change: Partial<T>) => void
  isChanged: boolean
  save: () => void
  restore: () => void
}
/** A draft of settings that were seen, and how it is stored; the page shows it anew by a key of what is stored. */
export function useSettings<T extends object>(
  seen: T,
  store: (draft: T) => Promise<void>,
  refusal = '没有保存，请看标红的说明',
): SettingsDraft<T> {
  const [draft, setDraft] = useState(seen)
  const { isSending, problems, setProblems, problem, send } = useSend()
  const { message } = App.useApp()
  async function save() {
    const refused = await send(async () => {
      await store(draft)
      void message.success('已保存，立即生效')
    })
    if (refused) void message.error(refusal)
  }
  return {
    draft,
    put: (change) => setDraft((before) => ({ ...before, ...change })),
    isChanged: JSON.stringify(draft) !== JSON.stringify(seen),
    isSending,
    problems,
    problem,
    save: () => void save(),
    restore: () => (setDraft(seen), setProblems({})),
  }
}

/** Stays in sight below long settings while there is something to store. */
export function SaveFoot<T>({ of }: { of: SettingsDraft<T> }) {
  if (!of.isChanged) return null
  return (
    <footer className="x-settings-foot">
      {of.problem('')}
      <Button onClick={of.restore}>还原</Button>
      <Button type="primary" loading={of.isSending} onClick={of.save}>
        保存
      </Button>
    </footer>
  )
}
