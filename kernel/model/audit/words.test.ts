import { expect, test } from 'vitest'
import { detailWords, type DetailNames } from './words.ts'

const names: DetailNames = { record: () => undefined, resource: () => undefined, field: () => undefined, flow: () => undefined }

test('what looks like an instant and is none is said as it was given', () => {
  expect(detailWords({ at: '2026-06-15T04:02:00Z' }, null, names)[0]?.value).toBe('2026-06-15 12:02')
  expect(detailWords({ at: '2026-99-99T99:99' }, null, names)[0]?.value).toBe('2026-99-99T99:99')
})
