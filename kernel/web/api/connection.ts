/** Is the server answering? Shown as a banner; while it is away it is asked again and again, and when it is back whoever listens reads afresh. */
let isDown = false
let watch: ReturnType<typeof setInterval> | undefined
const listeners = new Set<() => void>()

async function look(): Promise<void> {
  try {
    const { status } = await fetch('/api/me', { headers: { accept: 'application/json' } })
    if (status < 500) connection.report(false)
  } catch {
    // Still away.
  }
}

export const connection = {
  get isDown(): boolean {
    return isDown
  },
  report(down: boolean): void {
    if (down === isDown) return
    isDown = down
    clearInterval(watch)
    if (down) watch = setInterval(() => void look(), 4000)
    listeners.forEach((listener) => listener())
  },
  subscribe(listener: () => void): () => void {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
}
