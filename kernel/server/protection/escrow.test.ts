import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { keyOfParts, lockPart, partsOfKey, unlockPart } from './escrow.ts'

const key = randomBytes(32)
const phrases = { 张三: 'dongtian-xueliu-9', 李四: 'xiari-hefeng-22', 王五: 'qiutian-luoye-71' }
const holders = Object.keys(phrases) as (keyof typeof phrases)[]

test('two of three people restore the master key with their files and pass phrases; one alone has nothing', () => {
  const files = Object.fromEntries(partsOfKey(key, holders, 2).map((part) => [part.holder, lockPart(part, phrases[part.holder as '张三'])]))
  for (const file of Object.values(files)) expect(file.includes(key.toString('base64').slice(0, 20))).toBe(false)
  const parts = holders.map((holder) => unlockPart(files[holder]!, phrases[holder]))
  for (const [one, other] of [[0, 1], [1, 2], [2, 0]] as const) expect(keyOfParts([parts[one]!, parts[other]!]).equals(key)).toBe(true)
  expect(() => keyOfParts([parts[0]!])).toThrow('还差 1 份：须有 2 位保管人的分片')
  expect(() => keyOfParts([parts[0]!, parts[0]!])).toThrow('还差 1 份')
  expect(() => unlockPart(files['张三']!, phrases['李四'])).toThrow('张三 的口令不对，或分片已损坏')
}) // prettier-ignore
test('a file that was changed anywhere, or is another key’s, restores nothing', () => {
  const [one, other] = partsOfKey(key, holders, 2)
  const file = lockPart(one!, phrases.张三)
  expect(() => unlockPart(file.replace('须有：2', '须有：1'), phrases.张三)).toThrow('已损坏')
  expect(() => unlockPart(file.replace('张三', '李四'), phrases.张三)).toThrow('已损坏')
  expect(() => unlockPart('别的文件', phrases.张三)).toThrow('不是主密钥的分片')
  expect(() => keyOfParts([one!, partsOfKey(randomBytes(32), holders, 2)[1]!])).toThrow('不是同一把密钥')
  expect(() => keyOfParts([one!, { ...other!, share: { ...other!.share, bytes: randomBytes(32) } }])).toThrow('已损坏')
  expect(() => lockPart(one!, '太短')).toThrow('至少 12 位')
  expect(() => partsOfKey(key, ['张三', '张三'], 2)).toThrow(RangeError)
  expect(() => partsOfKey(key, holders, 1)).toThrow(RangeError)
})
