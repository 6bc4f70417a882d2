import { code128, drawingSVG, ean13, qrcode } from 'bwip-js/browser'
import { useMemo } from 'react'
import type { Symbology } from '#model'

const drawn = { qr: qrcode, code128, ean13 }
/** A code as a picture, drawn in the page; null where the text cannot be one. */
function draw(text: string, symbology: Symbology): string | null {
  try {
    const isSquare = symbology === 'qr'
    const svg = drawn[symbology](
      { bcid: symbology === 'qr' ? 'qrcode' : symbology, text, scale: 2, ...(isSquare ? {} : { height: 10, includetext: true }) },
      drawingSVG(),
    )
    return `data:image/svg+xml;utf8,${encodeURIComponent(svg)}`
  } catch {
    return null
  }
}
/** The code to be scanned from the screen or from paper, with its text below. */
export function CodePicture({ text, symbology }: { text: string; symbology: Symbology }) {
  const picture = useMemo(() => draw(text, symbology), [text, symbology])
  return (
    <figure className={`x-code ${symbology === 'qr' ? 'square' : ''}`}>
      {picture && <img src={picture} alt={`${symbology === 'qr' ? '二维码' : '条码'} ${text}`} />}
      {(symbology !== 'ean13' || !picture) && <figcaption>{text}</figcaption>}
    </figure>
  )
}
