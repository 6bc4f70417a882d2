import { CloseOutlined, DownOutlined, ExpandAltOutlined, UpOutlined } from '@ant-design/icons'
import type { ClientResource } from '#model'
import { Button } from 'antd'
import { useNavigate } from 'react-router'
import { useRecord } from '../api/hooks.ts'
import { RecordFields } from '../detail/record-fields.tsx'
import { StateTag, titleOfRecord } from '../detail/record-title.tsx'
import { TitlesProvider } from '../fields/index.ts'
import { RecordFlow } from '../flow/record-flow.tsx'
import { Failed, Skeleton } from '../parts/states.tsx'

interface Props {
  resource: ClientResource
  id: string
  onClose: () => void
  onPrevious: (() => void) | undefined
  onNext: (() => void) | undefined
}
/** A record beside its list: read, step on, or open. */
export function Peek({ resource, id, onClose, onPrevious, onNext }: Props) {
  const { data, error, refetch } = useRecord(resource.name, id)
  const navigate = useNavigate()
  return (
    <aside className="x-peek" aria-label={`${resource.label}详情`} onKeyDown={(event) => event.key === 'Escape' && onClose()}>
      <header>
        <button type="button" className="x-icon-button" aria-label="上一条" disabled={!onPrevious} onClick={onPrevious}>
          <UpOutlined />
        </button>
        <button type="button" className="x-icon-button" aria-label="下一条" disabled={!onNext} onClick={onNext}>
          <DownOutlined />
        </button>
        <span className="x-space" />
        <button
          type="button"
          className="x-icon-button"
          aria-label="打开完整页面"
          title="打开完整页面"
          onClick={() => void navigate(`/r/${resource.name}/${id}`)}
        >
          <ExpandAltOutlined />
        </button>
        <button type="button" className="x-icon-button" aria-label="关闭" onClick={onClose}>
          <CloseOutlined />
        </button>
      </header>
      {data ? (
        <TitlesProvider titles={data.titles}>
          <div className="x-peek-body">
            <h2>
              {titleOfRecord(resource, data)} <StateTag resource={resource} record={data.record} />
            </h2>
            <RecordFields resource={resource} record={data.record} isNarrow />
            <RecordFlow record={data.record} />
          </div>
          <footer>
            <Button type="primary" onClick={() => void navigate(`/r/${resource.name}/${id}`)}>
              打开
            </Button>
            {data.record.may?.update && resource.writtenBy !== 'module' && (
              <Button onClick={() => void navigate(`/r/${resource.name}/${id}/edit`)}>编辑</Button>
            )}
          </footer>
        </TitlesProvider>
      ) : error ? (
        <Failed error={error} retry={() => void refetch()} />
      ) : (
        <Skeleton rows={6} />
      )}
    </aside>
  )
}
