import { DownOutlined } from '@ant-design/icons'
import type { ClientResource, GroupPath, Report, ReportSpec } from '#model'
import { App, Button, Dropdown } from 'antd'
import { useState } from 'react'
import { useNavigate, useParams, useSearchParams } from 'react-router'
import { askFile } from '../api/client.ts'
import { ApiError, messageOf } from '../api/problem.ts'
import { useCatalog } from '../definitions/use-catalog.tsx'
import { saveFile } from '../list/export.ts'
import { ViewDialog } from '../list/views/view-dialog.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { FilterSentence } from '../list/sentence.tsx'
import { usePage, useUnsaved } from '../shell/page-context.tsx'
import { useIsPhone } from '../shell/use-is-phone.ts'
import { Builder } from './builder.tsx'
import { fieldsOf, madeResource } from './made-resource.ts'
import { Result } from './result.tsx'
import { useKeepReports, useReport, useRun } from './use-reports.ts'
import './reporting.css'

const first = (base: ClientResource): ReportSpec => ({
  base: base.name,
  columns: [{ kind: 'path', key: 'A', label: base.fields[base.title]?.label ?? '名称', path: base.title }],
  filter: null,
  sort: [],
  group: [],
  totals: [],
  chart: null,
})

/** One report: kept, or being put together. */
export default function ReportPage() {
  const { id = 'new' } = useParams()
  const [query] = useSearchParams()
  const catalog = useCatalog()
  const asked = useReport(id)
  const report = asked.data
  const base = catalog.resource(report?.state.base ?? query.get('base') ?? '')
  if (id !== 'new' && asked.error) return <Whole title="报表">{<Failed error={asked.error} retry={() => void asked.refetch()} />}</Whole>
  if (id !== 'new' && !report) return <Whole title="报表">{<Skeleton rows={8} />}</Whole>
  if (report?.problem)
    return (
      <Whole title={report.name}>{<Notice kind="noRight" title={report.problem} text="可以请建立报表的人修改，或自己新建一份。" />}</Whole>
    )
  if (!base?.may.read) return <Whole title="报表">{<Notice kind="noRight" title="没有权限查看这类记录" />}</Whole>
  return <OneReport key={id} report={report ?? null} base={base} />
}
const Whole = ({ title, children }: { title: string; children: React.ReactNode }) => (
  <div className="x-page">
    <PageHead title={title} />
    <div className="x-card">{children}</div>
  </div>
)

