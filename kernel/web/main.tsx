import type { Me } from '#model'
import { StrictMode } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import { leaveTrial, place } from './api/place.ts'
import { here } from './api/place.ts'
import { readProblem } from './api/problem.ts'
import { session } from './api/session.ts'
import { publicPageAt } from './public-pages.ts'
import { SignInPage } from './sign-in/sign-in-page.tsx'
import './theme/theme.css'
import { applyStoredTheme, isThemeMode, setThemeMode, themeMode } from './theme/mode.ts'

// This file and what it imports is all that the sign-in page loads: no component library, no router; of the model single files, for its index would bring along all of it.
const loadApp = () => import('./shell/app.tsx')

applyStoredTheme()
const container = document.getElementById('root')
if (container) void start(createRoot(container))

async function start(root: Root): Promise<void> {
  const open = publicPageAt(location.pathname)
  if (open) {
    const { default: Page } = await open.load()
    return root.render(<Page rest={open.rest} />)
  }
  const me = await whoAmI((why) =>
    root.render(
      <p className="x-away" role="status">
        {why}，正在重试…
      </p>,
    ),
  )
  // Who is signed in is known by the hospital itself; whoever may not be in the space is told there why.
  if (!me && place) return leaveTrial()
  if (me) session.set(me)
  if (me && !me.account.owes) return openApp(root)
  root.render(
    <StrictMode>
      <SignInPage onTyping={() => void loadApp()} onDone={() => void openApp(root)} />
    </StrictMode>,
  )
}

async function openApp(root: Root): Promise<void> {
  const { App } = await loadApp()
  const theme = session.me?.likings['theme']
  if (isThemeMode(theme) && theme !== themeMode()) setThemeMode(theme)
  root.render(
    <StrictMode>
      <App />
    </StrictMode>,
  )
}

/** Null when nobody is signed in. A server that is away is waited for: whoever is signed in must not be asked for a password. */
async function whoAmI(onAway: (why: string) => void): Promise<Me | null> {
  for (let attempt = 0; ; attempt++) {
    let why = '连不上服务器'
    try {
      const response = await fetch(here('/api/me'), { headers: { accept: 'application/json' } })
      if (response.ok) return (await response.json()) as Me
      if (response.status < 500) return null
      if ((await readProblem(response)).code === 'busy') why = '系统繁忙'
    } catch {
      // No answer at all is the same as "away".
    }
    onAway(why)
    // Not all pages at the same instant.
    await new Promise((resolve) => setTimeout(resolve, Math.min(500 * 2 ** attempt, 4000) * (0.5 + Math.random())))
  }
}
