import { PageHead } from '../parts/page-head.tsx'
import { ShareList } from './share-list.tsx'

/** 全院分享: every link of the house, for whoever administers them. */
export default function AllSharesPage() {
  return (
    <div className="x-page">
      <PageHead title="全院分享" hint="谁分享了什么，可以收回" />
      <div className="x-card">
        <ShareList which="all" />
      </div>
    </div>
  )
}
