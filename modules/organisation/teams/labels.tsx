import { useCallback } from 'react'
import { choiceLabel, type Choices } from '#model'
import { useCatalog } from '#kernel/web/definitions/use-catalog.tsx'

export type Label = (resource: string, field: string, value: string | null) => string | null
/** What a choice is called here: the hospital's own ones have names, too. */
export function useLabels(): Label {
  const catalog = useCatalog()
  return useCallback(
    (resource, field, value) => {
      const { choices } = (catalog.resource(resource)?.fields[field]?.options ?? {}) as { choices?: Choices }
      return value !== null && choices ? choiceLabel(choices, value) : value
    },
    [catalog],
  )
}