function OneReport({ report, base }: { report: Report | null; base: ClientResource }) {
  const catalog = useCatalog()
  const navigate = useNavigate()
  const isPhone = useIsPhone()
  const { message } = App.useApp()
  const kept = useKeepReports()
  const opened = usePage()
  const usual = report?.state ?? first(base)
  const [spec, setSpec] = useState(usual)
  const [page, setPage] = useState(0)
  const [within, setWithin] = useState<GroupPath | null>(null)
  const [isBuilding, setBuilding] = useState(report === null)
  const [asked, setAsked] = useState<{ view: Report | null } | null>(null)
  const isChanged = JSON.stringify(spec) !== JSON.stringify(usual)
  useUnsaved(isChanged)
  const set = (part: Partial<ReportSpec>) => {
    setSpec({ ...spec, ...part })
    setPage(0)
    setWithin(null)
  }
  const name = report?.name ?? `新报表 · ${base.label}`
  const run = useRun({ spec, name }, page, within)
  const fields = fieldsOf(catalog, spec)
  const problems = run.error instanceof ApiError ? run.error.fieldProblems : []
  const save = async () => {
    if (!report) return setAsked({ view: null })
    try {
      const { name, isShared, isLocked } = report
      await kept.change(report, { name, isShared, isLocked, state: spec })
      void message.success(`报表“${name}”已保存`)
    } catch (error) {
      void message.error(messageOf(error))
    }
  }
  return (
    <div className="x-page x-report">
      <PageHead
        title={name}
        hint={run.data && !run.error && `${run.data.count} 行`}
        acts={
          !isPhone && (
            <>
              {!isBuilding && <Button onClick={() => setBuilding(true)}>组合</Button>}
              {isBuilding && report && <Button onClick={() => setBuilding(false)}>收起组合</Button>}
              <More report={report} base={base} spec={spec} name={name} onAsk={setAsked} />
              {(report === null || (isChanged && report.mayChange)) && (
                <Button type="primary" onClick={() => void save()}>
                  保存报表
                </Button>
              )}
            </>
          )
        }
      />
      {!isPhone && (
        <div className="x-views">
          <FilterSentence resource={madeResource(base, spec, fields)} filter={spec.filter} onChange={(filter) => set({ filter })} />
        </div>
      )}
      <div className={isBuilding && !isPhone ? 'x-report-both' : 'x-report-one'}>
        {isBuilding && !isPhone && <Builder base={base} spec={spec} fields={fields} problems={problems} onChange={set} />}
        <Result
          spec={spec}
          fields={fields}
          run={run}
          page={page}
          onPage={setPage}
          within={within}
          onWithin={(keys) => {
            setWithin(keys)
            setPage(0)
          }}
          onSort={(sort) => set({ sort })}
        />
      </div>
      {asked && (
        <ViewDialog
          view={asked.view}
          noun="报表"
          note="保存列、公式、条件、分组与图表；数据不保存，打开时总是最新的，并按打开的人的权限计算。"
          sharedWith={`所有能看“${base.label}”的人`}
          example="各科室高级职称与论文"
          onClose={() => setAsked(null)}
          onKeep={async (draft) => {
            const made = asked.view ? await kept.change(asked.view, draft) : await kept.keep({ ...draft, state: spec })
            setAsked(null)
            if (asked.view) return
            opened.setUnsaved(null)
            if (!report) opened.discard()
            void navigate(`/reports/${made.id}`, { replace: true })
          }}
        />
      )}
    </div>
  )
}

interface MoreProps {
  report: Report | null
  base: ClientResource
  spec: ReportSpec
  name: string
  onAsk: (asked: { view: Report | null }) => void
}
/** Taken away, printed, named, shared, dropped. */
function More({ report, base, spec, name, onAsk }: MoreProps) {
  const { message, modal } = App.useApp()
  const navigate = useNavigate()
  const { drop } = useKeepReports()
  const take = async (format: 'xlsx' | 'csv') => {
    try {
      const { blob, name: file } = await askFile('POST', '/api/reports/export', { body: { report: spec, name, format } })
      saveFile(blob, file ?? `${name}.${format}`)
      void message.success('已导出')
    } catch (error) {
      void message.error(messageOf(error))
    }
  }
  const remove = (one: Report) =>
    modal.confirm({
      title: `删除报表“${one.name}”？`,
      content: one.isShared ? '它是共享的，别人也不能再用。记录不受影响。' : '记录不受影响。',
      okText: '删除报表',
      okButtonProps: { danger: true },
      onOk: () =>
        drop(one).then(
          () => navigate('/reports'),
          (error: unknown) => void message.error(messageOf(error)),
        ),
    })
  const items = [
    ...(base.may.export
      ? [
          { key: 'xlsx', label: '导出 Excel 表格（xlsx）', onClick: () => void take('xlsx') },
          { key: 'csv', label: '导出文本表格（csv）', onClick: () => void take('csv') },
        ]
      : []),
    { key: 'print', label: '打印', onClick: () => window.print() },
    ...(report ? [{ key: 'copy', label: '另存一份', onClick: () => onAsk({ view: null }) }] : []),
    ...(report?.mayChange
      ? [
          { key: 'edit', label: '改名、共享、锁定', onClick: () => onAsk({ view: report }) },
          { key: 'drop', label: '删除报表', danger: true, onClick: () => remove(report) },
        ]
      : []),
  ]
  return (
    <Dropdown menu={{ items }} trigger={['click']}>
      <Button icon={<DownOutlined />} iconPlacement="end">
        更多
      </Button>
    </Dropdown>
  )
}
