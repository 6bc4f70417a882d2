import fc from 'fast-check'
import { expect, test } from 'vitest'
import { jsonProblem } from './strict-json.ts'

test('a name twice in one object is refused, however it is written; the same name in two objects is not', () => {
  expect(jsonProblem('{"a":1,"a":2}')).toBe('“a”出现了两次')
  expect(jsonProblem('{"a":1,"\\u0061":2}')).toBe('“a”出现了两次')
  expect(jsonProblem('{"x":{"a":1},"y":{"a":1},"z":[{"a":"a"},{"a":"a"}]}')).toBeNull()
  expect(jsonProblem('{"a":"\\"a\\":1,\\"a\\":2\\\\"}')).toBeNull()
})
test('names that reach into programs are refused, also in disguise; as values they are words', () => {
  for (const name of ['__proto__', 'constructor', 'prototype', '\\u005f_proto__'])
    expect(jsonProblem(`{"a":[{"${name}":{}}]}`)).toMatch(/^不接受名为/)
  expect(jsonProblem('{"a":"__proto__","b":["constructor"]}')).toBeNull()
})
test('what nests too deep is refused before it is taken apart', () => {
  expect(jsonProblem('['.repeat(100_000))).toMatch(/嵌套/)
  expect(jsonProblem('{"a":'.repeat(41) + '1' + '}'.repeat(41))).toMatch(/嵌套/)
  expect(jsonProblem('['.repeat(40) + ']'.repeat(40))).toBeNull()
})
test('what a program writes is taken, whatever it says', () => {
  const refused = fc
    .sample(fc.json({ maxDepth: 6 }), { numRuns: 2000, seed: 3 })
    .filter((text) => !/__proto__|constructor|prototype/.test(text) && jsonProblem(text) !== null)
  expect(refused).toEqual([])
})
