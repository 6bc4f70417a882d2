import { isRichText, plainOf } from '#model'
import { Nothing } from './display.tsx'
import { drawn } from './rich-drawn.tsx'

export function RichTextDisplay({ value }: { value: unknown }) {
  if (!isRichText(value)) return typeof value === 'string' && value ? <>{value}</> : <Nothing />
  return <div className="x-rich">{(value.content ?? []).map(drawn)}</div>
}
export const RichTextCell = ({ value }: { value: unknown }) =>
  isRichText(value) ? <>{plainOf(value).replace(/\n+/g, ' ')}</> : <RichTextDisplay value={value} />
