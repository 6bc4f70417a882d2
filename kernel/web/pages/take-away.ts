import { formatInstant, type ChartAnswer, type ChartBlock, type PageAsk } from '#model'
import { App } from 'antd'
import { askFile } from '../api/client.ts'
import { useMe } from '../api/hooks.ts'
import { messageOf } from '../api/problem.ts'
import { toPng } from '../charts/to-png.ts'
import { useCatalog } from '../definitions/use-catalog.tsx'
import { saveFile } from '../list/export.ts'
import { sayFilter } from './say-filter.ts'

/** Takes a chart along: as the picture that is seen, with what it shows and of when; or its figures as a table. */
export function useTakeAway(block: ChartBlock, asks: readonly PageAsk[]) {
  const { message } = App.useApp()
  const { today } = useMe()
  const catalog = useCatalog()
  const resource = catalog.resource(block.chart.resource)
  const name = `${block.title}-${today}`
  const tried = async (act: () => Promise<void>) => {
    try {
      await act()
      void message.success('已下载')
    } catch (error) {
      void message.error(messageOf(error))
    }
  }
  const picture = (box: HTMLElement | null, answer: ChartAnswer | null) =>
    tried(async () => {
      const body = box?.querySelector<HTMLElement>('.x-block-body')
      if (!body || !answer) return
      const said = resource && answer.filter ? sayFilter(catalog, resource, answer.filter, answer.titles) : '全部记录'
      saveFile(await toPng(body, { title: block.title, lines: [`${formatInstant(answer.at)}　${said}`] }), `${name}.png`)
    })
  const table = () =>
    tried(async () => {
      const { blob, name: given } = await askFile('POST', '/api/pages/export', { body: { block, asks, format: 'xlsx' } })
      saveFile(blob, given ?? `${name}.xlsx`)
    })
  return { picture, table }
}
