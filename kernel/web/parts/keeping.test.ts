import { expect, test } from 'vitest'
import type { Filter } from '#model'
import { flow } from '#kernel/model/flow/definition.ts'
import { ApiError, Unreachable } from '../api/problem.ts'
import type { Work } from '../flows/design/use-design.ts'
import { Keeping, type Send } from './keeping.ts'

const named = (label: string): Work => ({ definition: flow<Filter>('study.ordinary', { label, steps: [] }), tests: [] })
/** A server that answers when it is told to, and refuses what was not made from the revision that stands. */
function slow() {
  const stands = { revision: 0, labels: [] as string[], most: 0 }
  const waiting: (() => void)[] = []
  return {
    stands,
    async answer(): Promise<void> {
      await expect.poll(() => waiting.length).toBeGreaterThan(0)
      waiting.shift()!()
    },
    send: ({ definition }: Work, revision: number) =>
      new Promise<{ revision: number; problems: [] }>((resolve, reject) => {
        const conflict = new ApiError({ type: 'about:blank', title: '草稿已修改', status: 409, code: 'versionConflict' })
        stands.most = Math.max(stands.most, waiting.length + 1)
        waiting.push(() => {
          if (revision !== stands.revision) return reject(conflict)
          stands.labels.push(definition.label)
          resolve({ revision: ++stands.revision, problems: [] })
        })
      }),
  }
}
const keep = (send: Send<Work, never>) => new Keeping(send, named('原来'), { revision: 0, problems: [] })

test('two savings that wait behind one are sent one after the other, and nobody is told of a conflict with himself', async () => {
  const { stands, answer, send } = slow()
  const keeping = keep(send)
  keeping.change(named('一'))
  const first = keeping.save()
  keeping.change(named('二'))
  const behind = [keeping.save(), keeping.save(true)]
  await answer()
  expect(await first).toBe(1)
  await answer()
  expect(await Promise.all(behind)).toEqual([2, 2])
  expect(stands).toEqual({ revision: 2, labels: ['一', '二'], most: 1 })
  expect(keeping.kept).toMatchObject({ saving: { state: 'saved' }, revision: 2, proved: { work: { definition: { label: '二' } } } })
})

test('what is changed while a saving is under way is not called saved', async () => {
  const { answer, send } = slow()
  const keeping = keep(send)
  const before = named('一')
  keeping.change(before)
  const saving = keeping.save()
  expect(keeping.change(named('二'))).toBe(true)
  await answer()
  await saving
  expect(keeping.kept.saving).toEqual({ state: 'waiting' })
  expect(keeping.change(before)).toBe(false)
  expect(keeping.kept.saving).toEqual({ state: 'saved' })
})

test('after somebody else has saved nothing is sent until it is decided whose draft stays', async () => {
  const { stands, answer, send } = slow()
  const keeping = keep(send)
  stands.revision = 7
  keeping.change(named('我的'))
  const refused = keeping.save()
  await answer()
  expect([await refused, keeping.kept.saving]).toEqual([null, { state: 'conflict', why: '草稿已修改' }])
  expect([keeping.change(named('又改')), await keeping.save()]).toEqual([false, null])
  const mine = keeping.overwrite(7)
  await answer()
  await mine
  expect([stands.labels, keeping.kept.revision, keeping.kept.saving]).toEqual([['又改'], 8, { state: 'saved' }])
  keeping.settle(named('对方的'), { revision: 9, problems: [] })
  expect([await keeping.save(), stands.revision]).toEqual([9, 8])
})

test('what could not be sent is sent again when it is asked for', async () => {
  let isDown = true
  const keeping = keep(() => (isDown ? Promise.reject(new Unreachable()) : Promise.resolve({ revision: 1, problems: [] })))
  keeping.change(named('一'))
  expect([await keeping.save(), keeping.kept.saving.state]).toEqual([null, 'failed'])
  isDown = false
  expect([await keeping.save(), keeping.kept.saving.state]).toEqual([1, 'saved'])
})
