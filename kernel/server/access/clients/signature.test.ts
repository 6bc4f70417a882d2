import { createSecretKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalText, contentHash, isSignature, signatureOf, signedHeaders, type SignedParts } from './signature.ts'

const secret = 'xl_0123456789abcdefghijklmnopqrstuvwxyzABCD'
const parts: SignedParts = {
  algorithm: 'hmac-sha256',
  timestamp: '1781496000',
  nonce: '9f86d081884c7d659a2feaa0',
  key: 'ak_8c2f0d1b5e6a7f90',
  method: 'POST',
  target: '/api/privileges/check?trace=1',
  requestId: 'HIS-20260615-0001',
  contentHash: contentHash('hmac-sha256', '{"a":1}'),
}
const texts = ['timestamp', 'nonce', 'key', 'method', 'target', 'requestId', 'contentHash'] as const

describe('what is signed', () => {
  test('a change of any character of any part makes another signature', () => {
    const [key, signature] = [createSecretKey(secret, 'utf8'), signatureOf(secret, parts)]
    expect(isSignature(key, parts, signature)).toBe(true)
    fc.assert(
      fc.property(fc.constantFrom(...texts), fc.nat(), fc.integer({ min: 33, max: 126 }), (name, place, code) => {
        const text = parts[name]
        const at = place % text.length
        const changed = text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1)
        fc.pre(changed !== text)
        expect(isSignature(key, { ...parts, [name]: changed }, signature)).toBe(false)
      }),
      { seed: 5, numRuns: 2000 },
    )
  })
  test('what moves from one part into the next is another request, too', () => {
    // None of the parts can hold a line break: a header cannot, nor can the line of a request.
    const word = fc.string({ unit: fc.constantFrom('a', 'b', '/', '1'), maxLength: 4 })
    const some = fc.record(Object.fromEntries(texts.map((name) => [name, word])) as Record<(typeof texts)[number], typeof word>)
    fc.assert(
      fc.property(some, some, (one, other) => {
        const isSame = texts.every((name) => one[name] === other[name])
        expect(canonicalText({ algorithm: 'hmac-sha256', ...one }) === canonicalText({ algorithm: 'hmac-sha256', ...other })).toBe(isSame)
      }),
      { seed: 5, numRuns: 2000 },
    )
  })
  test('the two algorithms never make one signature', () => {
    const sm3 = { ...parts, algorithm: 'hmac-sm3' as const }
    expect(signatureOf(secret, sm3)).not.toBe(signatureOf(secret, parts))
    // GB/T 32905, example 1: the hash of "abc".
    expect(contentHash('hmac-sm3', 'abc')).toBe('66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0')
  })
  test('a wrong signature of any length is wrong', () => {
    const key = createSecretKey(secret, 'utf8')
    for (const given of ['', 'a', 'f'.repeat(64), `${signatureOf(secret, parts)}0`]) expect(isSignature(key, parts, given)).toBe(false)
  })
})

test('the worked example of the guide for vendors is what the program works out', () => {
  const guide = readFileSync(join(import.meta.dirname, '../../../../docs/api-clients.md'), 'utf8')
  const body = '{"practitioner":{"staffNumber":"00123"},"procedures":[{"codeSystem":"医保版","code":"51.2300"}]}'
  const example = { key: 'ak_8c2f0d1b5e6a7f90', secret, method: 'POST', target: '/api/privileges/check', body, nonce: parts.nonce, at: new Date(1781496000_000) } as const // prettier-ignore
  const texts: string[] = []
  for (const algorithm of ['hmac-sha256', 'hmac-sm3'] as const) {
    const headers = signedHeaders({ ...example, algorithm })
    const hash = contentHash(algorithm, body)
    const text = canonicalText({ algorithm, timestamp: '1781496000', nonce: example.nonce, key: example.key, method: 'POST', target: example.target, requestId: '', contentHash: hash }) // prettier-ignore
    expect(guide).toContain(hash)
    expect(guide).toContain(headers['x-xinglin-signature'])
    texts.push(text)
  }
  expect(guide).toContain(`\n${texts[0]}\n`)
  expect(guide).toContain(body)
  expect(guide).toContain(secret)
})
