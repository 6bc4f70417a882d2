import { DownloadOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { PageHead } from '../parts/page-head.tsx'
import { useIsPhone } from '../shell/use-is-phone.ts'
import { ChangesTab } from './changes.tsx'
import { FieldTab } from './field.tsx'
import { MatrixTab } from './matrix.tsx'
import { PersonTab } from './person.tsx'
import { useAddress } from './use-address.ts'
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
      <PageHead title="权限一览" hint={!isPhone && '谁能做什么，为什么'} acts={<Download isPhone={isPhone} />} />
      <div className="x-tabs-line" role="tablist">
        {tabs.map(({ key, label }) => (
          <button key={key} type="button" role="tab" aria-selected={key === shown} onClick={() => put({ tab: key })}>
            {label}
          </button>
        ))}
      </div>
      <Body />
    </div>
  )
}

function Download({ isPhone }: { isPhone: boolean }) {
  return isPhone ? (
    <Button type="text" icon={<DownloadOutlined />} href="/api/rights/file" aria-label="下载用户权限明细表" />
  ) : (
    <Button icon={<DownloadOutlined aria-hidden />} href="/api/rights/file">
      用户权限明细表
    </Button>
  )
}
