import { DownloadButton } from '../parts/download-button.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { TabsLine } from '../parts/tabs-line.tsx'
import { useAddress } from '../parts/use-address.ts'
import { useIsPhone } from '../shell/use-is-phone.ts'
import { LogTab } from './log-tab.tsx'
import { PersonTab, RecordTab } from './timelines.tsx'
import { ProofTab } from './proof-tab.tsx'
import { TimesTab } from './times-tab.tsx'
import { askedIn, fileAddress, type Get } from './ask.tsx'
import './audit.css'

const tabs = [
  { key: '', label: '日志', Body: LogTab },
  { key: 'person', label: '人员时间线', Body: PersonTab },
  { key: 'record', label: '记录时间线', Body: RecordTab },
  { key: 'times', label: '登录时长', Body: TimesTab },
  { key: 'proof', label: '封存与核对', Body: ProofTab },
] as const

/** 审计日志: the security audit officer's page. Every entry in words, ready-made reports, what one person did or one record met, and the proof that nobody changed it. */
export default function AuditPage() {
  const [get, put] = useAddress()
  const isPhone = useIsPhone()
  const { key: shown, Body } = tabs.find(({ key }) => key === get('tab')) ?? tabs[0]
  return (
    <div className="x-page x-audit">
      <PageHead
        title="审计日志"
        hint={!isPhone && '业务内容已脱敏，查看也会留痕'}
        acts={isAsked(shown, get) && <DownloadButton href={fileAddress(askedIn(get, shown))} label="导出这些日志" />}
      />
      <TabsLine tabs={tabs} shown={shown} onShow={(key) => put({ tab: key })} />
      <Body />
    </div>
  )
}

/** Does the tab show entries, which can be taken along as a workbook? */
const isAsked = (tab: string, get: Get): boolean =>
  tab === '' || (tab === 'person' && get('actor') !== '') || (tab === 'record' && get('record') !== '')
