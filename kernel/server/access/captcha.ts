import { randomInt } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import { invalid, isUuid } from '#model'
import type { Queryable } from '../database/database.ts'

/** Each digit as strokes in a field of 20 × 36: drawn as lines, so that no text stands in the picture. Only commands whose numbers are points. */
const strokes: readonly string[] = [
  'M10 2C2 2 2 34 10 34S18 2 10 2', 'M4 10L11 2L11 34', 'M3 10C3 0 17 0 17 10C17 18 5 24 3 34L18 34', 'M3 4L17 4L8 16C20 14 20 34 9 34Q4 34 2 29',
  'M14 34L14 2L2 24L18 24', 'M16 2L5 2L4 16C18 10 20 34 9 34Q4 34 2 30', 'M15 2C6 6 3 16 3 25C3 37 17 37 17 25C17 15 5 15 3 25', 'M2 2L18 2L7 34',
  'M10 17C0 13 3 2 10 2S20 13 10 17C-1 21 3 34 10 34S21 21 10 17', 'M17 12C17 0 3 0 3 11C3 21 16 21 17 11C18 24 12 31 6 34',
] // prettier-ignore
const minutesToAnswer = 10
const between = (from: number, to: number): number => randomInt(from * 10, to * 10) / 10

function draw(digits: string): string {
  const glyphs = [...digits].map((digit, at) => `<path d="${bend(strokes[Number(digit)]!, 14 + at * 32)}"/>`)
  const lines = Array.from({ length: 5 }, () => `<path d="M${between(0, 30)} ${between(4, 48)}Q${between(40, 110)} ${between(-20, 72)} ${between(112, 150)} ${between(4, 48)}" stroke-width="1.2"/>`) // prettier-ignore
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 150 52" width="150" height="52"><rect width="150" height="52" fill="#eef2f2"/><g fill="none" stroke="#1f6f78" stroke-width="3" stroke-linecap="round" stroke-linejoin="round">${[...glyphs, ...lines].sort(() => between(-1, 1)).join('')}</g></svg>`
}
/** A digit turned, slanted and shaken point by point, so that no two of one kind have a number in common. */
function bend(path: string, left: number): string {
  const [turn, slant, size] = [between(-25, 25) / 100, between(-25, 25) / 100, between(85, 110) / 100]
  const [dx, dy] = [left + between(-3, 3), 8 + between(-4, 4)]
  return path.replace(/(-?\d+) (-?\d+)/g, (_, x: string, y: string) => {
    const [cx, cy] = [(Number(x) - 10) * size, (Number(y) - 18) * size]
    const px = cx * Math.cos(turn) - cy * Math.sin(turn) + cy * slant + 10 + dx + between(-0.8, 0.8)
    const py = cx * Math.sin(turn) + cy * Math.cos(turn) + 18 + dy + between(-0.8, 0.8)
    return `${px.toFixed(1)} ${py.toFixed(1)}`
  })
}

/** A new picture of four digits; those that nobody answered in time go. */
export async function newCaptcha(db: Queryable, now: Date): Promise<{ id: string; svg: string }> {
  const digits = Array.from({ length: 4 }, () => randomInt(10)).join('')
  const id = uuidv7()
  await db.query(`DELETE FROM kernel.captcha WHERE expires_at < $1`, [now.toISOString()])
  await db.query(`INSERT INTO kernel.captcha (id, answer, expires_at) VALUES ($1::uuid, $2, $3)`, [
    id,
    digits,
    new Date(now.getTime() + minutesToAnswer * 60_000).toISOString(),
  ])
  return { id, svg: draw(digits) }
}
/** Takes an answer; right or wrong, the picture is used up. Null: it was used up or too old already. */
async function take(db: Queryable, now: Date, id: string, answer: string): Promise<boolean | null> {
  if (!isUuid(id)) return null
  const [row] = await db.query<{ answer: string }>(`DELETE FROM kernel.captcha WHERE id = $1::uuid AND expires_at >= $2 RETURNING answer`, [id, now.toISOString()]) // prettier-ignore
  return row ? row.answer === answer.normalize('NFKC').replace(/\s/g, '') : null
}
export const takeCaptcha = async (db: Queryable, now: Date, id: string, answer: string): Promise<boolean> =>
  (await take(db, now, id, answer)) === true
/** The same, as the refusal of a form. */
export async function needCaptcha(db: Queryable, now: Date, id: string, answer: string): Promise<void> {
  const taken = await take(db, now, id, answer)
  if (!taken) throw invalid([{ field: 'captcha', message: taken === null ? '验证码已过期，请按新图片重新填写' : '验证码不对，请按新图片重新填写' }]) // prettier-ignore
}
