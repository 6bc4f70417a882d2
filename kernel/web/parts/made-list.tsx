import { PlusOutlined } from '@ant-design/icons'
import { Button, Input, Select } from 'antd'
import type { ReactNode } from 'react'
import { useIsPhone } from '../shell/use-is-phone.ts'
import { PageHead } from './page-head.tsx'
import { Failed, Notice, Skeleton } from './states.tsx'
import { useAddress } from './use-address.ts'
import { useMaking, type About } from './use-making.ts'

interface Props<T, K extends string> {
  title: string
  /** What one of them is called, as after “新建”. */
  noun: string
  /** What they are for: said where there is none. */
  about: string
  items: readonly T[] | undefined
  error: unknown
  refetch: () => unknown
  search: { placeholder: string; words: (one: T) => readonly string[] }
  /** By what they are told apart beside their words. */
  kinds?: { label: string; className: string; labels: Readonly<Record<K, string>>; is: (one: T, kind: K) => boolean }
  listClass: string
  row: (one: T) => ReactNode
  making: (onClose: () => void, about: About | null) => ReactNode
}
/** What the hospital has made of one sort: found by words and kind, both kept in the address, and begun anew. */
export function MadeList<T, K extends string = never>({ title, noun, about, items, error, refetch, search, kinds, listClass, row, making }: Props<T, K>) {
  const [get, put] = useAddress()
  const isPhone = useIsPhone()
  const { isMaking, about: asked, begin, end } = useMaking()
  const [words, kind] = [get('q').trim(), kinds ? (get('kind') as K | '') : '']
  const found = items?.filter((one) => (!kind || kinds!.is(one, kind)) && search.words(one).some((text) => text.includes(words)))
  const isNarrowed = words !== '' || kind !== ''
  return (
    <div className="x-page">
      <PageHead
        title={title}
        hint={items && `${items.length} 个`}
        acts={<Button type="primary" icon={<PlusOutlined />} onClick={begin}>{isPhone ? '新建' : `新建${noun}`}</Button>}
      />
      <div className="x-list-bar">
        <Input.Search allowClear placeholder={search.placeholder} aria-label={`查找${noun}`} defaultValue={words} onChange={(event) => put({ q: event.target.value })} />
        {kinds && (
          <Select
            allowClear
            aria-label={kinds.label}
            placeholder="全部"
            className={kinds.className}
            value={kind || null}
            options={Object.entries(kinds.labels).map(([value, label]) => ({ value, label: label as string }))}
            onChange={(value?: string) => put({ kind: value ?? '' })}
          />
        )}
      </div>
      {error ? (
        <Failed error={error} retry={() => void refetch()} />
      ) : !found ? (
        <Skeleton rows={6} />
      ) : found.length === 0 ? (
        <Notice kind="empty" title={`${isNarrowed ? '没有符合条件的' : '还没有'}${noun}`} text={about} act={isNarrowed ? undefined : { label: `新建${noun}`, run: begin }} />
      ) : (
        <ul className={`x-card ${listClass}`}>{found.map(row)}</ul>
      )}
      {isMaking && making(end, asked)}
    </div>
  )
} // prettier-ignore
