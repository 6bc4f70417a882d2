import { formatBytes, type FileValue } from '#model'
import { useQuery } from '@tanstack/react-query'
import { messageOf } from '../../api/problem.ts'
import { bytesOf } from './bytes.ts'
import { decodeText, readTable } from './tables.ts'

const mostBytes = 256 * 1024
const [mostRows, mostColumns] = [500, 60]
const textNames = /\.(?:txt|log|md|json|xml|html?|ini|ya?ml|sql|csv|tsv)$/i
const tableNames = /\.(?:csv|tsv)$/i
/** Is this file shown as text? By type, or by its name. */
export const isText = ({ type, name }: FileValue): boolean =>
  type.startsWith('text/') || type === 'application/json' || textNames.test(name)

/** The beginning of a file as plain text or a table: nothing of it is ever run or drawn as a page. */
export function TextPreview({ file }: { file: FileValue }) {
  const { data, error } = useQuery({
    queryKey: ['file text', file.id],
    queryFn: async ({ signal }) => decodeText(await bytesOf(file.id, mostBytes, signal), file.bytes > mostBytes),
    staleTime: Infinity,
    retry: false,
  })
  if (error) return <p role="alert">{messageOf(error)}</p>
  if (data === undefined) return <p className="x-muted">正在读取…</p>
  if (data === null) return <p className="x-muted">这个文件的内容不是文字，请下载后打开。</p>
  if (data.trim() === '') return <p className="x-muted">文件是空的。</p>
  const table = tableNames.test(file.name) || file.type === 'text/csv' ? readTable(data, mostRows, mostColumns) : null
  const isCut = file.bytes > mostBytes || table?.isCut === true
  return (
    <div className="x-text-preview" tabIndex={0}>
      {table ? <Table rows={table.rows} /> : <pre>{data}</pre>}
      {isCut && (
        <p className="x-muted">{table ? `只显示前 ${table.rows.length} 行` : `只显示前 ${formatBytes(mostBytes)}`}，全文请下载查看。</p>
      )}
    </div>
  )
}
function Table({ rows: [head = [], ...rows] }: { rows: readonly (readonly string[])[] }) {
  return (
    <table>
      <thead>
        <tr>
          {head.map((cell, at) => (
            <th key={at}>{cell}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, line) => (
          <tr key={line}>
            {row.map((cell, at) => (
              <td key={at}>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
