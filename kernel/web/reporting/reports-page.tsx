import { LockOutlined, PlusOutlined, TeamOutlined } from '@ant-design/icons'
import { Button, Modal, Select } from 'antd'
import { useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { useCatalog } from '../definitions/use-catalog.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { useIsPhone } from '../shell/use-is-phone.ts'
import { useReports } from './use-reports.ts'
import './reporting.css'

/** 报表: those that I have put together, and those that are shared. */
export default function ReportsPage() {
  const catalog = useCatalog()
  const isPhone = useIsPhone()
  const { data, error, refetch } = useReports()
  const [isAsking, setAsking] = useState(false)
  const ask = { label: '新建报表', run: () => setAsking(true) }
  return (
    <div className="x-page">
      <PageHead
        title="报表"
        hint="任意字段、公式与汇总，按各人的权限计算"
        acts={
          !isPhone && (
            <Button type="primary" icon={<PlusOutlined />} onClick={ask.run}>
              新建报表
            </Button>
          )
        }
      />
      <div className="x-card">
        {error ? (
          <Failed error={error} retry={() => void refetch()} />
        ) : !data ? (
          <Skeleton rows={5} />
        ) : data.length === 0 ? (
          <Notice
            kind="empty"
            title="还没有报表"
            text={isPhone ? '报表在电脑上组合，存好后可在手机上查看。' : '从一类记录出发，选字段、写公式、加条件，存成报表或图表。'}
            act={isPhone ? undefined : ask}
          />
        ) : (
          <ul className="x-reports">
            {data.map((report) => (
              <li key={report.id}>
                <Link to={`/reports/${report.id}`}>{report.name}</Link>
                <small>
                  {catalog.resource(report.state.base)?.label}
                  {report.problem && <em className="x-problem"> · {report.problem}</em>}
                </small>
                <small>
                  {report.isShared ? (
                    <>
                      {report.isLocked ? <LockOutlined aria-hidden /> : <TeamOutlined aria-hidden />} {report.ownerName}共享
                      {report.isLocked ? '，已锁定' : ''}
                    </>
                  ) : (
                    '只有自己可见'
                  )}
                </small>
              </li>
            ))}
          </ul>
        )}
      </div>
      {isAsking && <BaseDialog onClose={() => setAsking(false)} />}
    </div>
  )
}

/** From which type of record a report begins: each of its records is a row. */
function BaseDialog({ onClose }: { onClose: () => void }) {
  const catalog = useCatalog()
  const navigate = useNavigate()
  const groups = Map.groupBy(
    catalog.all.filter((r) => r.may.read),
    (r) => r.moduleLabel,
  )
  return (
    <Modal open title="从哪类记录出发" footer={null} onCancel={onClose}>
      <p className="x-muted">报表的一行就是一条这样的记录；指向它的记录（如人员的职称、论文）可以汇集成列。</p>
      <Select
        autoFocus
        className="x-wide"
        aria-label="记录类型"
        placeholder="例如：医务人员"
        showSearch={{ optionFilterProp: 'label' }}
        options={[...groups].map(([label, list]) => ({ label, options: list.map((r) => ({ value: r.name, label: r.label })) }))}
        onChange={(base: string) => void navigate(`/reports/new?base=${base}`)}
      />
    </Modal>
  )
}
