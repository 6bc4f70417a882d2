import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hospital } from '#app/testing/hospital.ts'
import { S3Service } from '#app/testing/s3-service.ts'
import { FileStore } from './files.ts'
import { signed } from './s3-signature.ts'
import { s3FromEnvironment, S3Store } from './s3-store.ts'
import { DiskStore, type Store } from './store.ts'

const keys = { id: 'AKIDEXAMPLE', secret: 'geheim/+=', region: 'cn-north-1' }
const service = new S3Service(keys)
let folder: string
let endpoint: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xinglin-store-'))
  endpoint = await service.start()
})
afterAll(async () => {
  await service[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})
const s3 = (more: object = {}) => new S3Store({ ...keys, endpoint, bucket: 'files', ...more })
async function take(store: Store, key: string, content: Buffer): Promise<void> {
  const path = join(folder, 'given')
  await writeFile(path, content)
  await store.take(key, path)
}
const listed = async (store: Store, prefix: string) => (await Array.fromAsync(store.list(prefix))).toSorted()
const has = async (store: Store, key: string) => (await listed(store, key)).includes(key)

test('a request is signed as the example of the documentation is', () => {
  const url = new URL('https://examplebucket.s3.amazonaws.com/test.txt')
  const bodyHash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
  const example = { id: 'AKIAIOSFODNN7EXAMPLE', secret: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', region: 'us-east-1' }
  const headers = signed({ method: 'GET', url, headers: { range: 'bytes=0-9' }, bodyHash }, example, new Date('2013-05-24T00:00:00Z'))
  expect(headers['authorization']).toContain('Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41')
})

describe.each([['disk', () => new DiskStore(join(folder, 'disk'))], ['S3', () => s3()]] as const)('a store on %s', (_name, make) => {
  test('takes, gives whole or in part, overwrites, lists and removes', async () => {
    const store = make()
    await take(store, 'ab/one', Buffer.from('0123456789'))
    for (const key of ['parts/x/0', 'parts/x/1', 'parts/y/0']) await take(store, key, Buffer.from(key))
    expect(String(await buffer(await store.read('ab/one')))).toBe('0123456789')
    expect(String(await buffer(await store.read('ab/one', { start: 2, end: 4 })))).toBe('234')
    await take(store, 'ab/one', Buffer.from('neu'))
    expect(String(await buffer(await store.read('ab/one')))).toBe('neu')
    expect(await listed(store, 'parts/x/')).toEqual(['parts/x/0', 'parts/x/1'])
    expect(await listed(store, 'parts/')).toHaveLength(3)
    expect(await listed(store, 'nothing/')).toEqual([])
    expect([await has(store, 'ab/one'), await has(store, 'ab/two')]).toEqual([true, false])
    for (const _ of [1, 2]) await store.remove('ab/one')
    expect(await has(store, 'ab/one')).toBe(false)
    await expect(store.read('ab/one')).rejects.toThrow()
  })
}) // prettier-ignore

describe('S3', () => {
  test('gets a large file in pieces, and keeps nothing of one that failed on its way', async () => {
    const large = Buffer.alloc(40 * 1024 * 1024, '0123456789abcdef')
    await take(s3(), 'ab/large', large)
    expect(service.objects.get('ab/large')?.equals(large)).toBe(true)
    service.refusedPiece = 2
    await expect(take(s3(), 'ab/broken', large)).rejects.toThrow('InvalidPart')
    service.refusedPiece = 0
    expect([service.objects.has('ab/broken'), service.uploads.size]).toEqual([false, 0])
  })
  test('is asked again when it is busy, and not when it refuses', async () => {
    service.faults.push(503, 500)
    await take(s3(), 'ab/busy', Buffer.from('1'))
    expect(service.objects.has('ab/busy')).toBe(true)
    await expect(take(s3({ secret: 'falsch' }), 'ab/false', Buffer.from('1'))).rejects.toThrow('403 SignatureDoesNotMatch')
    await expect(take(s3({ bucket: 'other' }), 'ab/false', Buffer.from('1'))).rejects.toThrow('404 NoSuchBucket')
  })
  test('is named by the environment, whole or not at all', () => {
    const env = { XINGLIN_S3_ENDPOINT: 'https://s3.example', XINGLIN_S3_BUCKET: 'b', XINGLIN_S3_KEY_ID: 'i', XINGLIN_S3_SECRET: 's' }
    expect(s3FromEnvironment({})).toBeNull()
    expect(s3FromEnvironment(env)).toEqual({ endpoint: 'https://s3.example', bucket: 'b', id: 'i', secret: 's', region: 'us-east-1' })
    expect(() => s3FromEnvironment({ ...env, XINGLIN_S3_SECRET: '' })).toThrow('文件存到 S3 还缺少环境变量：XINGLIN_S3_SECRET')
    expect(() => s3FromEnvironment({ ...env, XINGLIN_S3_ENDPOINT: 's3' })).toThrow('应为 http 或 https 地址')
  })
  test('keeps the files of a hospital: put, read in part, brought to this machine for an import', async () => {
    await using h = await hospital()
    const files = new FileStore(h.kernel, join(folder, 'house'), { store: s3() })
    const kept = await files.put(await h.system(), '表.csv', Readable.from([Buffer.from('姓名\n张三\n')]), 1000)
    const [file] = await files.info(await h.system(), [kept.id])
    expect(service.objects.get(`${file!.hash.slice(0, 2)}/${file!.hash}`)?.toString()).toBe('姓名\n张三\n')
    expect(String(await buffer(await files.read(file!, { start: 0, end: 5 })))).toBe('姓名')
    const path = await files.local(file!)
    const asked = service.asked.length
    expect([await files.local(file!), service.asked.length]).toEqual([path, asked])
  })
})
