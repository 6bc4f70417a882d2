import type { Kernel } from '../kernel.ts'
import { buildIndexes } from '../store/index-build.ts'
import { repeatEvery } from './outbox.ts'

/** Looks every few seconds whether an index is wanted; where the owner's address is not given, another process does. */
export const startIndexing = (kernel: Kernel, ownerUrl: string, onError: (error: unknown) => void): (() => Promise<void>) =>
  repeatEvery(
    5000,
    async () => {
      if ((await buildIndexes(ownerUrl, kernel.defs, kernel.clock.now())).length) kernel.estimates.forget()
    },
    onError,
  )
