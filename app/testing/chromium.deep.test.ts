import { chromium } from 'playwright-core'
import { expect, test } from 'vitest'
import { packagedChromium } from './chromium.ts'

test.runIf(process.platform === 'linux' && process.arch === 'x64')(
  'the browser from npm starts on a machine without any other',
  async () => {
    const { executable, args, env } = await packagedChromium()
    const browser = await chromium.launch({ executablePath: executable, args, env: { ...process.env, ...env } })
    try {
      const page = await browser.newPage()
      await page.setContent('<h1>杏林</h1>')
      expect(await page.locator('h1').boundingBox()).toMatchObject({ height: expect.any(Number) as number })
      expect((await page.screenshot()).length).toBeGreaterThan(1000)
    } finally {
      await browser.close()
    }
  },
)
