import { readFile } from 'node:fs/promises'
import { existsSync, realpathSync } from 'node:fs'
import { dirname, sep } from 'node:path'

/** Whether a program that lies in this folder could be run: of the mount that holds it (Linux: /proc/self/mounts). Null where the system does not say. */
export async function runsPrograms(folder: string, mounts = '/proc/self/mounts'): Promise<{ mount: string; runs: boolean } | null> {
  const text = await readFile(mounts, 'utf8').catch(() => null)
  if (text === null) return null
  let place = folder
  // A folder that is made at the first upload lies where its parent does.
  while (!existsSync(place) && dirname(place) !== place) place = dirname(place)
  place = realpathSync(place)
  const found = text
    .split('\n')
    .map((line) => line.split(' '))
    .filter((parts) => parts.length >= 4)
    .map(([, at, , options]) => ({ mount: at!.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8))), options: options!.split(',') }))
    .filter(({ mount }) => mount === '/' || place === mount || place.startsWith(mount + sep))
    // Of two at the same place the later lies above.
    .toSorted((a, b) => a.mount.length - b.mount.length)
    .at(-1)
  return found ? { mount: found.mount, runs: !found.options.includes('noexec') } : null
} // prettier-ignore
/** E0094: where uploads lie, nothing may be run. In a bucket nothing ever is. */
export async function lookAtUploads(folder: string, isInBucket: boolean, say: (good: boolean, text: string) => void): Promise<void> {
  if (isInBucket) return say(true, '上传的文件存放在对象存储，不在本机')
  const found = await runsPrograms(folder)
  if (found === null) return console.log('· 无法得知上传目录所在的文件系统是否允许执行程序，请自行核对')
  if (found.runs) console.log(`· 上传目录 ${folder} 所在的 ${found.mount} 允许执行程序：请单独挂载并加 noexec，或改用对象存储（XINGLIN_S3_…），三级要求（E0094）`)
  else say(true, `上传目录所在的 ${found.mount} 以 noexec 挂载`)
} // prettier-ignore
