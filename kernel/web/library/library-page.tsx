import { ApiOutlined, UploadOutlined } from '@ant-design/icons'
import { formatInstant, libraryCategories, libraryStates, type LibraryHead, type LibraryItem, type LibraryPlace } from '#model'
import { Button, Input, Select } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { More } from '../parts/more.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { TabsLine } from '../parts/tabs-line.tsx'
import { Tag } from '../parts/tag.tsx'
import { useAddress } from '../parts/use-address.ts'
import { useIsPhone } from '../shell/use-is-phone.ts'
import { ConnectionDialog } from './connection-dialog.tsx'
import { hostOf, useLibrary, useLibraryHead } from './hooks.ts'
import { OfferDialog } from './offer-dialog.tsx'
import './library.css'

/** 表单库: what other hospitals share, and what this one keeps for them. */
export default function LibraryPage() {
  const { data: head, error, refetch } = useLibraryHead()
  const [get, put] = useAddress()
  const isPhone = useIsPhone()
  const [dialog, setDialog] = useState<'offer' | 'connection' | null>(null)
  const place: LibraryPlace = head?.connection && get('place') !== 'own' ? 'other' : 'own'
  const tabs = head?.connection ? [{ key: 'other' as const, label: `外部表单库 ${hostOf(head.connection.url)}` }, { key: 'own' as const, label: ownLabel(head) }] : null
  return (
    <div className="x-page">
      <PageHead
        title="表单库"
        acts={
          <>
            {head?.connection && !isPhone && <Button icon={<ApiOutlined />} onClick={() => setDialog('connection')}>连接设置</Button>}
            <Button type="primary" icon={isPhone ? null : <UploadOutlined />} disabled={!head} onClick={() => setDialog('offer')}>{isPhone ? '共享' : '共享本院表单'}</Button>
          </>
        }
      />
      {tabs && <TabsLine tabs={tabs} shown={place} onShow={(key) => put({ place: key === 'own' ? 'own' : '', status: '' })} />}
      {error ? <Failed error={error} retry={() => void refetch()} /> : !head ? <Skeleton rows={6} /> : (
        <>
          {!head.connection && <HowToConnect onOpen={() => setDialog('connection')} />}
          <Forms key={place} place={place} onOffer={() => setDialog('offer')} />
        </>
      )}
      {dialog === 'connection' && head && <ConnectionDialog connection={head.connection} onClose={() => setDialog(null)} />}
      {dialog === 'offer' && head && <OfferDialog name={null} connection={head.connection} onClose={() => setDialog(null)} />}
    </div>
  )
} // prettier-ignore
const ownLabel = ({ pending }: LibraryHead) => (pending ? `本院表单库（${pending} 个待审）` : '本院表单库')

function HowToConnect({ onOpen }: { onOpen: () => void }) {
  return (
    <section className="x-card l-how">
      <p>这里是<b>本院表单库</b>：本院共享的，和其他医院提供、等本院审核的表单。也可以连接集团或其他医院的表单库，查找和取用那里的表单。</p>
      <p className="x-muted">请对方在“系统安全 → 接口调用方”登记本院，给予“查找和取用”“提供表单”的权限并发一把密钥，再填到这里。</p>
      <Button icon={<ApiOutlined />} onClick={onOpen}>连接外部表单库</Button>
    </section>
  )
} // prettier-ignore

function Forms({ place, onOffer }: { place: LibraryPlace; onOffer: () => void }) {
  const [get, put] = useAddress()
  const asked = { place, search: get('q').trim(), category: get('category'), status: get('status') }
  const found = useLibrary(asked, true)
  const rows = found.data?.pages.flatMap((page) => page.rows)
  const isNarrowed = Boolean(asked.search || asked.category || asked.status)
  return (
    <>
      <div className="x-list-bar l-bar">
        <Input.Search allowClear maxLength={100} placeholder="名称、用途、医院" aria-label="查找表单" defaultValue={asked.search} onSearch={(q) => put({ q })} />
        <Select allowClear aria-label="分类" placeholder="全部分类" value={asked.category || null} options={optionsOf(libraryCategories, (label) => label)} onChange={(category?: string) => put({ category })} />
        {place === 'own' && <Select allowClear aria-label="状态" placeholder="全部状态" value={asked.status || null} options={optionsOf(libraryStates, ({ label }) => label)} onChange={(status?: string) => put({ status })} />}
      </div>
      {found.error ? <div className="x-card"><Failed error={found.error} retry={() => void found.refetch()} /></div> : !rows ? <Skeleton rows={6} /> : rows.length === 0 ? (
        <div className="x-card">
          {isNarrowed ? <Notice kind="empty" title="没有符合条件的表单" text="换个词，或去掉分类、状态再看。" /> : place === 'other' ? <Notice kind="empty" title="这个表单库里还没有表单" text="可以把本院做好的表单共享过去，对方审核后其他医院就能取用。" act={{ label: '共享本院表单', run: onOffer }} /> : <Notice kind="empty" title="本院表单库还是空的" text="把本院做好并发布的表单放进来，连接本院的其他医院就能查找和取用。" act={{ label: '共享本院表单', run: onOffer }} />}
        </div>
      ) : (
        <>
          <ul className="x-card l-list">{rows.map((row) => <Row key={row.id} place={place} row={row} />)}</ul>
          <More of={found} />
        </>
      )}
    </>
  )
} // prettier-ignore
const optionsOf = <T,>(of: Readonly<Record<string, T>>, label: (one: T) => string) => Object.entries(of).map(([value, one]) => ({ value, label: label(one) })) // prettier-ignore
function Row({ place, row }: { place: LibraryPlace; row: LibraryItem }) {
  const { label, tone } = libraryStates[row.status]
  return (
    <li>
      <Link to={`/designs/library/${place}/${row.id}`}>
        <b>{row.name}</b>
        {place === 'own' && <Tag tone={tone}>{label}</Tag>}
        <span className="l-purpose">{row.purpose}</span>
        <span className="x-faint">{libraryCategories[row.category]} · {row.hospital} · 第 {row.version} 版 · 取用 {row.takings} 次 · <time>{formatInstant(row.at).slice(0, 10)}</time></span>
      </Link>
    </li>
  )
} // prettier-ignore
