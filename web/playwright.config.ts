import { defineConfig } from "@playwright/test";

// Flags that keep Chromium from asking anything of anybody.
const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--use-fake-device-for-media-stream",
];

export default defineConfig({
  testDir: "tests",
  globalSetup: "./tests/serve.ts",
  workers: 2,
  timeout: 180_000,
  forbidOnly: true,
  reporter: "list",
  use: {
    trace: "off",
    launchOptions: { executablePath: process.env["FALTUNG_CHROMIUM"] ?? "/usr/bin/chromium", args },
  },
});
