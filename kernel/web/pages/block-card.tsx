import { LinkOutlined, LockOutlined, RightOutlined } from '@ant-design/icons'
import type { PageAsk, ShownBlock } from '#model'
import { Link } from 'react-router'
import { MenuIcon } from '../shell/icons.tsx'
import { ChartCard } from './chart-card.tsx'
import { ListCard } from './list-card.tsx'

interface Props {
  block: ShownBlock
  asks: readonly PageAsk[]
  refresh: number | null
  /** Only what the background has brought. */
  isKept?: boolean
}
/** One block of a page, whatever it holds. */
export function BlockCard({ block, ...reading }: Props) {
  if (block.kind === 'chart') return <ChartCard block={block} {...reading} />
  if (block.kind === 'list') return <ListCard block={block} {...reading} />
  if (block.kind === 'link')
    return (
      <Link className="x-card x-block x-block-link" to={block.to}>
        {block.icon ? <MenuIcon name={block.icon} /> : <LinkOutlined aria-hidden />}
        <span>{block.title}</span>
        <RightOutlined className="x-faint" aria-hidden />
      </Link>
    )
  return (
    <section className="x-card x-block" aria-label={block.title || undefined}>
      {block.title && (
        <header>
          <h2>{block.title}</h2>
        </header>
      )}
      {block.kind === 'refused' ? (
        <div className="x-block-note" role="note">
          <LockOutlined aria-hidden />
          <p>{block.problem}</p>
        </div>
      ) : block.kind === 'empty' ? (
        <div className="x-block-note">
          <LinkOutlined aria-hidden />
          <p>{block.text}</p>
        </div>
      ) : (
        <p className="x-block-text">{block.text}</p>
      )}
    </section>
  )
}
