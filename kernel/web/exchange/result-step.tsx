import { CheckCircleFilled, RollbackOutlined } from '@ant-design/icons'
import { Alert, App, Button } from 'antd'
import { useNavigate } from 'react-router'
import { formatInstant, type ImportDetail } from '#model'
import { summary } from './history.tsx'
import { ErrorsButton, ProblemList, RepairList } from './lists.tsx'
import { useActs } from './use-import.ts'

interface Props {
  detail: ImportDetail
  onOpen: (id: string) => void
  onAgain: () => void
}
/** What became of a batch that was sent for approval. */
const sentWords: Readonly<Record<NonNullable<ImportDetail['approval']>['status'], string>> = {
  running: '已送审，批准后生效',
  returned: '已退回，尚未生效',
  approved: '已批准，全部生效',
  refused: '未批准，没有生效',
  withdrawn: '已撤回，没有生效',
  terminated: '审批已终止，没有生效',
}
const open = (detail: ImportDetail) => detail.doubts.filter((doubt) => doubt.chosen === undefined)
/** Lines not taken: wrong ones, and those that nobody has answered for. */
const leftOut = (detail: ImportDetail) => [
  ...detail.problems,
  ...open(detail).flatMap(({ rows, column, text, why }) =>
    rows.map((row) => ({ row, column, value: text, message: `存疑，未选定：${why}` })),
  ),
]
/** What a batch did, what it left out, and the way back. */
export function ResultStep({ detail, onOpen, onAgain }: Props) {
  const { modal } = App.useApp()
  const navigate = useNavigate()
  const { undo } = useActs(detail.id)
  const { counts, kind } = detail
  const left = counts.refused + counts.doubtful
  const isUndo = kind === 'undo'
  const isWaiting = detail.approval?.status === 'running' || detail.approval?.status === 'returned'
  function askUndo(): void {
    modal.confirm({
      title: isUndo ? '撤销这次撤销？' : isWaiting ? `撤回第 ${detail.number} 批的申请？` : `撤销第 ${detail.number} 批？`,
      content: isUndo ? '撤回的记录会恢复，改回的内容会再改过来。' : isWaiting ? '申请随之撤回，这批记录不会生效，移入回收站。' : '这批新增且无人动过的记录移入回收站，改过的内容恢复原值；之后有人修改或引用的保留并列出。撤销本身也可以撤销。',
      okText: isWaiting ? '撤回申请' : '撤销',
      okButtonProps: { danger: true },
      cancelText: '不撤销',
      onOk: () => undo.mutateAsync().then((made) => onOpen(made.id), () => undefined),
    }) // prettier-ignore
  }
  return (
    <>
      <section className="x-card i-result">
        <CheckCircleFilled className="i-result-icon" aria-hidden />
        <div>
          <h2>{isUndo ? '已撤销' : detail.approval ? sentWords[detail.approval.status] : '导入完成'}</h2>
          <p className="i-result-sum">{summary(detail)}</p>
          <p className="x-muted">
            第 {detail.number} 批 · {detail.byName} · {formatInstant(detail.doneAt ?? detail.createdAt)}
            {counts.absent > 0 && ` · 文件中没有的 ${counts.absent} 条未动`}
          </p>
        </div>
        <span className="x-space" />
        <div className="i-result-acts">
          {detail.mayUndo && (
            <Button icon={<RollbackOutlined />} onClick={askUndo} loading={undo.isPending}>
              {isUndo ? '恢复' : isWaiting ? '撤回申请' : '撤销这批'}
            </Button>
          )}
          {kind === 'import' && <Button onClick={onAgain}>再导入一个</Button>}
          {detail.approval && (
            <Button type="primary" onClick={() => void navigate(`/approvals/${detail.approval!.instance}`)}>
              查看审批
            </Button>
          )}
          <Button type={detail.approval ? 'default' : 'primary'} onClick={() => void navigate(`/r/${detail.resource}`)}>
            查看{detail.resourceLabel}
          </Button>
        </div>
      </section>
      {detail.undoneBy && (
        <Alert
          type="warning"
          showIcon
          message="这批已经撤销"
          action={
            <Button size="small" onClick={() => onOpen(detail.undoneBy!)}>
              查看撤销结果
            </Button>
          }
        />
      )}
      {left > 0 && (
        <section className="x-card i-list">
          <ProblemList problems={leftOut(detail)} total={left} acts={<ErrorsButton detail={detail} />} />
        </section>
      )}
      {detail.samples.kept.length > 0 && (
        <section className="x-card i-list">
          <div className="i-list-head">保留的 {counts.kept} 条</div>
          <ul className="i-lines">
            {detail.samples.kept.map((kept, i) => (
              <li key={i}>
                <span className="i-cell">{kept.title}</span>
                <span>{kept.note}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {counts.repaired > 0 && detail.repairs.length > 0 && (
        <section className="x-card i-list">
          <RepairList repairs={detail.repairs} total={counts.repaired} />
        </section>
      )}
    </>
  )
}
