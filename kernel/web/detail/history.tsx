import { auditActs, formatInstant, type ClientResource, type HistoryEntry } from '#model'
import { useHistory } from '../api/hooks.ts'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'

/** What was done with a record, as its history calls it. */
export const historyActs: Readonly<Record<string, string>> = {
  // Acts of modules are called as in the log.
  ...Object.fromEntries(auditActs.flatMap(({ acts }) => acts.map(({ act, label }) => [act, label]))),
  demo: '演示数据',
  create: '建立', merge: '合并', 'merge.undo': '撤销合并', update: '修改', delete: '删除', restore: '恢复', import: '导入', 'import.undo': '撤销导入', approve: '审批通过', submit: '提交', return: '退回', refuse: '未通过', withdraw: '撤回',
  'role.askEnd': '提出收回', 'role.end': '收回', 'role.agree': '同意', 'role.refuse': '不同意',
} // prettier-ignore
const origins: Readonly<Record<string, string>> = {
  import: '批量导入',
  api: '接口',
  job: '系统任务',
  flow: '审批',
  system: '系统',
  public: '公开填写',
}

type Change = HistoryEntry['changes'][number]

/** Who changed what, newest first, before and after. */
export function History({ resource, id }: { resource: ClientResource; id: string }) {
  const { data, error, refetch } = useHistory(resource.name, id)
  const order = Object.keys(resource.fields)
  const inOrder = (a: Change, b: Change) => order.indexOf(a.field) - order.indexOf(b.field)
  if (error) return <Failed error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton rows={5} />
  if (!data.length) return <Notice kind="empty" title="还没有修改记录" />
  return (
    <ol className="x-card x-history">
      {data.map((entry) => (
        <li key={`${entry.version} ${entry.at}`}>
          <div className="x-row">
            <b>{historyActs[entry.act] ?? entry.act}</b>
            <span>
              {entry.actorName}
              {entry.onBehalfOf && <span className="x-faint">（代办）</span>}
            </span>
            {entry.automation !== null && (
              <span className="x-faint x-small">{entry.automation ? `自动化“${entry.automation}”` : '自动化'}</span>
            )}
            {origins[entry.origin] && <span className="x-faint x-small">{origins[entry.origin]}</span>}
            <span className="x-space" />
            <span className="x-faint x-small">
              第 {entry.version} 版 · <time dateTime={entry.at}>{formatInstant(entry.at)}</time>
            </span>
          </div>
          {entry.changes.length > 0 && (
            <table>
              <tbody>
                {entry.changes.toSorted(inOrder).map((change) => (
                  <tr key={change.field}>
                    <th scope="row">{change.label}</th>
                    <td>
                      {change.before && (
                        <>
                          <span className="before">{change.before}</span> →{' '}
                        </>
                      )}
                      {change.after || <span className="x-faint">（清空）</span>}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </li>
      ))}
    </ol>
  )
}
