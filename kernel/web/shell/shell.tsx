import { App } from 'antd'
import { lazy, Suspense, useCallback, useEffect } from 'react'
import { useBlocker } from 'react-router'
import { TrialBar } from '../trials/trial-bar.tsx'
import { DeskShell } from './desk-shell.tsx'
import { useClosePage } from './kept-pages.tsx'
import { useOpenPages, type Unsaved } from './open-pages.ts'
import { pageKey } from './page-key.ts'
import { PhoneShell } from './phone-shell.tsx'
import { useIsPhone } from './use-is-phone.ts'
import { useConnection, useCounts, useMe } from '../api/hooks.ts'
import { EndsSoon } from '../security/ends-soon.tsx'
import { session } from '../api/session.ts'
import { useLive } from '../api/live.ts'
import { Watermark } from '../marks/watermark.tsx'

const MustRead = lazy(() => import('../notices/must-read.tsx'))

export function Shell() {
  useLive()
  const isPhone = useIsPhone()
  const open = useOpenPages(isPhone ? 4 : 10)
  const close = useClosePage(open)
  const { modal } = App.useApp()
  const { hospital } = useMe()
  const { pages, current, unsavedOf, setUnsaved } = open
  const mustRead = useCounts().data?.mustRead ?? 0

  const title = pages.find((page) => page.key === current)?.title
  useEffect(() => {
    document.title = title ? `${title} · ${hospital.name}` : hospital.name
  }, [title, hospital.name])

  // On the desk another page keeps this one behind its tab; only an address that replaces it would lose something.
  const blocker = useBlocker(
    useCallback(
      ({ currentLocation: from, nextLocation: to }) =>
        unsavedOf(pageKey(from.pathname)) !== null &&
        from.pathname !== to.pathname &&
        (isPhone || pageKey(from.pathname) === pageKey(to.pathname)),
      [unsavedOf, isPhone],
    ),
  )
  useEffect(() => {
    if (blocker.state !== 'blocked') return
    void askToLeave(modal, unsavedOf(current)).then((leave) => {
      if (!leave) return blocker.reset()
      setUnsaved(current, null)
      blocker.proceed()
    })
  }, [blocker, modal, unsavedOf, setUnsaved, current])
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => {
      if (!session.isLeaving && pages.some((page) => unsavedOf(page.key))) event.preventDefault()
    }
    addEventListener('beforeunload', warn)
    return () => removeEventListener('beforeunload', warn)
  }, [pages, unsavedOf])

  const closeAsking = useCallback(
    (key: string) => {
      const unsaved = unsavedOf(key)
      if (!unsaved) return close(key)
      void askToLeave(modal, unsaved).then((leave) => leave && close(key))
    },
    [unsavedOf, close, modal],
  )
  const ShellOfSize = isPhone ? PhoneShell : DeskShell
  return (
    <ShellOfSize
      open={open}
      onClose={closeAsking}
      banner={
        <>
          <TrialBar />
          <DownBanner />
          <EndsSoon />
          <Watermark />
          <Suspense>{mustRead > 0 && <MustRead />}</Suspense>
        </>
      }
    />
  )
}

type Modal = ReturnType<typeof App.useApp>['modal']
const leaving = {
  kept: {
    title: '还没有提交，要离开吗？',
    content: '填写的内容已存为草稿，下次打开时可以接着填。',
    okText: '离开',
    cancelText: '继续填写',
  },
  lost: { title: '有改动还没有保存，要离开吗？', content: '离开后这些改动就没有了。', okText: '不保存，离开', cancelText: '留在这里' },
} as const
const askToLeave = (modal: Modal, unsaved: Unsaved | null): Promise<boolean> =>
  new Promise((resolve) => {
    modal.confirm({ ...leaving[unsaved ?? 'lost'], onOk: () => resolve(true), onCancel: () => resolve(false) })
  })

const bannerOf = {
  well: null,
  busy: '系统繁忙，正在重试。已填写的内容不会丢。',
  away: '连不上服务器，正在自动重试。已填写的内容不会丢。',
}
function DownBanner() {
  const words = bannerOf[useConnection()]
  return words ? (
    <div className="x-down" role="status">
      {words}
    </div>
  ) : null
}
