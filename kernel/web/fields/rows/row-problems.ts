import { createContext, use } from 'react'

/** Problems within sub-tables (`items.2.procedure`), handed down by the form: (input id) -> (row, key) -> problem. */
export const RowProblems = createContext<(inputId: string, path: string) => string | null>(() => null)
export function useRowProblems(inputId: string): (row: number, key: string) => string | null {
  const find = use(RowProblems)
  return (row, key) => find(inputId, `${row}.${key}`)
}
