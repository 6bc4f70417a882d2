import { CloseOutlined } from '@ant-design/icons'
import type { ClientResource } from '#model'
import { useEffect } from 'react'
import { Link } from 'react-router'
import { ExportActs, HowFar, StateTag, Words } from './export-parts.tsx'
import { follow, isOpen, putAway, useExports, useFollowed } from './use-exports.ts'
import './exports.css'

/** Above a list: its exports that are at work, and the end of those that this page saw at work. */
export function ExportStrip({ resource }: { resource: ClientResource }) {
  const { data } = useExports(resource.name, resource.may.export)
  const followed = useFollowed()
  useEffect(() => {
    for (const job of data ?? []) if (isOpen(job)) follow(job.id)
  }, [data])
  const shown = (data ?? []).filter((job) => isOpen(job) || followed.has(job.id))
  if (shown.length === 0) return null
  return (
    <ul className="x-export-strip" aria-label="后台导出">
      {shown.map((job) => (
        <li key={job.id}>
          <StateTag job={job} />
          <span className="x-export-words">
            {job.note ?? <Words job={job} />}
            <HowFar job={job} />
          </span>
          <ExportActs job={job} />
          <Link to="/me/exports">我的导出</Link>
          {!isOpen(job) && (
            <button type="button" className="x-icon-button" aria-label="收起" onClick={() => putAway(job.id)}>
              <CloseOutlined />
            </button>
          )}
        </li>
      ))}
    </ul>
  )
}
