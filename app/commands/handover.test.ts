import { execFile } from 'node:child_process'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openWord } from '#kernel/server/printing/word/package.ts'
import { dataFolder, removeFolder, runCommand, startProgram } from '#app/testing/program.ts'

let data: string
beforeEach(async () => {
  data = await dataFolder()
})
afterEach(() => removeFolder(data))

test(
  'C0081 the hospital is handed the source, the structure of its tables and what it made itself, with sums that prove them',
  { timeout: 300_000 },
  async () => {
    {
      await using _ = await startProgram(data, ['--demo', 'small'])
    }
    const into = join(data, '..', `${data.split('/').at(-1)!}-handover`)
    try {
      const { code, output } = await runCommand(['handover', '--into', into, '--data', data])
      expect([code, output]).toEqual([0, expect.stringMatching(/源程序 \d{3,} 个文件，\d{2,} 张表的数据字典/)])
      const { stdout } = await promisify(execFile)('sha256sum', ['-c', '--quiet', 'SHA256SUMS'], { cwd: into })
      expect(stdout).toBe('')
      expect((await readdir(into)).toSorted()).toEqual(expect.arrayContaining(['SHA256SUMS', '数据字典.docx', '数据字典.xlsx', '源程序', '审批流程.json', '说明.txt']))
      expect(await readFile(join(into, '源程序', 'package.json'), 'utf8')).toContain('"name"')
      const word = await openWord(await readFile(join(into, '数据字典.docx')))
      expect(word.get('word/document.xml')!.toString('utf8')).toContain('staff.practitioner')
      const flows = JSON.parse(await readFile(join(into, '审批流程.json'), 'utf8')) as { name: string }[]
      expect(flows.map(({ name }) => name)).toContain('privileges.application')
      // Nothing is mixed into what lies there already.
      expect((await runCommand(['handover', '--into', into, '--data', data])).output).toContain('不是空的')
    } finally {
      await removeFolder(into)
    }
  },
) // prettier-ignore
