import type { DictionaryAnswer, DictionaryTable } from '#model'
import { DownloadOutlined, DownOutlined, PrinterOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Dropdown, Input, Select } from 'antd'
import { useDeferredValue, useState } from 'react'
import { flushSync } from 'react-dom'
import { useSearchParams } from 'react-router'
import { here } from '../api/place.ts'
import { api } from '../api/client.ts'
import { PageHead } from '../parts/page-head.tsx'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { Tag } from '../parts/tag.tsx'
import { useIsPhone } from '../shell/use-is-phone.ts'
import './dictionary.css'

/** 数据字典: every table and column of the database with its meaning; what the address names is open. */
export default function DictionaryPage() {
  const { data, error, refetch } = useQuery({
    queryKey: ['dictionary'],
    queryFn: ({ signal }) => api.get<DictionaryAnswer>('/api/dictionary', {}, signal),
    staleTime: 300_000,
  })
  const columns = data?.tables.reduce((sum, table) => sum + table.columns.length, 0)
  const isPhone = useIsPhone()
  const [isPrinting, setPrinting] = useState(false)
  /** On paper all tables stand one after the other. */
  const print = () => {
    flushSync(() => setPrinting(true))
    window.print()
    setPrinting(false)
  }
  return (
    <div className="x-page x-dictionary">
      <PageHead
        title="数据字典"
        hint={data && !isPhone && `${data.tables.length} 张表 · ${columns} 个字段`}
        acts={[
          isPhone ? null : (
            <Button key="print" icon={<PrinterOutlined aria-hidden />} onClick={print}>
              打印
            </Button>
          ),
          <Dropdown
            key="file"
            trigger={isPhone ? ['click'] : ['hover']}
            menu={{
              items: [
                { key: 'xlsx', label: <a href={here('/api/dictionary/file?format=xlsx')}>Excel 表格（xlsx）</a> },
                { key: 'docx', label: <a href={here('/api/dictionary/file?format=docx')}>Word 文档（docx）</a> },
                { key: 'csv', label: <a href={here('/api/dictionary/file?format=csv')}>文本表格（csv）</a> },
              ],
            }}
          >
            {isPhone ? (
              <Button type="text" icon={<DownloadOutlined />} aria-label="下载" />
            ) : (
              <Button icon={<DownloadOutlined aria-hidden />}>
                下载 <DownOutlined style={{ fontSize: 10 }} />
              </Button>
            )}
          </Dropdown>,
        ]}
      />
      {error ? (
        <Failed error={error} retry={() => void refetch()} />
      ) : data ? (
        <>
          <Dictionary tables={data.tables} />
          {isPrinting && (
            <div className="x-dictionary-paper">
              {data.tables.map((table) => (
                <Table key={table.name} table={table} sought="" onOpen={() => undefined} />
              ))}
            </div>
          )}
        </>
      ) : (
        <Skeleton rows={10} />
      )}
    </div>
  )
}

function Dictionary({ tables }: { tables: readonly DictionaryTable[] }) {
  const isPhone = useIsPhone()
  const [address, setAddress] = useSearchParams()
  const [text, setText] = useState('')
  const sought = useDeferredValue(text.trim().toLowerCase())
  const found = tables.filter((table) => holds(table, sought))
  const named = address.get('table')
  const open = found.find(({ name }) => name === named) ?? found[0]
  const show = (name: string) => setAddress({ table: name }, { replace: true })
  return (
    <>
      <Input.Search
        allowClear
        aria-label="查找表和字段"
        placeholder="表名、字段名或中文说明"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      {!open ? (
        <Notice kind="empty" title="没有这样的表或字段" text="换一个说法再查。" />
      ) : (
        <div className="x-dictionary-frame">
          {isPhone ? (
            <Select
              aria-label="表"
              value={open.name}
              options={found.map(({ name, label }) => ({ value: name, label: label ? `${label} ${name}` : name }))}
              onChange={show}
            />
          ) : (
            <nav className="x-card" aria-label="表">
              {[...Map.groupBy(found, ({ module }) => module)].map(([module, own]) => (
                <section key={module}>
                  <h2>{module}</h2>
                  {own.map(({ name, label }) => (
                    <button key={name} type="button" aria-current={name === open.name} onClick={() => show(name)}>
                      {label || name}
                      <small>{name}</small>
                    </button>
                  ))}
                </section>
              ))}
            </nav>
          )}
          <Table key={open.name} table={open} sought={sought} onOpen={show} />
        </div>
      )}
    </>
  )
}
const holds = ({ name, label, columns, resources }: DictionaryTable, sought: string): boolean =>
  sought === '' ||
  [name, label, ...resources, ...columns.flatMap((one) => [one.name, one.label])].some((word) => word.toLowerCase().includes(sought))

function Table({ table, sought, onOpen }: { table: DictionaryTable; sought: string; onOpen: (name: string) => void }) {
  return (
    <section className="x-card x-dictionary-table">
      <h2>
        {table.label || table.name} <code>{table.name}</code>
      </h2>
      {table.resources.length > 0 && <p className="x-faint">存放：{table.resources.join('、')}</p>}
      <div className="x-dictionary-scroll">
        <table>
          <thead>
            <tr>
              <th>字段</th>
              <th>说明</th>
              <th>种类</th>
              <th>数据库类型</th>
              <th>取值与约束</th>
            </tr>
          </thead>
          <tbody>
            {table.columns.map((one) => (
              <tr key={one.name} className={sought && `${one.name}${one.label}`.toLowerCase().includes(sought) ? 'found' : ''}>
                <td>
                  <code>{one.name}</code>
                </td>
                <td>{one.label}</td>
                <td>
                  {one.kind} {one.isProtected && <Tag tone="warn">加密</Tag>}
                </td>
                <td>
                  <code>{one.type}</code>
                  {one.isRequired && <span className="x-faint"> 非空</span>}
                </td>
                <td>
                  {one.refers && (
                    <button type="button" className="x-link" onClick={() => onOpen(one.refers!)}>
                      → {one.refers}
                    </button>
                  )}{' '}
                  {one.note}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {table.indexes.length > 0 && (
        <>
          <h3>索引</h3>
          <ul>
            {table.indexes.map((index) => (
              <li key={index.name}>
                <code>{index.name}</code> {index.isUnique && <Tag tone="info">唯一</Tag>}{' '}
                <code className="x-faint">{index.definition}</code>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}
