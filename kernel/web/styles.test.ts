import { globSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { expect, test } from 'vitest'

test('a class is given its look in one file: two meanings of a name would fight, by the order in which pages are opened', () => {
  const files = globSync('**/*.css', { cwd: import.meta.dirname }).map((name) => join(import.meta.dirname, name))
  const homes = new Map<string, Set<string>>()
  for (const file of files)
    for (const [, name] of readFileSync(file, 'utf8').matchAll(/^\.([\w-]+)(?=,$| \{$)/gm))
      homes.set(name!, (homes.get(name!) ?? new Set()).add(relative(import.meta.dirname, file)))
  expect(files.length).toBeGreaterThan(10)
  expect([...homes].filter(([, found]) => found.size > 1).map(([name, found]) => `${name}: ${[...found].join(', ')}`)).toEqual([])
})
