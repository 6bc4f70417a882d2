import type { PageAsk, ShownBlock, ShownPage } from '#model'
import { Notice } from '../parts/states.tsx'
import { useIsPhone } from '../shell/use-is-phone.ts'
import { BlockCard } from './block-card.tsx'
import './pages.css'

/** The blocks where they lie: on the desk in their columns, on a phone one under the other. */
export function PageBlocks({ page, asks }: { page: Pick<ShownPage, 'blocks' | 'refresh'>; asks: readonly PageAsk[] }) {
  const isPhone = useIsPhone()
  if (page.blocks.length === 0) return <Notice kind="empty" title="这个页面还没有区块" />
  if (isPhone)
    return (
      <div className="x-blocks-phone">
        {inPhoneOrder(page.blocks).map((block) => (
          <div key={block.id} className={isSmall(block) ? 'small' : ''}>
            <BlockCard block={block} asks={asks} refresh={page.refresh} />
          </div>
        ))}
      </div>
    )
  return (
    <div className="x-blocks">
      {inDeskOrder(page.blocks).map((block) => (
        <div key={block.id} style={areaOf(block)}>
          <BlockCard block={block} asks={asks} refresh={page.refresh} />
        </div>
      ))}
    </div>
  )
}
const isSmall = (block: ShownBlock): boolean => (block.kind === 'chart' && block.chart.kind === 'number') || block.kind === 'link'
export const inPhoneOrder = <B extends Pick<ShownBlock, 'phone'>>(blocks: readonly B[]): B[] =>
  blocks.filter(({ phone }) => phone !== null).toSorted((a, b) => a.phone! - b.phone!)
/** As one reads: for the keyboard and for whoever listens. */
const inDeskOrder = (blocks: readonly ShownBlock[]): ShownBlock[] =>
  blocks.toSorted((a, b) => a.place.y - b.place.y || a.place.x - b.place.x)
export const areaOf = ({ place: { x, y, w, h } }: Pick<ShownBlock, 'place'>) => ({
  gridColumn: `${x + 1} / span ${w}`,
  gridRow: `${y + 1} / span ${h}`,
})
