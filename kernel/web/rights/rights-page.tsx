import { DownloadButton } from '../parts/download-button.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { TabsLine } from '../parts/tabs-line.tsx'
import { useAddress } from '../parts/use-address.ts'
import { useIsPhone } from '../shell/use-is-phone.ts'
import { ChangesTab } from './changes.tsx'
import { FieldTab } from './field.tsx'
import { MatrixTab } from './matrix.tsx'
import { PersonTab } from './person.tsx'
import './rights.css'

const tabs = [
  { key: '', label: '角色权限', Body: MatrixTab },
  { key: 'person', label: '人员权限', Body: PersonTab },
  { key: 'field', label: '字段可见', Body: FieldTab },
  { key: 'changes', label: '变更记录', Body: ChangesTab },
] as const

/** 权限一览: who may do what, and why; who sees a field; what has changed. To look at: rights come with the program, roles are assigned as records. */
export default function RightsPage() {
  const [get, put] = useAddress()
  const isPhone = useIsPhone()
  const { key: shown, Body } = tabs.find(({ key }) => key === get('tab')) ?? tabs[0]
  return (
    <div className="x-page x-rights">
      <PageHead
        title="权限一览"
        hint={!isPhone && '谁能做什么，为什么'}
        acts={<DownloadButton href="/api/rights/file" label="用户权限明细表" />}
      />
      <TabsLine tabs={tabs} shown={shown} onShow={(key) => put({ tab: key })} />
      <Body />
    </div>
  )
}
