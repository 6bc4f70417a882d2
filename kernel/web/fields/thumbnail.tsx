import { FileImageOutlined } from '@ant-design/icons'
import { useState } from 'react'
import { here } from '../api/place.ts'

/** A picture drawn small; a symbol stands where it cannot be shown. */
export function Thumbnail({ id, alt = '' }: { id: string; alt?: string | undefined }) {
  const [failed, setFailed] = useState<string | null>(null)
  if (failed === id)
    return (
      <span className="x-no-thumb" role="img" aria-label={alt || '图片无法显示'} title="图片无法显示">
        <FileImageOutlined />
      </span>
    )
  return <img src={here(`/api/files/${id}/thumbnail`)} alt={alt} loading="lazy" onError={() => setFailed(id)} />
}
