import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { module, type ClientDefinitions, type ListAnswer, type RecordAnswer, type Resource } from '#model'
import { productDefinitions } from '#app/definitions.ts'
import { root } from '#app/paths.ts'
import { approve } from '#app/testing/deciding.ts'
import { hospital } from '#app/testing/hospital.ts'
import { rightsOver } from './file.part.ts'
import { chapters } from './section.ts'

/** The section that the tutorial declares, loaded as it stands there. */
async function asWritten(): Promise<{ section: Resource; lines: number }> {
  const text = await readFile(join(root, 'docs/tutorial-section.md'), 'utf8')
  const [, code = ''] = /```ts\n([\s\S]*?)```/.exec(text) ?? []
  const folder = join(root, 'reports/tutorial')
  await mkdir(folder, { recursive: true })
  const file = join(folder, 'foreign-language.ts')
  await writeFile(file, code.replace('./section.ts', '../../modules/staff/file/section.ts'))
  const { foreignLanguage } = (await import(file)) as { foreignLanguage: Resource }
  return { section: foreignLanguage, lines: code.trimEnd().split('\n').length }
}

test('the tutorial’s section is under thirty lines, stands in the file, is filled in, agreed to by its office and found', async () => {
  const { section, lines } = await asWritten()
  expect(lines).toBeLessThan(30)
  const extra = module('tutorial', { label: '教程', resources: [section], roles: rightsOver([section]) })
  await using h = await hospital({ at: '2026-03-02', defs: productDefinitions([extra]) })
  const doctor = await h.signIn(await h.person('张海涛'))
  const office = await h.signIn(await h.person('江帆', { unit: '科教处', roles: ['scienceOffice'] }))
  const { resources } = (await doctor.call('GET', '/api/definitions')).json<ClientDefinitions>()
  expect(resources.find(({ name }) => name === section.name)).toMatchObject({ label: '外语水平', chapter: chapters.learning })
  const path = `/api/records/${section.name}`
  const draft = { language: 'english', test: 'CET-6', score: '560', takenOn: '2015-06-13' }
  const asked = (await doctor.call('POST', path, draft)).json<RecordAnswer>().record
  expect(asked.state).toBe('pending')
  expect(await approve(office, asked.flow!.instance)).toBe(200)
  const { rows } = (await office.call('GET', `${path}?search=CET`)).json<ListAnswer>()
  expect(rows).toMatchObject([{ score: '560', state: 'approved' }])
})
