import {
  defaultTemplates,
  fillTemplate,
  messageChannelNames,
  messageChannels,
  templateFields,
  templateParts,
  templateProblem,
  type MessageChannel,
  type MessagingSettings,
  type Template,
  type TemplateFacts,
} from '#model'
import { Button, Input } from 'antd'
import { useMe } from '../api/hooks.ts'

interface Props {
  draft: MessagingSettings
  problems: Readonly<Record<string, string>>
  hospital: string
  address: string | null
  onChange: (next: Partial<MessagingSettings>) => void
}
/** 模板: the words of each way, with what they become. */
export function TemplatesTab({ draft, problems, hospital, address, onChange }: Props) {
  const { person, account } = useMe()
  const facts: TemplateFacts = {
    title: '待您审批：张海涛 的手术授权申请',
    body: draft.messageBodies ? 'PA-2026-00012 · 科室授权考核小组' : '',
    link: address ? `${address}/approvals/…` : '',
    hospital,
    name: person?.name ?? account.name,
    kind: 'task',
    time: '11月20日 10:00',
  }
  const put = (channel: MessageChannel, change: Partial<Template>) =>
    onChange({ messageTemplates: { ...draft.messageTemplates, [channel]: { ...draft.messageTemplates[channel], ...change } } })
  return (
    <>
      {address === null && (
        <p className="x-problem">安装时没有设置 XINGLIN_URL（人员访问本系统的地址），外发的消息不带链接，企业微信卡片打不开页面。</p>
      )}
      <section className="x-card m-fields">
        可用字段：
        {Object.entries(templateFields).map(([field, label]) => (
          <span key={field}>
            <code>{`{${field}}`}</code> {label}
          </span>
        ))}
      </section>
      {messageChannelNames.map((channel) => (
        <Card
          key={channel}
          channel={channel}
          template={draft.messageTemplates[channel]}
          problems={problems}
          facts={facts}
          onChange={(change) => put(channel, change)}
        />
      ))}
    </>
  )
}

interface CardProps {
  channel: MessageChannel
  template: Template
  problems: Readonly<Record<string, string>>
  facts: TemplateFacts
  onChange: (change: Partial<Template>) => void
}
function Card({ channel, template, problems, facts, onChange }: CardProps) {
  const parts: Partial<Record<keyof Template, { label: string; max: number }>> = templateParts[channel]
  const isOwn = template.title !== defaultTemplates[channel].title || template.text !== defaultTemplates[channel].text
  const input = (key: keyof Template) => {
    const part = parts[key]
    if (!part) return null
    const problem = templateProblem(template[key], part.max) ?? problems[`messageTemplates.${channel}.${key}`]
    const label = `${messageChannels[channel]}的${part.label}`
    const shared = { 'aria-label': label, value: template[key], status: problem ? ('error' as const) : ('' as const) }
    return (
      <label>
        {part.label}
        {key === 'text' ? (
          <Input.TextArea {...shared} autoSize={{ minRows: 2, maxRows: 8 }} onChange={(event) => onChange({ text: event.target.value })} />
        ) : (
          <Input {...shared} onChange={(event) => onChange({ title: event.target.value })} />
        )}
        {problem && <p className="x-problem">{problem}</p>}
      </label>
    )
  }
  return (
    <section className="x-card m-template" aria-label={messageChannels[channel]}>
      <header>
        <h2>{messageChannels[channel]}</h2>
        {isOwn && (
          <Button size="small" onClick={() => onChange(defaultTemplates[channel])}>
            恢复默认
          </Button>
        )}
      </header>
      <div>
        {input('title')}
        {input('text')}
      </div>
      <figure>
        <figcaption>示例</figcaption>
        {parts.title && <b>{fillTemplate(template.title, facts)}</b>}
        <p>{fillTemplate(template.text, facts)}</p>
      </figure>
    </section>
  )
}
