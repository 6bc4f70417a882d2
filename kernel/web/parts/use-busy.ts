import { App } from 'antd'
import { useState } from 'react'
import { messageOf } from '../api/problem.ts'

/** Work that is seen to go on; what becomes of it when it fails is told. */
export function useBusy(): { isBusy: boolean; busily: (work: () => Promise<void>) => Promise<void> } {
  const { message } = App.useApp()
  const [isBusy, setBusy] = useState(false)
  async function busily(work: () => Promise<void>): Promise<void> {
    setBusy(true)
    try {
      await work()
    } catch (error) {
      void message.error(messageOf(error))
    } finally {
      setBusy(false)
    }
  }
  return { isBusy, busily }
}
