// Takes the README's pictures: npm --prefix tests/browser run screenshots
import { defineConfig } from '@playwright/test';
import tests from './playwright.config.ts';

export default defineConfig({ ...tests, testMatch: 'screenshots.ts', projects: [{ name: 'pictures', use: tests.projects![0]!.use }] });
