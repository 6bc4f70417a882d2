import { readPage, Refusal, type DesignAnswer, type FieldProblem, type Page, type PublishPreview, type PublishingItem } from '#model'
import { useQueryClient } from '@tanstack/react-query'
import { App } from 'antd'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import { ApiError, messageOf } from '../../api/problem.ts'
import { pagesKey } from '../use-pages.ts'

export const designUrl = (name: string, rest = ''): string => `/api/designs/page/${encodeURIComponent(name)}${rest}`
/** What a page is begun with. */
export const emptyPage: Page = { label: '新页面', icon: 'dashboard', who: [], menu: null, home: [], filters: [], refresh: null, blocks: [] }

/** What is wrong with a page as it is drawn, before it is sent: the same rules as the server's. */
export function problemsIn(page: Page): readonly FieldProblem[] {
  try {
    readPage(page)
    return []
  } catch (error) {
    if (error instanceof Refusal) return (error.detail['problems'] as FieldProblem[] | undefined) ?? []
    throw error
  }
}

/** Keeps a page as a draft, and puts it in force: through the one store of everything that the hospital draws. */
export function useKeeping(opened: DesignAnswer | null) {
  const { message } = App.useApp()
  const client = useQueryClient()
  const [stand, setStand] = useState(opened)
  const [saved, setSaved] = useState<Page | null>(opened ? (opened.content as Page) : null)
  const [isBusy, setBusy] = useState(false)
  const [problems, setProblems] = useState<readonly FieldProblem[]>(opened?.problems ?? [])
  const tried = async <T>(act: () => Promise<T>): Promise<T | null> => {
    setBusy(true)
    try {
      return await act()
    } catch (error) {
      if (error instanceof ApiError && error.problem.problems) setProblems(error.problem.problems.map((one) => ({ ...one, field: one.field.replace(/^page:[^:]*:/, '') }))) // prettier-ignore
      void message.error(messageOf(error))
      return null
    } finally {
      setBusy(false)
    }
  }
  /** Answers the draft as it stands then. */
  const save = (page: Page): Promise<DesignAnswer | null> =>
    tried(async () => {
      const next = stand
        ? await api.put<DesignAnswer>(designUrl(stand.name), { content: page, revision: stand.revision })
        : await api.post<DesignAnswer>('/api/designs/page', { content: page })
      setStand(next)
      setSaved(page)
      setProblems(next.problems)
      await client.invalidateQueries({ queryKey: pagesKey })
      return next
    })
  const previewOf = ({ name, revision }: DesignAnswer): Promise<PublishPreview | null> =>
    tried(() => api.post<PublishPreview>('/api/publishings/preview', { items: [{ kind: 'page', name, revision }] }))
  const publish = ({ name, revision }: DesignAnswer, note: string): Promise<PublishingItem | null> =>
    tried(async () => {
      const done = await api.post<PublishingItem>('/api/publishings', { items: [{ kind: 'page', name, revision }], note })
      setStand(await api.get<DesignAnswer>(designUrl(name)))
      await client.invalidateQueries({ queryKey: pagesKey })
      await client.invalidateQueries({ queryKey: ['definitions'] })
      void message.success('已发布')
      return done
    })
  return { stand, saved, save, previewOf, publish, isBusy, problems }
}
