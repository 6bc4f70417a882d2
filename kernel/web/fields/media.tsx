import { kindOf, type Field } from '#model'
import { AudioOutlined, PlayCircleOutlined } from '@ant-design/icons'
import { useState } from 'react'
import { here } from '../api/place.ts'
import { useFiles } from '../api/hooks.ts'
import { CountCell, Nothing } from './display.tsx'
import { asList, type DisplayProps } from './field-view.ts'
import { FilePreview } from './preview/preview.tsx'
import { Thumbnail } from './thumbnail.tsx'

type Media = DisplayProps<'image'> | DisplayProps<'video'> | DisplayProps<'audio'>

/** Types that a field takes: its own list, else those of its kind. */
export const acceptOf = (field: Field): readonly string[] | undefined => {
  const own = (field.options as { accept?: readonly string[] }).accept
  const usual = kindOf(field).holdsFiles
  return own ?? (usual?.includes('*') ? undefined : usual)
}

/** Pictures small and in a row; a touch shows one large. */
export function ImageDisplay({ value }: { value: unknown }) {
  const ids = asList(value)
  const { data: known = [], isSuccess } = useFiles(ids)
  const [open, setOpen] = useState<string | null>(null)
  if (!ids.length) return <Nothing />
  return (
    <div className="x-photos">
      {ids.map((id) => {
        const file = known.find((one) => one.id === id)
        const name = file?.name ?? (isSuccess ? '图片已不在，或您无权查看' : '图片')
        return (
          <button key={id} type="button" aria-label={file ? `查看 ${name}` : name} title={name} onClick={() => file && setOpen(id)}>
            <Thumbnail id={id} alt={name} />
          </button>
        )
      })}
      {open && (
        <FilePreview files={ids.flatMap((id) => known.find((one) => one.id === id) ?? [])} open={open} onClose={() => setOpen(null)} />
      )}
    </div>
  )
}
export function ImageCell({ value }: { value: unknown }) {
  const ids = asList(value)
  if (!ids.length) return <Nothing />
  return (
    <span className="x-thumb">
      <Thumbnail id={ids[0]!} />
      {ids.length > 1 && <small>{ids.length}</small>}
    </span>
  )
}
export function VideoDisplay({ value }: Media) {
  const ids = asList(value)
  const known = useFiles(ids).data ?? []
  return ids.length ? (
    <div className="x-media">
      {ids.map((id) => (
        <figure key={id}>
          <video src={here(`/api/files/${id}`)} controls preload="metadata" playsInline />
          <figcaption>{known.find((one) => one.id === id)?.name}</figcaption>
        </figure>
      ))}
    </div>
  ) : (
    <Nothing />
  )
}
export function AudioDisplay({ value }: Media) {
  const ids = asList(value)
  const known = useFiles(ids).data ?? []
  return ids.length ? (
    <div className="x-media sound">
      {ids.map((id) => (
        <figure key={id}>
          <audio src={here(`/api/files/${id}`)} controls preload="metadata" />
          <figcaption>{known.find((one) => one.id === id)?.name}</figcaption>
        </figure>
      ))}
    </div>
  ) : (
    <Nothing />
  )
}
export const VideoCell = ({ value }: Media) =>
  asList(value).length ? (
    <span>
      <PlayCircleOutlined aria-hidden /> <CountCell value={value} unit="段" />
    </span>
  ) : (
    <Nothing />
  )
export const AudioCell = ({ value }: Media) =>
  asList(value).length ? (
    <span>
      <AudioOutlined aria-hidden /> <CountCell value={value} unit="段" />
    </span>
  ) : (
    <Nothing />
  )
/** On paper files are named; pictures are shown. */
export function FilePrint({ value }: { value: unknown }) {
  const ids = asList(value)
  const known = useFiles(ids).data ?? []
  return <>{ids.map((id) => known.find((file) => file.id === id)?.name ?? '附件').join('、')}</>
}
export const ImagePrint = ({ value }: { value: unknown }) => (
  <span className="x-photos print">
    {asList(value).map((id) => (
      <img key={id} src={here(`/api/files/${id}`)} alt="" />
    ))}
  </span>
)
