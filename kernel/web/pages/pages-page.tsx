import { PlusOutlined } from '@ant-design/icons'
import { pagePath } from '#model'
import { Button } from 'antd'
import { Link } from 'react-router'
import { PageHead } from '../parts/page-head.tsx'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { Tag } from '../parts/tag.tsx'
import { useMaking } from '../parts/use-making.ts'
import { designPath } from '../studio/design-path.ts'
import { useDesigns } from '../studio/use-studio.ts'
import { NewPage } from './new-page.tsx'
import './pages.css'

/** Every page: the product's, those that the hospital has changed, its own. */
export default function PagesPage() {
  const { data, error, refetch } = useDesigns()
  const { isMaking, about, begin, end } = useMaking()
  const drawn = data?.items.filter(({ kind }) => kind === 'page') ?? []
  const offered = data?.offered.filter(({ kind }) => kind === 'page') ?? []
  return (
    <div className="x-page">
      <PageHead
        title="页面设计"
        acts={
          <Button type="primary" icon={<PlusOutlined />} onClick={begin}>
            新建页面
          </Button>
        }
      />
      {error && !data ? (
        <Failed error={error} retry={() => void refetch()} />
      ) : !data ? (
        <Skeleton rows={6} />
      ) : drawn.length + offered.length === 0 ? (
        <Notice kind="empty" title="还没有页面" text="把图表、列表和入口摆在一页上，发布后按角色显示在菜单或工作台。" act={{ label: '新建页面', run: begin }} />
      ) : (
        <ul className="x-card x-pages-list">
          {drawn.map(({ name, label, version, draft, isStopped, resting }) => (
            <li key={name}>
              <Link to={designPath({ kind: 'page', name })}>{label}</Link>
              {draft && <Tag tone="warn">草稿，{draft.by}</Tag>}
              {isStopped && <Tag tone="neutral">已停用</Tag>}
              {resting && <Tag tone="bad">不适合当前版本：{resting}</Tag>}
              <span className="x-space" />
              {version !== null && <span className="x-muted">第 {version} 版</span>}
              {version !== null && <Link to={pagePath(name)}>打开</Link>}
            </li>
          ))}
          {offered.map(({ name, label }) => (
            <li key={name}>
              <Link to={designPath({ kind: 'page', name })}>{label}</Link>
              <Tag>系统自带</Tag>
              <span className="x-space" />
              <Link to={pagePath(name)}>打开</Link>
            </li>
          ))}
        </ul>
      )}
      {isMaking && data && <NewPage pages={[...drawn, ...offered]} about={about} onClose={end} />}
    </div>
  )
} // prettier-ignore
