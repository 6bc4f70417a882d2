/** A small deterministic generator (mulberry32): the demonstration hospital is the same on every machine. */
export function seeded(seed: number): {
  next(): number
  pick<T>(list: readonly T[]): T
  whole(from: number, to: number): number
  chance(p: number): boolean
} {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  return {
    next,
    pick: (list) => list[Math.floor(next() * list.length)]!,
    whole: (from, to) => from + Math.floor(next() * (to - from + 1)),
    chance: (p) => next() < p,
  }
}
const surnames = [...'王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文'] // prettier-ignore
const given = [...'伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红建国志文海东晓云飞鹏辉宁博宇欣怡佳慧婷雪琳倩昊然子轩浩瑞晨曦思远嘉铭泽楠睿雅兰梅春秋冬青松柏峰岩川江波'] // prettier-ignore
export const makeName = (random: ReturnType<typeof seeded>): string =>
  random.pick(surnames) + random.pick(given) + (random.chance(0.7) ? random.pick(given) : '')
