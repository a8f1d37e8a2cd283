// One person's story in a real browser: asked, enrolled, recognised, gone again, and what each page
// looks like on the way.
// Usage: node run.mjs ROOT PROGRAM CHROMIUM NODE_MODULES SHOTS
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { makeCamera } from "./camera.mjs";
import { declare, serve } from "./house.mjs";
import { story } from "./story.mjs";

const [root, program, executablePath, modules, shots] = process.argv.slice(2).map((path) => resolve(path));
const { chromium } = createRequire(join(modules, "/"))("playwright-core");
const QUIET = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];

const folder = mkdtempSync(join(tmpdir(), "faceward-browser-"));
const ends = [() => rmSync(folder, { recursive: true, force: true })];
try {
  rmSync(shots, { recursive: true, force: true });
  mkdirSync(shots, { recursive: true });
  const workshop = await chromium.launch({ executablePath, args: QUIET });
  const made = await makeCamera(await workshop.newPage(), root, folder);
  await workshop.close();
  console.log(`the camera shows ${made}`);
  const camera = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"];
  const browser = await chromium.launch({
    executablePath,
    args: [...QUIET, ...camera, `--use-file-for-fake-video-capture=${join(folder, "camera.mjpeg")}`],
  });
  ends.unshift(() => browser.close());
  const home = join(folder, "home");
  mkdirSync(home);
  declare(root, home);
  const house = await serve(program, home);
  ends.unshift(house.end);
  await story({ browser, house, home, root, folder, shots, program });
} finally {
  for (const end of ends) await end();
}
