import type { ClientResource, ExportBegun, Filter } from '#model'
import { useQueryClient } from '@tanstack/react-query'
import { App } from 'antd'
import { useState } from 'react'
import { askFile } from '../api/client.ts'
import { messageOf } from '../api/problem.ts'
import { useMe } from '../api/hooks.ts'
import { exportsKey, follow } from '../exports/use-exports.ts'

interface ExportAsk {
  filter: Filter | null
  search?: string
  sort?: readonly string[]
  columns: readonly string[]
  deleted?: boolean
  asOf?: string
  format: 'xlsx' | 'csv' | 'pdf'
  /** In the background, however few there are. */
  job?: boolean
}
export function saveFile(blob: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
/** Takes records away: as a file at once, or as a job whose progress the list shows. */
export function useExport(resource: ClientResource) {
  const { message } = App.useApp()
  const client = useQueryClient()
  const { today } = useMe()
  const [isBusy, setBusy] = useState(false)
  async function run(asked: ExportAsk): Promise<void> {
    setBusy(true)
    try {
      const { blob, name, later } = await askFile<ExportBegun>('POST', `/api/records/${resource.name}/export`, { body: asked })
      if (later) {
        follow(later.job.id)
        await client.invalidateQueries({ queryKey: exportsKey })
        void message.info('已开始在后台导出，可以离开本页，完成后发消息给您')
      } else {
        saveFile(blob, name ?? `${resource.label}-${today}.${asked.format}`)
        void message.success('已导出')
      }
    } catch (error) {
      void message.error(messageOf(error))
    }
    setBusy(false)
  }
  return { run, isBusy }
}
