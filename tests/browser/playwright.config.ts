// Debian's Chromium, as a phone and as a desktop, in light and in dark.
import { existsSync } from 'node:fs';
import { defineConfig, devices } from '@playwright/test';

const chromium = process.env.CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync);

const desktop = { ...devices['Desktop Chrome'] };
const phone = { ...devices['Pixel 7'] };

export default defineConfig({
  testDir: '.',
  globalSetup: './demo-template.ts',
  fullyParallel: true,
  workers: 2,
  timeout: 60_000,
  forbidOnly: !!process.env.CI,
  reporter: [['list']],
  use: {
    locale: 'fr-FR',
    timezoneId: 'Europe/Paris',
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: chromium,
      args: [
        '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
        '--disable-background-networking', '--disable-component-update', '--disable-sync',
      ],
    },
  },
  projects: [
    { name: 'desktop', use: { ...desktop, colorScheme: 'light' } },
    { name: 'desktop dark', use: { ...desktop, colorScheme: 'dark' } },
    { name: 'phone', use: { ...phone, colorScheme: 'light' } },
    { name: 'phone dark', use: { ...phone, colorScheme: 'dark' } },
  ],
});
