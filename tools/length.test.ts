import { expect, test } from 'vitest'
import { tooLong } from './length.ts'

test('a source file may have 500 lines and a test file 800, and not one more', () => {
  const file = (path: string, lines: number) => ({ path, text: 'x\n'.repeat(lines) })
  const files = [file('kernel/a.ts', 500), file('kernel/b.ts', 501), file('kernel/a.test.ts', 800), file('kernel/b.test.ts', 801)]
  expect(tooLong(files).map(({ path }) => path)).toEqual(['kernel/b.ts', 'kernel/b.test.ts'])
})
