import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { formatBytes, Refusal, type TableAnswer } from '#model'
import type { Server } from '../http/server.ts'
import { stopReceiving } from '../http/stop-receiving.ts'
import { openTable } from './read/table.ts'
import { isBlank } from './read/row.ts'

const largest = 10 * 1024 * 1024
const mostRows = 20_001
const mostColumns = 100

/** What stands in a table file, as texts: for lines that a form takes in. Nothing of it is kept. */
export function tableRoute({ takingFiles }: Server): void {
  takingFiles((uploads) =>
    uploads.post('/api/tables', { config: { who: 'signedIn' } }, async (request, reply): Promise<TableAnswer> => {
      const part = await request.file({ limits: { fileSize: largest + 1 } })
      if (!part) throw new Refusal('badRequest', '没有收到文件')
      const folder = await mkdtemp(join(tmpdir(), 'xinglin-table-'))
      try {
        const path = join(folder, 'table')
        await pipeline(part.file, createWriteStream(path))
        if (part.file.truncated || part.file.bytesRead > largest) {
          stopReceiving(request, reply)
          throw new Refusal('tooLarge', `文件超过 ${formatBytes(largest)}，请在记录列表里用“导入”`)
        }
        return await readAll(path, part.filename)
      } finally {
        await rm(folder, { recursive: true, force: true })
      }
    }),
  )
}
async function readAll(path: string, name: string): Promise<TableAnswer> {
  const table = await openTable(path, name)
  const rows: string[][] = []
  const at: number[] = []
  for await (const portion of table.read({})) {
    for (const row of portion) {
      if (row.broken) throw new Refusal('importRefused', `第 ${row.at} 行：${row.broken}`)
      if (isBlank(row)) continue
      rows.push(row.cells.slice(0, mostColumns))
      at.push(row.at)
    }
    if (rows.length > mostRows) throw new Refusal('tooMany', `一次最多读入 ${mostRows - 1} 行`)
  }
  return { rows, at }
}
