import type { Browser } from 'playwright-core'
import { expect, test } from 'vitest'
import { launchBrowser, privateFonts } from './chromium.ts'

// Boxes for missing characters all look the same: what is drawn for each character must differ from every other.
async function distinctGlyphs(browser: Browser, text: string): Promise<number> {
  const page = await browser.newPage()
  await page.setContent(`<canvas width="64" height="64"></canvas>`)
  const drawn = await page.evaluate((characters) => {
    const canvas = document.querySelector('canvas')
    const pen = canvas?.getContext('2d')
    if (!canvas || !pen) return []
    return [...characters].map((character) => {
      pen.clearRect(0, 0, 64, 64)
      pen.font = '48px sans-serif'
      pen.fillText(character, 4, 52)
      return canvas.toDataURL()
    })
  }, text)
  await page.close()
  return new Set(drawn).size
}

test('the browser draws Chinese characters and not boxes', async () => {
  const browser = await launchBrowser()
  try {
    expect(await distinctGlyphs(browser, '杏林医务科')).toBe(5)
  } finally {
    await browser.close()
  }
}, 300_000)

test.runIf(process.platform === 'linux')(
  'a machine without Chinese fonts draws them with the font that npm brought along',
  async () => {
    const browser = await launchBrowser({ env: privateFonts([]) })
    try {
      expect(await distinctGlyphs(browser, '杏林医务科')).toBe(5)
    } finally {
      await browser.close()
    }
  },
  300_000,
)
