import {defineConfig} from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.{ts,tsx}'],
    environment: 'node',
    restoreMocks: true,
    // Generous, for busy machines: nothing here measures time.
    testTimeout: 30_000,
    expect: {poll: {timeout: 20_000}},
    // The docs of @testing-library/react ask for it; without it renders outlive their test.
    globals: true,
  },
});
