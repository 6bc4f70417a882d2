import type { DesignAnswer, Page } from '#model'
import { api } from '../api/client.ts'
import { BeginDesign } from '../studio/begin-design.tsx'
import { designUrl } from '../studio/use-studio.ts'
import type { About } from '../parts/use-making.ts'

interface Props {
  /** What may be copied: the hospital's own pages, those of the product. */
  pages: readonly { name: string; label: string }[]
  /** The type that it is to show, where one came from there. */
  about: About | null
  onClose: () => void
}
/** A page of the hospital's own: empty, or a copy of another. */
export function NewPage({ pages, about, onClose }: Props) {
  const offered = [{ value: '', label: '空白' }, ...pages.map(({ name, label }) => ({ value: name, label: `复制“${label}”` }))]
  return <BeginDesign kind="page" title="新建页面" placeholder="例如：人员概况" longest={40} offered={offered} beginning={beginning} about={about} usual={about ? `${about.label}统计` : ''} onClose={onClose} />
} // prettier-ignore
const beginning = async (from: string): Promise<Partial<Page>> =>
  from ? ((await api.get<DesignAnswer>(designUrl('page', from))).content as Page) : {}
