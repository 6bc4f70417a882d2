import bwip from 'bwip-js/node'
import type { Symbology } from '#model'

const names = { qr: 'qrcode', code128: 'code128', ean13: 'ean13' } as const
/** A code as a drawing; null where a text cannot be said in it. */
export function codeSvg(symbology: Symbology, text: string): string | null {
  try {
    return bwip.toSVG({ bcid: names[symbology], text, ...(symbology === 'qr' ? { eclevel: 'M' } : { height: 12, includetext: true }) })
  } catch {
    return null
  }
}
