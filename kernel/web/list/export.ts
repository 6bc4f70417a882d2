import type { ClientResource, Filter } from '#model'
import { App } from 'antd'
import { useState } from 'react'
import { askFile } from '../api/client.ts'
import { messageOf } from '../api/problem.ts'
import { useMe } from '../api/hooks.ts'

interface ExportAsk {
  filter: Filter | null
  search?: string
  sort?: readonly string[]
  columns: readonly string[]
  format: 'xlsx' | 'csv'
}
export function saveFile(blob: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
export function useExport(resource: ClientResource) {
  const { message } = App.useApp()
  const { today } = useMe()
  const [isBusy, setBusy] = useState(false)
  async function run({ format, ...asked }: ExportAsk): Promise<void> {
    setBusy(true)
    try {
      const { blob, name } = await askFile('POST', `/api/records/${resource.name}/export`, { body: { ...asked, format } })
      saveFile(blob, name ?? `${resource.label}-${today}.${format}`)
      message.success('已导出')
    } catch (error) {
      message.error(messageOf(error))
    }
    setBusy(false)
  }
  return { run, isBusy }
}
