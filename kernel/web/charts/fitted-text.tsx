import type { SVGProps } from 'react'
import { fitted } from './text-fit.ts'

/** A word as far as there is room for it; the whole is read when it is pointed at. */
export function FittedText({
  text,
  width,
  ...place
}: { text: string; width: number } & Omit<SVGProps<SVGTextElement>, 'width' | 'children'>) {
  const cut = fitted(text, width)
  return (
    <text {...place}>
      {cut !== text && <title>{text}</title>}
      {cut}
    </text>
  )
}
