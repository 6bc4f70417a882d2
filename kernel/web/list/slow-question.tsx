import { DownloadOutlined } from '@ant-design/icons'
import { isCondition, type Filter, type SlowDetail, type SlowWay } from '#model'
import { Button } from 'antd'
import { Link } from 'react-router'
import { useMe } from '../api/hooks.ts'
import { ApiError } from '../api/problem.ts'
import { useExport } from './export.ts'
import { useColumns } from './use-columns.ts'
import { manyWord } from '../parts/many.ts'
import { Failed, Notice } from '../parts/states.tsx'
import type { ListAddress } from './list-address.ts'
import './slow-question.css'

const slowOf = (error: unknown): SlowDetail | null => {
  if (!(error instanceof ApiError) || error.problem.code !== 'slowQuery') return null
  const { ways, rows, index, job } = error.problem as Partial<SlowDetail>
  return ways ? { ways, rows: rows ?? null, index: index ?? null, job: job ?? null } : null
}

interface Props {
  error: unknown
  address: ListAddress
  retry: () => void
}
/** A list that could not be read; one that would have taken too long says why, and offers what can be answered at once. */
export function ListFailed({ error, address, retry }: Props) {
  const me = useMe()
  const slow = slowOf(error)
  if (!slow) return <Failed error={error} retry={retry} />
  // What stands in a view's own conditions is not this list's to take away.
  const ways = slow.ways.filter((way) => !way.remove || changeOf(way, address) !== null)
  return (
    <Notice
      kind="slow"
      title="这样查会很慢，没有执行"
      text={`${slow.rows === null ? '这里的记录很多' : `这里约有 ${manyWord(slow.rows)} 条记录`}，按现在的条件和排序要逐条查找。${ways.length ? '' : '请增加条件，例如限定科室或日期范围。'}`}
    >
      {ways.length > 0 && (
        <div className="x-slow-ways" role="group" aria-label="可以改成">
          {ways.map((way) => (
            <Button key={way.label} onClick={() => address.set(changeOf(way, address) ?? {})}>
              {way.label}
            </Button>
          ))}
        </div>
      )}
      {slow.job && <InBackground address={address} />}
      {slow.index && (
        <p className="x-slow-index x-faint">
          {me.rights.includes('indexes.administer') ? (
            <>
              为“{slow.index}”<Link to="/indexes">建立索引</Link>后可以直接查。
            </>
          ) : (
            `已记录，供系统管理员考虑为“${slow.index}”建立索引。`
          )}
        </p>
      )}
    </Notice>
  )
}
/** Nobody has to wait for it: what was asked comes as a file, however long it takes. */
function InBackground({ address: { resource, state, effective } }: { address: ListAddress }) {
  const { columns } = useColumns(resource, undefined, { paths: state.columns })
  const { run, isBusy } = useExport(resource)
  const asked = {
    filter: effective,
    search: state.search,
    sort: state.sort,
    deleted: state.deleted,
    columns: columns.map(({ path }) => path),
  }
  return (
    <p className="x-slow-job">
      <Button icon={<DownloadOutlined />} loading={isBusy} onClick={() => void run({ ...asked, format: 'xlsx', job: true })}>
        在后台导出结果
      </Button>
      <span className="x-faint">不改条件，慢慢查完后生成 Excel，完成时发消息给您。</span>
    </p>
  )
}
/** What a way changes of a list; null where it changes nothing. */
function changeOf(way: SlowWay, { state }: ListAddress): Parameters<ListAddress['set']>[0] | null {
  if (way.sort) return { sort: [...way.sort] }
  if (way.unsearch) return { search: '' }
  const parts: readonly Filter[] = !state.filter ? [] : 'and' in state.filter ? state.filter.and : [state.filter]
  if (way.add) return { filter: { and: [...parts, way.add] } }
  const left = parts.filter((part) => !isCondition(part) || part.field !== way.remove)
  return left.length < parts.length ? { filter: left.length ? { and: left } : null } : null
}
