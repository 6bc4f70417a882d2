import {
  channelUseNames,
  channelUses,
  messageChannelNames,
  messageChannels,
  messageKindNames,
  messageKinds,
  type ChannelUse,
  type MessageChannel,
  type MessageKind,
  type MessagingSettings,
} from '#model'
import { Checkbox, Select } from 'antd'
import { Tag } from '../parts/tag.tsx'

interface Props {
  draft: MessagingSettings
  installed: readonly MessageChannel[]
  onChange: (next: Partial<MessagingSettings>) => void
}
const options = channelUseNames.map((value) => ({ value, label: channelUses[value] }))

/** 发送方式: which way for what, kind by kind. */
export function UsesTab({ draft, installed, onChange }: Props) {
  const { messageUses } = draft
  const put = (kind: MessageKind, channel: MessageChannel, use: ChannelUse) =>
    onChange({ messageUses: { ...messageUses, [kind]: { ...messageUses[kind], [channel]: use } } })
  return (
    <section className="x-card m-uses">
      <p className="x-faint">页面内的消息总是送达并长期保存；这里决定还经哪些方式外发。“可选”“默认发”由个人在“接收设置”中决定。</p>
      <table>
        <thead>
          <tr>
            <th scope="col">消息类别</th>
            {messageChannelNames.map((channel) => (
              <th key={channel} scope="col">
                {messageChannels[channel]} {!installed.includes(channel) && <Tag tone="neutral">未接入</Tag>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {messageKindNames.map((kind) => (
            <tr key={kind}>
              <th scope="row">{messageKinds[kind]}</th>
              {messageChannelNames.map((channel) => (
                <td key={channel} data-label={messageChannels[channel]}>
                  <Select
                    aria-label={`${messageKinds[kind]} · ${messageChannels[channel]}`}
                    value={messageUses[kind][channel]}
                    options={options}
                    onChange={(use) => put(kind, channel, use)}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <Checkbox checked={draft.messageBodies} onChange={(event) => onChange({ messageBodies: event.target.checked })}>
        外发时带正文
      </Checkbox>
      <small className="x-faint">默认只发标题：外发的内容会显示在锁屏上，也会经过院外系统</small>
    </section>
  )
}
