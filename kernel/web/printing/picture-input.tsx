import { printBounds } from '#model'
import { App } from 'antd'
import { FileButton } from '../parts/file-button.tsx'

interface Props {
  label: string
  value: string | null
  onChange: (value: string) => void
}
/** A picture that the template brings along: it lies in the template itself. */
export function PictureInput({ label, value, onChange }: Props) {
  const { message } = App.useApp()
  async function take(file: File) {
    if (file.type !== 'image/png' && file.type !== 'image/jpeg') return void message.error('请选择 PNG 或 JPEG 图片')
    if (file.size > printBounds.imageBytes) return void message.error(`图片不超过 ${printBounds.imageBytes / 1000} kB，请先缩小`)
    const isDrawn = await createImageBitmap(file).then((picture) => picture.close() === undefined, () => false) // prettier-ignore
    if (!isDrawn) return void message.error('这张图片打不开，请另存后再上传')
    onChange(await addressOf(file))
  }
  return (
    <div>
      {value && <img src={value} alt={label} style={{ maxWidth: '100%', maxHeight: 96 }} />}
      <FileButton label={label} accept="image/png,image/jpeg" onFile={(file) => void take(file)}>
        {value ? '更换图片' : `上传${label}`}
      </FileButton>
    </div>
  )
} // prettier-ignore
/** A file as an address that holds it. */
export const addressOf = (file: File): Promise<string> =>
  new Promise((done, failed) => {
    const reader = new FileReader()
    reader.onload = () => done(reader.result as string)
    reader.onerror = () => failed(reader.error ?? new Error('unreadable'))
    reader.readAsDataURL(file)
  })
