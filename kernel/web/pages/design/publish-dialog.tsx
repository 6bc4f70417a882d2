import type { DesignAnswer, PublishPreview } from '#model'
import { Input, Modal } from 'antd'
import { useEffect, useState } from 'react'
import { Skeleton } from '../../parts/states.tsx'
import type { useKeeping } from './use-keeping.ts'

interface Props {
  draft: DesignAnswer
  keeping: ReturnType<typeof useKeeping>
  onClose: () => void
}
/** What publishing changes, in words, before it is done. */
export function PublishDialog({ draft, keeping: { previewOf, publish, isBusy }, onClose }: Props) {
  const [preview, setPreview] = useState<PublishPreview | null>(null)
  const [note, setNote] = useState('')
  useEffect(() => {
    const look = async () => {
      const next = await previewOf(draft)
      if (next) setPreview(next)
      else onClose()
    }
    void look()
    // oxlint-disable-next-line react/exhaustive-deps -- asked once, of the draft that was opened
  }, [draft])
  const put = async () => {
    if (await publish(draft, note)) onClose()
  }
  const words = preview?.pieces.flatMap((piece) => piece.words) ?? []
  const problems = preview?.problems ?? []
  return (
    <Modal
      open
      title={`发布“${draft.label}”`}
      okText="发布"
      okButtonProps={{ disabled: !preview || problems.length > 0, loading: isBusy }}
      onOk={() => void put()}
      onCancel={onClose}
    >
      {!preview ? (
        <Skeleton rows={4} />
      ) : (
        <>
          {problems.map(({ field, message }) => (
            <p key={field + message} className="x-problem" role="alert">
              {message}
            </p>
          ))}
          <ul className="x-publish-words">
            {words.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
          <Input
            aria-label="发布说明"
            maxLength={500}
            value={note}
            placeholder="这次改了什么，为什么（可不填）"
            onChange={(event) => setNote(event.target.value)}
          />
        </>
      )}
    </Modal>
  )
}
