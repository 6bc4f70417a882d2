import type { ActionButton, ApiRecord, ClientResource } from '#model'
import { useQueryClient } from '@tanstack/react-query'
import { App } from 'antd'
import type { ReactNode } from 'react'
import { useNavigate } from 'react-router'
import { api, newId } from '../api/client.ts'
import { forgetRecord, keys } from '../api/hooks.ts'
import { messageOf } from '../api/problem.ts'
import { useSending } from '../approvals/use-sending.tsx'
import { useCatalog } from '../definitions/use-catalog.tsx'
import { isRuleTrue } from '../form/rules.ts'

interface Pressed {
  instances: readonly string[]
}
/** Presses a button that sets fields on one record, as it was seen. */
export const pressOne = ({ name }: ClientResource, record: ApiRecord, button: ActionButton, further: object = {}): Promise<Pressed> =>
  api.post<Pressed>(`/api/records/${name}/${record.id}/press/${button.name}`, { version: record.version, ...further }, newId())

/** What is asked before, where the button asks. */
export function useAsked(): (button: ActionButton, run: () => Promise<unknown>, of?: string) => void {
  const { modal } = App.useApp()
  return ({ label, confirm }, run, of = '') => {
    if (confirm) modal.confirm({ title: `${label}${of}？`, content: confirm, okText: label, onOk: run })
    else void run()
  }
}
export interface Buttons {
  buttons: { button: ActionButton; press: () => void }[]
  /** What a flow wants beside, as it is asked for. */
  asking: ReactNode
}
/** The buttons that this record offers now, ready to be pressed. */
export function useButtons(resource: ClientResource, record: ApiRecord): Buttons {
  const catalog = useCatalog()
  const { sent, asking } = useSending(resource.label)
  const { message } = App.useApp()
  const navigate = useNavigate()
  const client = useQueryClient()
  const ask = useAsked()
  async function set(button: ActionButton) {
    try {
      const { instances } = await sent((further) => pressOne(resource, record, button, further))
      void message.success(instances.length ? `已提交“${button.label}”，批准后生效` : `${button.label}：已完成`)
      if (instances.length) void client.invalidateQueries({ queryKey: keys.tasks })
    } catch (error) {
      void message.error(messageOf(error))
    }
    forgetRecord(client, resource.name, record.id)
  }
  /** Where a button leads that writes nothing here. */
  function go({ does }: ActionButton): Promise<unknown> {
    if ('begin' in does) return Promise.resolve(navigate(`/r/${does.begin}/new?${filled(does.fill, record)}`))
    if ('print' in does) return Promise.resolve(navigate(`/print/${resource.name}?ids=${record.id}${does.print && `&by=${encodeURIComponent(does.print)}`}`))
    const address = 'open' in does ? does.open.replace(/\{([^{}]*)\}/g, (_, key: string) => encodeURIComponent(textOf(record[key === 'ids' ? 'id' : key]))) : '/'
    if (address.startsWith('/')) return Promise.resolve(navigate(address))
    window.open(address, '_blank', 'noopener,noreferrer')
    return Promise.resolve()
  }
  const may = ({ does }: ActionButton): boolean =>
    'set' in does ? record.may?.update === true || record.may?.requestChange === true : !('begin' in does) || catalog.resource(does.begin)?.may.create === true
  const offered = (resource.buttons ?? []).filter((one) => !record.deletedAt && may(one) && (!one.when || isRuleTrue(one.when, resource.fields, record)))
  return { buttons: offered.map((button) => ({ button, press: () => ask(button, () => ('set' in button.does ? set(button) : go(button))) })), asking }
} // prettier-ignore
const textOf = (value: unknown): string =>
  value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value)
/** Values taken along into a new form. */
const filled = (fill: Readonly<Record<string, string>>, record: ApiRecord): string =>
  new URLSearchParams(Object.entries(fill).flatMap(([to, from]) => (textOf(record[from]) ? [[to, textOf(record[from])]] : []))).toString()
