import { runExport, runImport, type ExitCode } from '../cli-import.ts'
import { withHouse } from './place.ts'

/** Takes `--data` out of the arguments; the rest is the verb's own. */
function dataOf(args: readonly string[]): { data: string; rest: string[] } {
  const at = args.indexOf('--data')
  const given = at >= 0 ? args[at + 1] : undefined
  const rest = at >= 0 ? args.filter((_, i) => i !== at && i !== at + 1) : [...args]
  return { data: given ?? process.env['XINGLIN_DATA'] ?? 'data', rest }
}
const inHouse = (args: readonly string[], run: typeof runImport): Promise<ExitCode> => {
  const { data, rest } = dataOf(args)
  return withHouse(data, (house) => run(house, rest))
}
/** `xinglin import`: the same imports as the page. */
export const importing = (args: string[]): Promise<ExitCode> => inHouse(args, runImport)
/** `xinglin export` */
export const exporting = (args: string[]): Promise<ExitCode> => inHouse(args, runExport)
