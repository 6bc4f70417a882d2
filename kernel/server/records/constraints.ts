import { Refusal } from '#model'
import { brokenConstraint } from '../database/database.ts'
import type { CompiledResource } from '../store/compiled.ts'

/** A broken key or reference in words, at its field. */
export function translateConstraint(c: CompiledResource, error: unknown): unknown {
  const broken = brokenConstraint(error)
  if (!broken) return error
  if (broken.kind === 'unique') {
    const keys = (c.r.unique ?? []).find((key) =>
      broken.name.startsWith(
        `uq_${c.r.table.split('.')[1]!.replace(/[A-Z]/g, (x) => `_${x.toLowerCase()}`)}_${key.join('_').replace(/[A-Z]/g, (x) => `_${x.toLowerCase()}`)}`.slice(
          0,
          50,
        ),
      ),
    )
    const labels = (keys ?? []).map((key) => c.r.fields[key]?.label ?? key)
    const problems = keys?.length ? [{ field: keys.at(-1)!, message: `已有相同的${labels.join('＋')}` }] : []
    return new Refusal('duplicate', labels.length ? `已有${labels.join('＋')}相同的${c.r.label}` : undefined, { problems })
  }
  if (broken.kind === 'reference') return new Refusal('invalid', '所引用的记录不存在')
  return new Refusal('duplicate', '与已有记录的时间段重叠')
}
