import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { profileLabel, profilePolicy, thresholdNames, thresholds, thresholdText, type Ladder, type Limit, type NamedNetwork, type Policy, type ProtectionAnswer, type ThresholdName } from '#model' // prettier-ignore
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Input, InputNumber, Select } from 'antd'
import { api } from '../api/client.ts'
import { PageHead } from '../parts/page-head.tsx'
import { Failed, Skeleton } from '../parts/states.tsx'
import { Tag } from '../parts/tag.tsx'
import { SaveFoot, useSettings } from '../settings/use-settings.tsx'
import './security.css'

const key = ['protection']
type Own = Partial<Record<ThresholdName, number | string>>

/** 防护策略: every threshold, what the profile asks, what the hospital adds, and which of both binds. */
export default function ProtectionPage() {
  const { data, error, refetch } = useQuery({ queryKey: key, queryFn: ({ signal }) => api.get<ProtectionAnswer>('/api/protection', {}, signal) })
  return (
    <div className="x-page x-security">
      <PageHead title="防护策略" hint={data && profileLabel(data.profile)} />
      {error ? <Failed error={error} retry={() => void refetch()} /> : data ? <Form key={JSON.stringify([data.own, data.networks])} seen={data} /> : <Skeleton rows={10} />}
    </div>
  )
} // prettier-ignore

function Form({ seen }: { seen: ProtectionAnswer }) {
  const client = useQueryClient()
  const stored: { own: Own; networks: readonly NamedNetwork[] } = { own: seen.own, networks: seen.networks }
  const form = useSettings(stored, async (draft) => {
    const next = await api.put<ProtectionAnswer>('/api/protection', { ...draft, seen: stored })
    client.setQueryData(key, next)
  })
  const { own, networks } = form.draft
  const { put, problems } = form
  const base = profilePolicy(seen.profile)
  return (
    <>
      <p className="x-muted x-security-lead">
        {profileLabel(seen.profile)}由安装时设定，页面上只能收得更严，不能放宽。留空即按该等级的要求。
      </p>
      <p className="x-muted x-security-lead">
        {seen.isManagementApart
          ? '管理端口已与业务端口分开：安全、账号、权限、审计和系统设置只能从管理端口进入。'
          : `管理功能与业务同在一个端口。${seen.profile.level === 'level3' ? '三级要求带外管理：' : '需要分开时，'}请在启动时设置 --admin-host 和 --admin-port。`}
      </p>
      <section className="x-card x-thresholds">
        <div className="x-threshold x-threshold-head" aria-hidden>
          <span>项目</span>
          <span>等级要求</span>
          <span>本院要求</span>
          <span>以何为准</span>
        </div>
        {thresholdNames.map((name) => (
          <Row
            key={name}
            name={name}
            base={base[name]}
            own={own[name]}
            problem={problems[name]}
            onChange={(value) => put({ own: withOwn(own, name, value === base[name] ? null : value) })}
          />
        ))}
      </section>
      <Networks networks={networks} problems={problems} onChange={(next) => put({ networks: next })} />
      <SaveFoot of={form} />
    </>
  )
} // prettier-ignore

const withOwn = (own: Own, name: ThresholdName, value: number | string | null): Own =>
  Object.fromEntries([...Object.entries(own).filter(([key]) => key !== name), ...(value === null ? [] : [[name, value]])]) as Own

interface RowProps {
  name: ThresholdName
  base: Policy[ThresholdName]
  own: number | string | undefined
  problem: string | undefined
  onChange: (value: number | string | null) => void
}
function Row({ name, base, own, problem, onChange }: RowProps) {
  const spec: Limit | Ladder = thresholds[name]
  const label = `本院：${spec.label}`
  return (
    <div className="x-threshold">
      <div>
        <b>{spec.label}</b>
        {spec.help && <small className="x-faint">{spec.help}</small>}
      </div>
      <span className="x-threshold-base">
        {thresholdText(name, base)}
      </span>
      <div>
        {spec.kind === 'limit' ? (
          <InputNumber aria-label={label} value={own ?? null} placeholder={String(base)} suffix={spec.unit} precision={0} status={problem ? 'error' : ''} onChange={(value) => onChange(value === null ? null : Number(value))} />
        ) : (
          <Select aria-label={label} value={String(own ?? base)} status={problem ? 'error' : ''} options={stricterSteps(spec, String(base))} onChange={onChange} />
        )}
        {problem && <p className="x-problem">{problem}</p>}
      </div>
      {own === undefined ? <Tag tone="neutral">按等级</Tag> : <Tag tone="info">本院更严</Tag>}
    </div>
  )
} // prettier-ignore
/** Those below what the profile asks cannot be chosen. */
const stricterSteps = (spec: Ladder, base: string) => {
  const steps = Object.entries(spec.steps)
  const first = steps.findIndex(([value]) => value === base)
  return steps.map(([value, label], at) => ({ value, label, disabled: at < first }))
}

interface NetworksProps {
  networks: readonly NamedNetwork[]
  problems: Readonly<Record<string, string>>
  onChange: (next: readonly NamedNetwork[]) => void
}
/** Names under which the log of sign-ins shows where somebody came from. */
function Networks({ networks, problems, onChange }: NetworksProps) {
  const put = (at: number, change: Partial<NamedNetwork>) => onChange(networks.map((one, n) => (n === at ? { ...one, ...change } : one)))
  return (
    <section className="x-card x-networks">
      <h2>网络名称</h2>
      <p className="x-muted">登录日志中的“登录地点”按此显示，没有列出的显示为“内网”或“外网”</p>
      {networks.map((one, at) => (
        <div key={at} className="x-network">
          <Input aria-label="名称" value={one.name} maxLength={40} placeholder="如 总院门诊楼" status={problems[`networks.${at}.name`] ? 'error' : ''} onChange={(event) => put(at, { name: event.target.value })} />
          <Input aria-label="网段" value={one.range} maxLength={60} placeholder="如 10.1.0.0/16" status={problems[`networks.${at}.range`] ? 'error' : ''} onChange={(event) => put(at, { range: event.target.value })} />
          <Button type="text" danger icon={<DeleteOutlined />} aria-label="删除网络" onClick={() => onChange(networks.filter((_, n) => n !== at))} />
          {[`networks.${at}.name`, `networks.${at}.range`].map((field) => problems[field] && <p key={field} className="x-problem">{problems[field]}</p>)}
        </div>
      ))}
      <Button size="small" icon={<PlusOutlined />} disabled={networks.length >= 200} onClick={() => onChange([...networks, { name: '', range: '' }])}>
        加一个网络
      </Button>
    </section>
  )
} // prettier-ignore
