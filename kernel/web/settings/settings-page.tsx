import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { auditMonthsBounds, settingLabels, talkDaysBounds, talkDaysKeys, type Settings } from '#model'
import { formatTime, parseTime, type Period } from '#kernel/model/clock/index.ts'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Checkbox, Input, InputNumber } from 'antd'
import type { ReactNode } from 'react'
import { api } from '../api/client.ts'
import { PageHead } from '../parts/page-head.tsx'
import { Failed, Skeleton } from '../parts/states.tsx'
import { SaveFoot, useSettings } from './use-settings.tsx'
import './settings.css'

const key = ['settings']
/** 系统设置: what the hospital is called, when it works by default, and when it is left in peace. */
export default function SettingsPage() {
  const { data, error, refetch } = useQuery({ queryKey: key, queryFn: ({ signal }) => api.get<Settings>('/api/settings', {}, signal) })
  return (
    <div className="x-page">
      <PageHead title="系统设置" />
      {error ? (
        <Failed error={error} retry={() => void refetch()} />
      ) : data ? (
        <SettingsForm key={JSON.stringify(data)} seen={data} />
      ) : (
        <Skeleton rows={6} />
      )}
    </div>
  )
}

function SettingsForm({ seen }: { seen: Settings }) {
  const client = useQueryClient()
  const form = useSettings(seen, async (settings) => {
    const stored = await api.put<Settings>('/api/settings', { settings, seen })
    // Names stand in every label.
    await client.invalidateQueries()
    client.setQueryData(key, stored)
  })
  const { draft, put, problems, problem } = form
  const name = (field: 'hospitalName' | 'medicalOffice', hint: string) => (
    <label>
      {settingLabels[field]}
      <Input value={draft[field]} maxLength={60} status={problems[field] ? 'error' : ''} onChange={(event) => put({ [field]: event.target.value })} />
      <small className="x-faint">{hint}</small>
      {problem(field)}
    </label>
  ) // prettier-ignore
  return (
    <>
      <section className="x-card x-settings">
        {name('hospitalName', '印在授权书、审批单的抬头')}
        {name('medicalOffice', '菜单、流程和消息中都用这个名称，如“医务部”“医务科”')}
        <fieldset>
          <legend>{settingLabels.workingTime}</legend>
          <small className="x-faint">院区、科室没有自己的作息时按此计算时限；法定节假日和调休另计</small>
          <Periods periods={draft.workingTime} onChange={(workingTime) => put({ workingTime })} problem={problem} />
          {problem('workingTime')}
        </fieldset>
        <fieldset>
          <legend>{settingLabels.quietHours}</legend>
          <small className="x-faint">此间只发紧急消息，其余到结束后再发</small>
          <div className="x-settings-span">
            <Time label="开始" value={draft.quietHours.from} onChange={(from) => put({ quietHours: { ...draft.quietHours, from } })} />
            <span>至{draft.quietHours.to <= draft.quietHours.from ? '次日' : ''}</span>
            <Time label="结束" value={draft.quietHours.to} onChange={(to) => put({ quietHours: { ...draft.quietHours, to } })} />
          </div>
          {problem('quietHours')}
        </fieldset>
        <fieldset>
          <legend>{settingLabels.publicSharing}</legend>
          <Checkbox checked={draft.publicSharing} onChange={(event) => put({ publicSharing: event.target.checked })}>
            允许有权限的人员建立不登录即可打开的链接和公开表单
          </Checkbox>
          <small className="x-faint">关闭后，已有的公开链接立即打不开；受保护的内容任何时候都不会随链接公开</small>
        </fieldset>
        <NumberSetting
          label={settingLabels.auditMonths}
          unit="个月"
          value={draft.auditMonths}
          problem={problem('auditMonths')}
          onChange={(auditMonths) => put({ auditMonths })}
        >
          不得少于 {auditMonthsBounds.min} 个月；到期的月份先写成归档并核对无误，才移出数据库，归档仍可独立核对
        </NumberSetting>
        <NumberSetting
          label={settingLabels.backupDays}
          unit="天"
          value={draft.backupDays}
          problem={problem('backupDays')}
          onChange={(backupDays) => put({ backupDays })}
        >
          请与实际的备份轮换一致：据此告诉申请删除的人，备份中的内容最迟何时消失
        </NumberSetting>
        {talkDaysKeys.map((key) => (
          <NumberSetting
            key={key}
            label={settingLabels[key]}
            unit="天"
            value={draft[key]}
            problem={problem(key)}
            onChange={(days) => put({ [key]: days })}
          >
            {talkHints[key]}；至少 {talkDaysBounds.min} 天
          </NumberSetting>
        ))}
      </section>
      <SaveFoot of={form} />
    </>
  )
}

const talkHints: Readonly<Record<(typeof talkDaysKeys)[number], string>> = {
  talkRecordDays: '到期的消息连同附件每晚删除；处在信息保全中的不删，特意附到记录的摘录随记录保存',
  talkDirectDays: '两位同事之间的消息',
  talkGroupDays: '科室群和自建的群',
}
interface NumberProps {
  label: string
  unit: string
  value: number
  problem: ReactNode
  onChange: (value: number) => void
  /** What to know of it. */
  children: ReactNode
}
function NumberSetting({ label, unit, value, problem, onChange, children }: NumberProps) {
  const status = problem ? 'error' : ''
  return (
    <fieldset>
      <legend>{label}</legend>
      <InputNumber aria-label={label} value={value} precision={0} suffix={unit} status={status} onChange={(next) => onChange(next ?? 0)} />
      <small className="x-faint">{children}</small>
      {problem}
    </fieldset>
  )
}

const weekdays = ['一', '二', '三', '四', '五', '六', '日'].map((label, at) => ({ label, value: (at + 1) as Period['weekdays'][number] }))
interface PeriodsProps {
  periods: readonly Period[]
  onChange: (next: readonly Period[]) => void
  problem: (field: string) => ReactNode
}
function Periods({ periods, onChange, problem }: PeriodsProps) {
  const put = (at: number, change: Partial<Period>) => onChange(periods.map((one, n) => (n === at ? { ...one, ...change } : one)))
  return (
    <ol>
      {periods.map((one, at) => (
        <li key={at}>
          <div className="x-settings-span">
            <Checkbox.Group options={weekdays} value={[...one.weekdays]} onChange={(days) => put(at, { weekdays: days })} />
            <Time label="上班" value={one.from} onChange={(from) => put(at, { from })} />
            <span>至</span>
            <Time label="下班" value={one.to} onChange={(to) => put(at, { to })} />
            <Button
              type="text"
              danger
              icon={<DeleteOutlined />}
              aria-label="删除时段"
              disabled={periods.length === 1}
              onClick={() => onChange(periods.filter((_, n) => n !== at))}
            />
          </div>
          {problem(`workingTime.${at}`)}
        </li>
      ))}
      <Button
        size="small"
        icon={<PlusOutlined />}
        disabled={periods.length >= 14}
        onClick={() => onChange([...periods, { weekdays: [6], from: 8 * 60, to: 12 * 60 }])}
      >
        加一个时段
      </Button>
    </ol>
  )
}
function Time({ label, value, onChange }: { label: string; value: number; onChange: (minutes: number) => void }) {
  return (
    <Input
      type="time"
      aria-label={label}
      className="x-settings-time"
      value={value === 1440 ? '23:59' : formatTime(value)}
      onChange={(event) => onChange(parseTime(event.target.value) ?? value)}
    />
  )
}
