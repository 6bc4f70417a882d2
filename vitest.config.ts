import { defineConfig } from 'vitest/config'

const isDeep = process.env.XINGLIN_DEEP === '1'
const unit = isDeep ? ['**/*.deep.test.ts'] : ['{kernel,modules,app,tools}/**/*.test.{ts,tsx}']
const never = ['**/node_modules/**', 'dist/**', 'data/**', ...(isDeep ? [] : ['**/*.deep.test.ts'])]

export default defineConfig({
  test: {
    maxWorkers: 2,
    reporters: ['default'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: unit,
          exclude: never,
          globalSetup: 'app/testing/global-setup.ts',
          testTimeout: isDeep ? 600_000 : 20_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['e2e/**/*.e2e.ts'],
          globalSetup: 'e2e/global-setup.ts',
          testTimeout: 180_000,
          // A page is as quick as the machine is free: a matcher waits for it as a locator does.
          expect: { poll: { timeout: 30_000 } },
          hookTimeout: 180_000,
        },
      },
    ],
  },
})
