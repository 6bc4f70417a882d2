import { mkdirSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { lookAtUploads, runsPrograms } from './doctor-uploads.ts'

test('E0094 whether programs could be run where uploads lie is told by the mount that holds the folder, the innermost and latest', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'xinglin mounts-'))
  try {
    const files = join(folder, 'files')
    mkdirSync(files)
    const told = async (lines: readonly string[], place = files) => {
      writeFileSync(join(folder, 'mounts'), lines.map((line) => `/dev/x ${line} 0 0\n`).join(''))
      return runsPrograms(place, join(folder, 'mounts'))
    }
    const name = (path: string) => path.replaceAll(' ', '\\040')
    const root = '/ ext4 rw,relatime'
    expect(await told([root])).toEqual({ mount: '/', runs: true })
    expect(await told([root, `${name(files)} ext4 rw,nosuid,noexec`])).toEqual({ mount: files, runs: false })
    // The folder is not there yet; a neighbour whose name begins alike is another place; the later mount lies above.
    expect(await told([root, `${name(folder)} ext4 rw,noexec`], join(files, 'incoming', 'x'))).toEqual({ mount: folder, runs: false })
    expect(await told([root, `${name(files.slice(0, -1))} ext4 rw,noexec`])).toEqual({ mount: '/', runs: true })
    expect(await told([root, `${name(files)} ext4 rw,noexec`, `${name(files)} tmpfs rw`])).toEqual({ mount: files, runs: true })
    expect(await runsPrograms(files, join(folder, 'nothing'))).toBeNull()
    const said: unknown[] = []
    await lookAtUploads(files, true, (...one) => said.push(one))
    expect(said).toEqual([[true, '上传的文件存放在对象存储，不在本机']])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
