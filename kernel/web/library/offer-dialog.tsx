import { designKinds } from '#kernel/model/designs/index.ts'
import { libraryCategories, type LibraryConnection, type LibraryItem, type LibraryPlace, type OfferPreview } from '#model'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Checkbox, Input, Modal, Radio, Select } from 'antd'
import { useState } from 'react'
import { api } from '../api/client.ts'
import { Failed, Skeleton } from '../parts/states.tsx'
import { useSend, without } from '../parts/use-send.tsx'
import { useDesigns } from '../studio/use-studio.ts'
import { hostOf, libraryKey } from './hooks.ts'
import './library.css'

interface Props {
  /** The definition that is shared; null: it is chosen first. */
  name: string | null
  connection: LibraryConnection | null
  onClose: () => void
}
/** Shares what the hospital has published: with what it needs, and with words on what it is for. */
export function OfferDialog({ name: first, connection, onClose }: Props) {
  const [name, setName] = useState(first)
  const { data: designs } = useDesigns()
  const published = designs?.items.filter(({ version }) => version !== null) ?? []
  const label = published.find((one) => one.name === name)?.label ?? ''
  if (name !== null && label) return <Offer key={name} root={name} label={label} connection={connection} onBack={first === null ? () => setName(null) : null} onClose={onClose} />
  return (
    <Modal open title="共享到表单库" footer={null} onCancel={onClose}>
      {!designs ? <Skeleton rows={2} /> : published.length === 0 ? <p className="x-muted">还没有已发布的定义。先在“应用搭建”中做好并发布，再来共享。</p> : (
        <label className="l-field">共享哪一个
          <Select autoFocus aria-label="共享哪一个" placeholder="选择已发布的定义" value={null} showSearch={{ optionFilterProp: 'label' }} options={published.map((one) => ({ value: one.name, label: `${one.label}（${designKinds[one.kind]}）` }))} onChange={setName} />
        </label>
      )}
    </Modal>
  )
} // prettier-ignore

interface OfferProps {
  root: string
  label: string
  connection: LibraryConnection | null
  onBack: (() => void) | null
  onClose: () => void
}
function Offer({ root, label, connection, onBack, onClose }: OfferProps) {
  const client = useQueryClient()
  const { message } = App.useApp()
  const { isSending, problem, setProblems, send } = useSend()
  const { data, error, refetch } = useQuery({ queryKey: [...libraryKey, 'offer', root], queryFn: () => api.post<OfferPreview>('/api/library/offers/preview', { name: root }), staleTime: 0, gcTime: 0 })
  const [place, setPlace] = useState<LibraryPlace>(connection ? 'other' : 'own')
  const [words, setWords] = useState({ name: label, purpose: '', category: null as string | null })
  const say = (part: Partial<typeof words>) => {
    setWords({ ...words, ...part })
    setProblems((before) => without(before, '', ...Object.keys(part)))
  }
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const pieces = data?.pieces.filter((one) => one.isNeeded || !left.has(one.name)) ?? []
  const toggle = (name: string) => setLeft(left.has(name) ? new Set([...left].filter((one) => one !== name)) : new Set([...left, name]))
  const share = () =>
    send(async () => {
      const item = await api.post<LibraryItem>('/api/library/offers', { ...words, place, names: pieces.map(({ name }) => name) })
      await client.invalidateQueries({ queryKey: libraryKey })
      void message.success(item.status === 'pending' ? '已提交，对方审核后共享' : '已放入本院表单库')
      onClose()
    })
  return (
    <Modal open width={640} title={`共享“${label}”`} okText="共享" cancelText={onBack ? '换一个' : '取消'} okButtonProps={{ disabled: !data, loading: isSending }} cancelButtonProps={onBack ? { onClick: onBack } : {}} onOk={() => void share()} onCancel={onClose}>
      {connection && (
        <Radio.Group className="l-to" aria-label="共享到" value={place} onChange={(event) => setPlace(event.target.value as LibraryPlace)} options={[{ value: 'other', label: `外部表单库 ${hostOf(connection.url)}（对方审核后共享）` }, { value: 'own', label: '本院表单库' }]} />
      )}
      <label className="l-field">名称<Input value={words.name} maxLength={60} onChange={(event) => say({ name: event.target.value })} /></label>
      {problem('name')}
      <label className="l-field">分类<Select aria-label="分类" placeholder="请选择" value={words.category} options={Object.entries(libraryCategories).map(([value, text]) => ({ value, label: text }))} onChange={(category) => say({ category })} /></label>
      {problem('category')}
      <label className="l-field">用途说明<Input.TextArea rows={3} maxLength={2000} showCount placeholder="给谁用，解决什么问题，怎么用" value={words.purpose} onChange={(event) => say({ purpose: event.target.value })} /></label>
      {problem('purpose')}
      {error ? <Failed error={error} retry={() => void refetch()} /> : !data ? <Skeleton rows={2} /> : (
        <ul className="l-pieces" aria-label="一并共享">
          {data.pieces.map((one) => (
            <li key={`${one.kind} ${one.name}`}>
              <Checkbox checked={one.isNeeded || !left.has(one.name)} disabled={one.isNeeded} onChange={() => toggle(one.name)}>{one.label} <span className="x-muted">{designKinds[one.kind]}{one.isNeeded && one.name !== root && '，缺了不能用'}</span></Checkbox>
              {one.leftOut.length > 0 && <small>不带走：{one.leftOut.join('；')}</small>}
            </li>
          ))}
        </ul>
      )}
      {problem('names')}
      {problem('')}
      <p className="x-muted">只共享定义：不含记录、人员、密钥和其他系统的地址。名称和说明文字照原样共享，里面写了人名或电话的，请先改掉。</p>
    </Modal>
  )
} // prettier-ignore
