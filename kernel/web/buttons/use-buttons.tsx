import type { ActionButton, ApiRecord, ClientResource } from '#model'
import { useQueryClient } from '@tanstack/react-query'
import { App } from 'antd'
import { useNavigate } from 'react-router'
import { api, newId } from '../api/client.ts'
import { forgetRecord, keys } from '../api/hooks.ts'
import { messageOf } from '../api/problem.ts'
import { isRuleTrue } from '../form/rules.ts'

interface Pressed {
  instances: readonly string[]
}
/** Presses a button that sets fields on one record, as it was seen. */
export const pressOne = ({ name }: ClientResource, record: ApiRecord, button: ActionButton): Promise<Pressed> =>
  api.post<Pressed>(`/api/records/${name}/${record.id}/press/${button.name}`, { version: record.version }, newId())

/** What is asked before, where the button asks. */
export function useAsked(): (button: ActionButton, run: () => Promise<unknown>, of?: string) => void {
  const { modal } = App.useApp()
  return ({ label, confirm }, run, of = '') => {
    if (confirm) modal.confirm({ title: `${label}${of}？`, content: confirm, okText: label, onOk: run })
    else void run()
  }
}
/** The buttons that this record offers now, ready to be pressed. */
export function useButtons(resource: ClientResource, record: ApiRecord): { button: ActionButton; press: () => void }[] {
  const { message } = App.useApp()
  const navigate = useNavigate()
  const client = useQueryClient()
  const ask = useAsked()
  async function set(button: ActionButton) {
    try {
      const { instances } = await pressOne(resource, record, button)
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
    const address = 'open' in does ? does.open.replace(/\{([^{}]*)\}/g, (_, key: string) => encodeURIComponent(textOf(record[key]))) : '/'
    if (address.startsWith('/')) return Promise.resolve(navigate(address))
    window.open(address, '_blank', 'noopener,noreferrer')
    return Promise.resolve()
  }
  const isOffered = ({ when, does }: ActionButton) =>
    (!when || isRuleTrue(when, resource.fields, record)) &&
    ('set' in does ? !record.deletedAt && record.state === 'approved' && resource.may.update : true)
  return (resource.buttons ?? [])
    .filter(isOffered)
    .map((button) => ({ button, press: () => ask(button, () => ('set' in button.does ? set(button) : go(button))) }))
} // prettier-ignore
const textOf = (value: unknown): string =>
  value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value)
/** Values taken along into a new form. */
const filled = (fill: Readonly<Record<string, string>>, record: ApiRecord): string =>
  new URLSearchParams(Object.entries(fill).flatMap(([to, from]) => (textOf(record[from]) ? [[to, textOf(record[from])]] : []))).toString()
