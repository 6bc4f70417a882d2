import { execFile } from 'node:child_process'
import { access, constants, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { pathToFileURL } from 'node:url'

const mostMs = 60_000
/** LibreOffice on this machine, by its usual names; null where there is none. */
export async function findOffice(path = process.env['PATH'] ?? ''): Promise<string | null> {
  for (const folder of path.split(delimiter).filter(Boolean))
    for (const name of ['soffice', 'libreoffice']) {
      const file = join(folder, name)
      if (await access(file, constants.X_OK).then(() => true, () => false)) return file // prettier-ignore
    }
  return null
}
let last: Promise<unknown> = Promise.resolve()
/** A Word file as a PDF, by LibreOffice in a folder and with a profile of its own, one after the other; null where it cannot. */
export function toPdf(office: string, word: Buffer): Promise<Buffer | null> {
  const made = last.then(() => convert(office, word))
  last = made
  return made
}
async function convert(office: string, word: Buffer): Promise<Buffer | null> {
  const folder = await mkdtemp(join(tmpdir(), 'xinglin-word-'))
  try {
    await writeFile(join(folder, 'paper.docx'), word, { mode: 0o600 })
    const profile = `-env:UserInstallation=${pathToFileURL(join(folder, 'profile')).href}`
    const environment = { PATH: process.env['PATH'], HOME: folder, LANG: 'zh_CN.UTF-8' }
    await promisify(execFile)(office, [profile, '--headless', '--norestore', '--convert-to', 'pdf', '--outdir', folder, join(folder, 'paper.docx')], { timeout: mostMs, killSignal: 'SIGKILL', env: environment, cwd: folder })
    return await readFile(join(folder, 'paper.pdf'))
  } catch {
    // Whatever it fails at: the Word file is there.
    return null
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
} // prettier-ignore
