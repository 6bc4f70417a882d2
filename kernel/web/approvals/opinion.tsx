import { useState } from 'react'
import { useFiles } from '../api/hooks.ts'
import { FilePreview } from '../fields/preview/preview.tsx'
import { Thumbnail } from '../fields/thumbnail.tsx'
import { piecesOf } from './said.ts'
import './opinion.css'

/** Words as they were said, the colleagues named in them marked. */
export function Words({ text, names }: { text: string; names: readonly string[] }) {
  return piecesOf(text, names).map((piece, at) =>
    piece.isName ? (
      <b key={at} className="x-named">
        {piece.text}
      </b>
    ) : (
      piece.text
    ),
  )
}

/** Pictures beside words: small, opened by a press. */
export function Pictures({ ids }: { ids: readonly string[] }) {
  const known = useFiles([...ids]).data ?? []
  const [open, setOpen] = useState<string | null>(null)
  if (ids.length === 0) return null
  return (
    <span className="x-pictures">
      {ids.map((id, at) => (
        <button key={id} type="button" aria-label={`看大图 ${at + 1}`} onClick={() => setOpen(id)}>
          <Thumbnail id={id} alt={known.find((one) => one.id === id)?.name ?? '意见所附图片'} />
        </button>
      ))}
      {known.some(({ id }) => id === open) && <FilePreview files={known} open={open!} onClose={() => setOpen(null)} />}
    </span>
  )
}
