import { ArrowDownOutlined, ArrowUpOutlined, EyeInvisibleOutlined, EyeOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import type { ShownBlock } from '#model'
import { BlockCard } from '../block-card.tsx'
import { inPhoneOrder } from '../page-blocks.tsx'
import type { PageDesigning } from './use-page-acts.ts'

/** The phone's side of a page: which blocks it shows, one under the other, in which order. */
export function PhoneCanvas({ designing, shown }: { designing: PageDesigning; shown: ReadonlyMap<string, ShownBlock> }) {
  const { page, selected, select, moveOnPhone, editBlock } = designing
  const order = inPhoneOrder(page.blocks)
  const left = page.blocks.filter(({ phone }) => phone === null)
  return (
    <div className="x-phone-canvas" aria-label="手机布局">
      {order.map((block, at) => (
        <div key={block.id} className={selected?.id === block.id ? 'selected' : ''}>
          <p>
            <button type="button" className="x-link" onClick={() => select(block.id)}>
              {block.title || '文字'}
            </button>
            <span className="x-space" />
            <Button size="small" type="text" icon={<ArrowUpOutlined />} aria-label={`${block.title}上移`} disabled={at === 0} onClick={() => moveOnPhone(block.id, -1)} />
            <Button size="small" type="text" icon={<ArrowDownOutlined />} aria-label={`${block.title}下移`} disabled={at === order.length - 1} onClick={() => moveOnPhone(block.id, 1)} />
            <Button size="small" type="text" icon={<EyeInvisibleOutlined />} aria-label={`手机上不显示${block.title}`} onClick={() => editBlock(block.id, { phone: null })} />
          </p>
          <div inert>
            <BlockCard block={shown.get(block.id) ?? block} asks={[]} refresh={null} />
          </div>
        </div>
      ))}
      {left.length > 0 && <h3>手机上不显示</h3>}
      {left.map((block) => (
        <p key={block.id}>
          {block.title || '文字'}
          <span className="x-space" />
          <Button size="small" icon={<EyeOutlined />} onClick={() => editBlock(block.id, { phone: order.length })}>
            显示
          </Button>
        </p>
      ))}
    </div>
  )
} // prettier-ignore
