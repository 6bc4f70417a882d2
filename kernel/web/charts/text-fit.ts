const wide = /[\u2e80-\uffff]/
/** About how wide a text is drawn: Chinese characters are as wide as they are high. */
export const widthOf = (text: string, size = 12): number => [...text].reduce((sum, one) => sum + (wide.test(one) ? size : size * 0.58), 0)
/** As much of a text as fits, with … for what does not: SVG cuts nothing off by itself. */
export function fitted(text: string, width: number, size = 12): string {
  if (widthOf(text, size) <= width) return text
  let kept = ''
  for (const one of text) {
    if (widthOf(kept + one, size) > width - size) break
    kept += one
  }
  return `${kept}…`
}
