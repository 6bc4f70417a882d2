// What the browser is told not to do, held against every main page: each visitor fails by itself where the browser refuses something (running.ts).
import { describe, expect, test } from 'vitest'
import { call } from './acting.ts'
import type { Size, Visitor } from './running.ts'
import { stage } from './stage.ts'

const { as, stranger } = stage()
const pages: Readonly<Record<string, readonly string[]>> = {
  zhoumin: ['/', '/all', '/me', '/me/security', '/me/shares', '/me/exports', '/me/follows', '/me/shortcuts', '/me/prepared', '/me/stand-ins', '/me/together', '/tasks', '/messages', '/start',
    '/flows/bindings', '/flows/versions', '/flows/incidents', '/flows/seals', '/shares', '/bin', '/closings', '/reports', '/r/staff.practitioner', '/r/staff.practitioner/new', '/r/staff.certificate',
    '/r/privileges.grant', '/r/privileges.application', '/import/staff.practitioner', '/privileges/grant/matrix', '/privileges/why', '/nowhere'],
  secadmin: ['/protection', '/rights', '/emergency', '/r/security.account', '/r/directory.roleAssignment'],
  sysadmin: ['/flows/design', '/flows/design/privileges.application', '/settings', '/indexes', '/dictionary'],
  auditor: ['/audit'],
} // prettier-ignore

/** Until the page has had no change for a while. */
async function stands(v: Visitor): Promise<void> {
  await v.page.evaluate(() => {
    Object.assign(window, { changed: performance.now() })
    new MutationObserver(() => Object.assign(window, { changed: performance.now() })).observe(document, {
      subtree: true,
      childList: true,
      attributes: true,
    })
  })
  await v.page.waitForFunction(() => performance.now() - (window as unknown as { changed: number }).changed > 400)
}

describe.each<Size>(['desk', 'phone'])('on the %s', (size) => {
  test.each(Object.keys(pages))('no page of %s asks the browser for what the policy forbids', async (account) => {
    await as(account, size, async (v) => {
      for (const path of pages[account]!) {
        const answer = await v.goto(path)
        const policy = answer!.headers()['content-security-policy']!
        expect(policy).not.toMatch(/unsafe|\*|https?:/)
        await stands(v)
        expect({ path, problems: v.problems }).toEqual({ path, problems: [] })
      }
    })
  })
  test('the component library’s own styles are in force', async () => {
    await as('zhoumin', size, async (v) => {
      const { page } = v
      await v.goto('/r/staff.certificate/new')
      await page.getByLabel('证书名称').waitFor()
      const rules = await page.evaluate(() =>
        [...document.styleSheets].flatMap(({ href, cssRules }) => (href === null ? [cssRules.length] : [])),
      )
      expect(rules.reduce((sum, one) => sum + one, 0)).toBeGreaterThan(20)
      await v.picture(`policy-form-${size}`)
    })
  })
})

test('a script that got into the page does not run, nor a handler, nor a style without its number', async () => {
  const open = async (v: Visitor, path: string) => {
    await v.goto(path)
    await stands(v)
    await v.page.evaluate(() => {
      const run: string[] = []
      const refused: string[] = []
      Object.assign(window, { got: (what: string) => run.push(what), run, refused })
      document.addEventListener('securitypolicyviolation', (event) => refused.push(event.effectiveDirective))
      const script = document.createElement('script')
      script.textContent = 'got("script")'
      document.body.append(script)
      const holder = document.createElement('div')
      holder.id = 'intruder'
      holder.innerHTML = '<img src="x" onerror="got(1)"><a href="javascript:got(2)">x</a><p style="color: rgb(1, 2, 3)">x</p>'
      document.body.append(holder)
      holder.querySelector('a')!.click()
      const style = document.createElement('style')
      style.textContent = 'body { outline: 9px solid rgb(1, 2, 3) }'
      document.head.append(style)
      const frame = document.createElement('iframe')
      frame.src = 'https://example.org/'
      document.body.append(frame)
      const base = document.createElement('base')
      base.href = 'https://example.org/'
      document.head.append(base)
      const form = document.createElement('form')
      form.action = 'https://example.org/'
      document.body.append(form)
      form.submit()
    })
    // The browser tells of each in its own time.
    const refused = ['base-uri', 'form-action', 'frame-src', 'script-src-attr', 'script-src-elem', 'style-src-attr', 'style-src-elem']
    const told = () => v.page.evaluate(() => [...new Set((window as unknown as { refused: string[] }).refused)].toSorted())
    await expect.poll(told).toEqual(refused)
    const seen = await v.page.evaluate(() => ({
      run: (window as unknown as { run: string[] }).run,
      colour: getComputedStyle(document.querySelector('#intruder p')!).color,
      outline: getComputedStyle(document.body).outlineWidth,
      base: document.baseURI,
    }))
    v.problems.length = 0
    expect(seen.run).toEqual([])
    expect([seen.colour, seen.outline, seen.base.startsWith('https://example.org')]).not.toContain('rgb(1, 2, 3)')
    expect(seen.base).not.toContain('example.org')
    expect(seen.outline).not.toBe('9px')
  }
  await as('zhoumin', 'desk', (v) => open(v, '/'))
  await stranger('phone', (v) => open(v, '/'))
}) // prettier-ignore

test('what somebody wrote as a name is text wherever it is shown', async () => {
  const name = '<img src=x onerror="document.title=\'hit\'"><script>document.title="hit"</script>'
  await as('zhoumin', 'desk', async (v) => {
    const people = await call<{ rows: { id: string }[] }>(v, 'GET', '/api/records/staff.practitioner?limit=1')
    const made = await call<{ record: { id: string } }>(v, 'POST', '/api/records/staff.certificate', {
      practitioner: people.body.rows[0]!.id,
      name,
      kind: 'technique',
      number: 'N-1',
    })
    expect(made.status).toBe(201)
    for (const path of [
      '/r/staff.certificate',
      `/r/staff.certificate/${made.body.record.id}`,
      `/r/staff.certificate/${made.body.record.id}/edit`,
    ]) {
      await v.goto(path)
      await stands(v)
      expect(await v.page.title()).not.toBe('hit')
    }
    await v.goto(`/r/staff.certificate/${made.body.record.id}`)
    await v.page.getByText('<img src=x').first().waitFor()
  })
})
