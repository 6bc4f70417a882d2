import { PageHead } from '../parts/page-head.tsx'
import { ShareList } from './share-list.tsx'

/** 我的分享: what I have given out by link. */
export default function MySharesPage() {
  return (
    <div className="x-page">
      <PageHead title="我的分享" />
      <div className="x-card">
        <ShareList which="mine" />
      </div>
    </div>
  )
}
