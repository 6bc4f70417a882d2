import { mostShortcuts, type Shortcut, type StandingShortcut } from '#model'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App } from 'antd'
import { matchRoutes } from 'react-router'
import { api } from '../api/client.ts'
import { keys } from '../api/hooks.ts'
import { messageOf } from '../api/problem.ts'
import { pageAt } from '../pages.ts'
import { routes } from '../routes.tsx'

const kernelPages = routes.filter(({ path }) => path !== '*')
const isPage = (path: string): boolean => {
  const pathname = path.split('?')[0]!
  return Boolean(pageAt(pathname)) || matchRoutes(kernelPages, pathname) !== null
}
interface Answer {
  shortcuts: StandingShortcut[]
}
export interface Shortcuts {
  /** Undefined while they are not known. */
  all: StandingShortcut[] | undefined
  error: Error | null
  retry: () => void
  isPinned: (path: string) => boolean
  toggle: (shortcut: Shortcut) => void
  /** All of them anew: order, names, what was removed. Shown at once; taken back, and said, when it is refused. */
  keep: (next: readonly Shortcut[]) => Promise<void>
}
/** 我的快捷: what this person keeps at hand, wherever he signs in. */
export function useShortcuts(): Shortcuts {
  const client = useQueryClient()
  const { message } = App.useApp()
  const { data, error, refetch } = useQuery({
    queryKey: keys.shortcuts,
    queryFn: async ({ signal }) => judged(await api.get<Answer>('/api/shortcuts', {}, signal)),
    staleTime: 5 * 60_000,
  })
  const all = data?.shortcuts
  const keep = async (next: readonly Shortcut[]) => {
    const before = client.getQueryData<Answer>(keys.shortcuts)
    client.setQueryData<Answer>(keys.shortcuts, { shortcuts: next.map((one) => ({ gone: null, ...one })) })
    try {
      const sent = next.map(({ path, name }) => ({ path, name }))
      client.setQueryData(keys.shortcuts, judged(await api.put<Answer>('/api/shortcuts', { shortcuts: sent })))
    } catch (fault) {
      client.setQueryData(keys.shortcuts, before)
      message.error(messageOf(fault))
    }
  }
  const toggle = ({ path, name }: Shortcut) => {
    if (!all) return
    if (all.some((one) => one.path === path)) {
      void keep(all.filter((one) => one.path !== path)).then(() => message.success('已从我的快捷移除'))
      return
    }
    if (all.length >= mostShortcuts) {
      message.warning(`最多固定 ${mostShortcuts} 个快捷，请先移除不用的`)
      return
    }
    void keep([...all, { path, name: name.slice(0, 30) }]).then(() => message.success('已固定到我的快捷'))
  }
  const isPinned = (path: string) => all?.some((one) => one.path === path) === true
  return { all, error, retry: () => void refetch(), isPinned, toggle, keep }
}
/** Which pages there are is known here only. */
const judged = ({ shortcuts }: Answer): Answer => ({
  shortcuts: shortcuts.map((one) => ({ ...one, gone: one.gone ?? (isPage(one.path) ? null : '页面已不在') })),
})
