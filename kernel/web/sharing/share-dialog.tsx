import { isSharable, type ClientResource, type ShareAudience, type ShareMade } from '#model'
import { App, Button, Checkbox, Input, InputNumber, Modal, Radio, Select } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { Link } from 'react-router'
import { api } from '../api/client.ts'
import { useMe } from '../api/hooks.ts'
import { useSend } from '../parts/use-send.tsx'
import './sharing.css'

const CodePicture = lazy(async () => ({ default: (await import('../fields/more/code-picture.tsx')).CodePicture }))
const spans = [1, 7, 30, 90].map((days) => ({ value: days, label: `${days} 天` }))

interface Props {
  resource: ClientResource
  /** The chosen records; none for an empty form. */
  records: readonly string[]
  onClose: () => void
}
/** Makes a link with its QR to chosen records, or to an empty form. */
export function ShareDialog({ resource, records, onClose }: Props) {
  const { rights } = useMe()
  const isForm = records.length === 0
  const sharable = Object.entries(resource.fields).filter(([key, field]) => isSharable(field) && !resource.masked.includes(key))
  const usual = sharable.filter(([key]) => key === resource.title || resource.list.columns.includes(key)).map(([key]) => key)
  const [draft, setDraft] = useState({ audience: 'inside' as ShareAudience, fields: usual, days: 7, password: '', maxUses: null as number | null }) // prettier-ignore
  const { isSending, problems, problem, send } = useSend()
  const [made, setMade] = useState<ShareMade | null>(null)
  const put = (change: Partial<typeof draft>) => setDraft({ ...draft, ...change })
  const mayPublic = rights.includes('share.public') && (!isForm || (resource.hasPublicForm === true && resource.may.create))
  const make = () =>
    send(async () => {
      const kind = isForm ? 'form' : 'records'
      const { password, ...rest } = draft
      setMade(await api.post<ShareMade>('/api/shares', { ...rest, password: password || null, kind, resource: resource.name, records }))
    })
  if (made) return <Made made={made} hasPassword={draft.password !== ''} onClose={onClose} />
  return (
    <Modal
      open
      title={isForm ? `分享${resource.label}的空白表单` : `分享选中的 ${records.length} 条${resource.label}`}
      okText="生成链接和二维码"
      okButtonProps={{ loading: isSending }}
      onOk={() => void make()}
      onCancel={onClose}
    >
      <div className="x-act-form">
        <fieldset>
          <legend>分享给</legend>
          <Radio.Group
            value={draft.audience}
            onChange={(event) => put({ audience: event.target.value as ShareAudience })}
            options={[
              { value: 'inside', label: '院内人员（登录后打开）' },
              ...(mayPublic ? [{ value: 'public', label: '对外公开（不登录）' }] : []),
            ]}
          />
          <small className="x-faint">
            {draft.audience === 'inside'
              ? '打开的人仍只能看到自己有权看的内容。'
              : isForm
                ? '任何拿到链接的人都可以填写，填写的内容归您所在科室。'
                : '任何拿到链接的人都能看到下面选中的内容；受保护的内容不会公开。'}
          </small>
        </fieldset>
        {!isForm && (
          <fieldset>
            <legend>显示的内容</legend>
            <Checkbox.Group
              value={draft.fields}
              options={sharable.map(([value, { label }]) => ({ value, label }))}
              onChange={(fields) => put({ fields })}
            />
            {problem('fields')}
          </fieldset>
        )}
        <div className="x-share-limits">
          <label>
            有效期
            <Select value={draft.days} options={spans} onChange={(days: number) => put({ days })} />
          </label>
          <label>
            {isForm && draft.audience === 'public' ? '可填写次数' : '可打开次数'}
            <InputNumber
              min={1}
              max={100_000}
              precision={0}
              placeholder="不限"
              value={draft.maxUses}
              onChange={(maxUses) => put({ maxUses })}
            />
          </label>
          <label>
            访问密码
            <Input
              value={draft.password}
              maxLength={64}
              placeholder="不设"
              autoComplete="off"
              status={problems['password'] ? 'error' : ''}
              onChange={(event) => put({ password: event.target.value })}
            />
          </label>
        </div>
        {problem('days')}
        {problem('maxUses')}
        {problem('password')}
        {problem('records')}
        {problem('')}
      </div>
    </Modal>
  )
}

function Made({ made, hasPassword, onClose }: { made: ShareMade; hasPassword: boolean; onClose: () => void }) {
  const { message } = App.useApp()
  const address = `${location.origin}${made.path}`
  const copy = async () => {
    // Plain http inside a hospital has no clipboard: the address stands there to be chosen.
    await navigator.clipboard?.writeText(address)
    void message.success('已复制')
  }
  return (
    <Modal
      open
      title="链接已生成"
      onCancel={onClose}
      footer={
        <Button type="primary" onClick={onClose}>
          完成
        </Button>
      }
    >
      <div className="x-share-made">
        <Suspense>
          <CodePicture text={address} symbology="qr" />
        </Suspense>
        <div className="x-share-address">
          <Input readOnly value={address} aria-label="链接" onFocus={(event) => event.target.select()} />
          <Button onClick={() => void copy()}>复制</Button>
        </div>
        <p className="x-muted">
          链接只在这里显示一次，请现在复制或保存二维码。{hasPassword && '访问密码请另行告知。'}
          何时被谁打开、提前收回，见 <Link to="/me/shares">我的分享</Link>。
        </p>
      </div>
    </Modal>
  )
}
