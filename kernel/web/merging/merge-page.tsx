import { isGiven, kindOf, type ApiRecord, type ClientResource, type Field, type MergeAnswer, type MergePreview } from '#model'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Input, Radio } from 'antd'
import { useState } from 'react'
import { Link, useNavigate, useParams, useSearchParams } from 'react-router'
import { api } from '../api/client.ts'
import { forgetRecord } from '../api/hooks.ts'
import { messageOf } from '../api/problem.ts'
import { useResource } from '../definitions/use-catalog.tsx'
import { titleOfRecord } from '../detail/record-title.tsx'
import { DisplayOf, TitlesProvider } from '../fields/index.ts'
import { PageHead } from '../parts/page-head.tsx'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { usePage } from '../shell/page-context.tsx'
import { NotFound } from '../shell/not-found.tsx'
import './merging.css'

/** Records side by side: which one is kept, whose value is taken for each field, and what keeps them from being merged. */
export default function MergePage() {
  const { resource: name = '' } = useParams()
  const [search] = useSearchParams()
  const ids = search.get('ids') ?? ''
  const resource = useResource(name)
  const { data, error, refetch } = useQuery({
    queryKey: ['merge', name, ids],
    queryFn: ({ signal }) => api.get<MergePreview>(`/api/merge/${name}`, { ids }, signal),
    enabled: resource !== undefined,
    // What is decided on is what was seen.
    refetchOnWindowFocus: false,
  })
  if (!resource) return <NotFound text="没有这种记录，或者没有对你开放。" />
  return (
    <div className="x-page">
      <PageHead title={`合并${resource.label}`} />
      {error ? (
        <Failed error={error} retry={() => void refetch()} />
      ) : !data ? (
        <Skeleton rows={6} />
      ) : (
        <TitlesProvider titles={mergedTitles(data)}>
          <Compare key={ids} resource={resource} preview={data} again={() => void refetch()} />
        </TitlesProvider>
      )}
    </div>
  )
}
const mergedTitles = ({ records }: MergePreview) => {
  const titles: Record<string, Record<string, string>> = {}
  for (const one of records) for (const [target, names] of Object.entries(one.titles)) titles[target] = { ...titles[target], ...names }
  return titles
}
const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null)

function Compare({ resource, preview, again }: { resource: ClientResource; preview: MergePreview; again: () => void }) {
  const navigate = useNavigate()
  const client = useQueryClient()
  const { message } = App.useApp()
  const { discard } = usePage()
  const { records } = preview
  // The one that most points at is kept, as the one that costs least to keep.
  const [keep, setKeep] = useState(() => records.toSorted((a, b) => b.pointing - a.pointing)[0]!.record.id)
  const [take, setTake] = useState<Readonly<Record<string, string>>>({})
  const [reason, setReason] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const [isSending, setSending] = useState(false)
  const blocked = [...preview.problems, ...records.flatMap((one) => one.problems.map((said) => `“${titleOfRecord(resource, one)}”${said}`))]
  const values = records.map((one) => one.record)
  const fields = Object.entries(resource.fields).filter(([key, field]) => !kindOf(field).isWriteOnly && values.some((record) => !isSame(record[key], null) && !(Array.isArray(record[key]) && record[key].length === 0))) // prettier-ignore
  async function merge() {
    if (!reason.trim()) return setProblem('请填写合并的理由')
    setSending(true)
    try {
      const body = { keep, take, reason, records: values.map(({ id, version }) => ({ id, version })) }
      const { moved } = await api.post<MergeAnswer>(`/api/merge/${resource.name}`, body)
      void message.success(`已合并，${moved} 处引用改为指向保留的记录`)
      forgetRecord(client, resource.name)
      void client.invalidateQueries({ queryKey: ['record'] })
      void client.invalidateQueries({ queryKey: ['duplicates', resource.name] })
      discard()
      void navigate(`/r/${resource.name}/${keep}`, { replace: true })
    } catch (error) {
      setProblem(messageOf(error))
      setSending(false)
    }
  }
  return (
    <>
      {blocked.length > 0 && (
        <div className="x-card">
          <Notice kind="noRight" title="现在不能合并" text={blocked.join('；')} act={{ label: '重新检查', run: again }} />
        </div>
      )}
      <div className="x-card x-compare-frame">
        <table className="x-compare">
          <thead>
            <tr>
              <th scope="col">保留哪一条</th>
              {records.map((one) => (
                <th key={one.record.id} scope="col" className={keep === one.record.id ? 'kept' : ''}>
                  <Radio checked={keep === one.record.id} onChange={() => setKeep(one.record.id)}>
                    {titleOfRecord(resource, one)}
                  </Radio>
                  <small>
                    <Link to={`/r/${resource.name}/${one.record.id}`}>打开</Link> · {one.pointing} 处引用
                  </small>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {fields.map(([key, field]) => (
              <Line
                key={key}
                name={key}
                field={field}
                records={values}
                chosen={take[key] ?? keep}
                isFixed={isGiven(field) || field.readOnly === true || resource.readOnly.includes(key)}
                onChoose={(id) => setTake({ ...take, [key]: id })}
              />
            ))}
          </tbody>
        </table>
      </div>
      <div className="x-card x-merge-foot">
        <Input.TextArea
          rows={2}
          aria-label="理由"
          placeholder="合并的理由（必填）"
          maxLength={500}
          value={reason}
          onChange={(event) => {
            setReason(event.target.value)
            setProblem(null)
          }}
        />
        {problem && (
          <p className="x-problem" role="alert">
            {problem}
          </p>
        )}
        <p className="x-faint">
          其余 {records.length - 1} 条移入回收站并注明合并到哪一条；从回收站恢复即撤销，没有再改动过的引用会改回来。
        </p>
        <Button type="primary" loading={isSending} disabled={blocked.length > 0} onClick={() => void merge()}>
          合并 {records.length} 条
        </Button>
      </div>
    </>
  )
}

interface LineProps {
  name: string
  field: Field
  records: readonly ApiRecord[]
  chosen: string
  isFixed: boolean
  onChoose: (id: string) => void
}
function Line({ name, field, records, chosen, isFixed, onChoose }: LineProps) {
  const isAlike = records.every((record) => isSame(record[name], records[0]![name]))
  return (
    <tr className={isAlike ? 'alike' : ''}>
      <th scope="row">{field.label}</th>
      {records.map((record) => (
        <td key={record.id} className={!isAlike && chosen === record.id ? 'taken' : ''}>
          {isAlike || isFixed ? (
            <DisplayOf field={field} value={record[name] ?? null} />
          ) : (
            <Radio checked={chosen === record.id} aria-label={`${field.label}取这一条的`} onChange={() => onChoose(record.id)}>
              <DisplayOf field={field} value={record[name] ?? null} />
            </Radio>
          )}
        </td>
      ))}
    </tr>
  )
}
