import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const sheets = globSync('{kernel/web,modules}/**/*.css', { cwd: root }).map((path) => ({
  path,
  text: readFileSync(join(root, path), 'utf8'),
}))

test('a class is given its look in one file: two meanings of a name would fight, by the order in which pages are opened', () => {
  const homes = new Map<string, Set<string>>()
  for (const { path, text } of sheets)
    for (const [, name] of text.matchAll(/^\.([\w-]+)(?=,$| \{$)/gm)) homes.set(name!, (homes.get(name!) ?? new Set()).add(path))
  expect(sheets.length).toBeGreaterThan(20)
  expect([...homes].filter(([, found]) => found.size > 1).map(([name, found]) => `${name}: ${[...found].join(', ')}`)).toEqual([])
})

test('a variable that a style names is given somewhere: a wrong name shows as nothing at all', () => {
  const code = globSync('{kernel/web,modules}/**/*.{ts,tsx}', { cwd: root }).map((path) => readFileSync(join(root, path), 'utf8'))
  const given = new Set([...sheets.map(({ text }) => text), ...code].flatMap((text) => [...text.matchAll(/(--[\w-]+)['"\]]*\s*:/g)].map(([, name]) => name!)))
  const lost = sheets.flatMap(({ path, text }) => [...text.matchAll(/var\((--[\w-]+)\)/g)].flatMap(([, name]) => (given.has(name!) ? [] : [`${path}: ${name}`])))
  expect(lost).toEqual([])
}) // prettier-ignore
