/**
 * What the browser runs while no page of ours is open: shows what was pushed, and opens what it is about. Built into a file of its own under the root, for which
 * it then speaks (vite.config.ts); it imports nothing.
 */
interface Pushed {
  id: string
  title: string
  link: string | null
}
type Lasting = Event & { waitUntil(work: Promise<unknown>): void }
type PushEvent = Lasting & { data: { json(): unknown } | null }
type ClickEvent = Lasting & { notification: Notification }
interface Page {
  readonly visibilityState: DocumentVisibilityState
  focus(): Promise<Page>
  navigate(url: string): Promise<Page | null>
}
interface Worker {
  addEventListener(name: 'activate', heard: (event: Lasting) => void): void
  addEventListener(name: 'push', heard: (event: PushEvent) => void): void
  addEventListener(name: 'notificationclick', heard: (event: ClickEvent) => void): void
  registration: ServiceWorkerRegistration
  clients: {
    matchAll(of: { type: 'window'; includeUncontrolled: boolean }): Promise<Page[]>
    openWindow(url: string): Promise<Page | null>
    claim(): Promise<void>
  }
}
const worker = globalThis as unknown as Worker
const pages = () => worker.clients.matchAll({ type: 'window', includeUncontrolled: true })

/** Whoever looks at a page of ours sees it there. */
async function show({ id, title, link }: Pushed): Promise<void> {
  if ((await pages()).some(({ visibilityState }) => visibilityState === 'visible')) return
  // An open page may tell of it, too (notify.ts): by the same mark it is shown once.
  await worker.registration.showNotification(title, { tag: id, data: link })
}
/** Of the address only the path: it is opened where this browser knows the house. */
async function open(link: unknown): Promise<void> {
  const { pathname, search, hash } = new URL(typeof link === 'string' ? link : '/messages', location.origin)
  const path = `${pathname}${search}${hash}`
  const [page] = await pages()
  const shown = page ? await page.navigate(path) : await worker.clients.openWindow(path)
  await shown?.focus()
}
// Only pages that it stands behind may be led elsewhere; those that were open already, too.
worker.addEventListener('activate', (event) => event.waitUntil(worker.clients.claim()))
worker.addEventListener('push', (event) => event.data && event.waitUntil(show(event.data.json() as Pushed)))
worker.addEventListener('notificationclick', (event) => {
  event.notification.close()
  event.waitUntil(open(event.notification.data))
})
