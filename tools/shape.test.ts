import { expect, test } from 'vitest'
import { declaredTypes, repeatedBlocks, spread, withoutDocstring } from './shape.ts'

test('the measures are what they say', () => {
  expect(spread([5, 1, 3])).toEqual({ median: 3, p90: 5, max: 5 })
  expect(declaredTypes(`export const honour = resource('affairs.honour', {\n})\nexport const a = resource(\n  'affairs.a', {})`)).toEqual([
    'affairs.honour',
    'affairs.a',
  ])
  const text = `/** Says why. */\nexport function told() {}\nexport async function untold() {}\nexport const short = (a: number) => a\nexport const value = 3\n`
  expect(withoutDocstring([{ path: 'a.ts', text }])).toEqual(['a.ts: untold', 'a.ts: short'])
})

test('eight equal lines are one repeated block, however long it goes on, and imports do not count', () => {
  const block = Array.from({ length: 10 }, (_, index) => `call(${index})`).join('\n')
  const imports = Array.from({ length: 10 }, (_, index) => `import './${index}.ts'`).join('\n')
  const files = ['a.ts', 'b.ts'].map((path) => ({ path, text: `${imports}\n${block}\n` }))
  expect(repeatedBlocks(files)).toEqual(['b.ts:11 = a.ts:11'])
})
