import { expect, test } from 'vitest'
import { collectPages, pathOfFile, resourceOfFile } from './pages.ts'

const load = () => Promise.resolve({ default: { title: '', component: () => null } })

test('the place of a file gives its path, said once when folder and file share a name', () => {
  expect(pathOfFile('../../modules/privileges/why/why.page.tsx')).toBe('/privileges/why')
  expect(pathOfFile('../../modules/privileges/grant/matrix.page.tsx')).toBe('/privileges/grant/matrix')
  expect(resourceOfFile('../../modules/privileges/grant/story.panel.tsx')).toBe('privileges.grant')
})
test('a page and its phone form are one, the longer path is found first', () => {
  const pages = collectPages(
    { '../../modules/a/b/b.page.tsx': load, '../../modules/a/b/c.page.tsx': load },
    { '../../modules/a/b/b.phone.tsx': load },
  )
  expect(pages.map((page) => page.path)).toEqual(['/a/b/c', '/a/b'])
  expect(pages[1]).toMatchObject({ desk: expect.any(Function), phone: expect.any(Function) })
})
test('two files for one path, or a path of the shell, stop the start', () => {
  expect(() => collectPages({ '../../modules/a/b/b.page.tsx': load, '../../modules/a/b.page.tsx': load }, {})).toThrow('a second desk page')
  for (const root of ['r', 'api', 's', 'dictionary', 'settings'])
    expect(() => collectPages({ [`../../modules/${root}/x/x.page.tsx`]: load }, {})).toThrow('belongs to the shell')
})
