/** What the page asks by itself a minute after anybody has moved keeps no session alive: the server is told which it is. */
const quietMs = 60_000
let last = Date.now()
for (const kind of ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart', 'visibilitychange'])
  globalThis.addEventListener?.(kind, () => (last = Date.now()), { capture: true, passive: true })

export const isSomebodyThere = (): boolean => Date.now() - last < quietMs
