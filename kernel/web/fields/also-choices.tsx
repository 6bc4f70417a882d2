import { createContext, use } from 'react'

/** What may be chosen beside what the server knows: records that are submitted together with this one. By record type. */
export type AlsoChoices = Readonly<Record<string, readonly { id: string; title: string }[]>>
export const AlsoChoicesContext = createContext<AlsoChoices>({})

/** The ones that fit what was typed. */
export function useAlsoChoices(target: string, typed: string): { id: string; title: string; hint: string }[] {
  const mine = use(AlsoChoicesContext)[target] ?? []
  const text = typed.trim().toLowerCase()
  return mine.filter(({ title }) => title.toLowerCase().includes(text)).map((one) => ({ ...one, hint: '本次一起提交' }))
}
