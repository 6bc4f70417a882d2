import { runExport, runImport, type ExitCode } from '../cli-import.ts'
import { openHouse } from '../house.ts'
import { openPlace } from './place.ts'

/** Takes `--data` out of the arguments; the rest is the verb's own. */
function dataOf(args: readonly string[]): { data: string; rest: string[] } {
  const at = args.indexOf('--data')
  const given = at >= 0 ? args[at + 1] : undefined
  const rest = at >= 0 ? args.filter((_, i) => i !== at && i !== at + 1) : [...args]
  return { data: given ?? process.env['XINGLIN_DATA'] ?? 'data', rest }
}
async function inHouse(args: readonly string[], run: typeof runImport): Promise<ExitCode> {
  const { data, rest } = dataOf(args)
  const place = await openPlace(data)
  const house = await openHouse(place)
  try {
    return await run(house, rest)
  } finally {
    await house.close()
    await place.stop()
  }
}
/** `xinglin import`: the same imports as the page. */
export const importing = (args: string[]): Promise<ExitCode> => inHouse(args, runImport)
/** `xinglin export` */
export const exporting = (args: string[]): Promise<ExitCode> => inHouse(args, runExport)
