import { files, formatInstant, noticeKinds, type NoticeAnswer } from '#model'
import { DisplayOf } from '../fields/index.ts'
import { RichTextDisplay } from '../fields/rich-text-view.tsx'

const attached = files('附件')
/** A notice as its reader sees it. */
export function NoticeText({ notice }: { notice: NoticeAnswer }) {
  return (
    <article className="n-text">
      <p className="x-faint">
        {noticeKinds[notice.kind]} · {notice.unitName} · {notice.publishedBy} · {formatInstant(notice.publishedAt)}
      </p>
      {notice.body && <RichTextDisplay value={notice.body} />}
      {notice.files.length > 0 && (
        <section aria-label="附件">
          <DisplayOf field={attached} value={notice.files} />
        </section>
      )}
    </article>
  )
}
