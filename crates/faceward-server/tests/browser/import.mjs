// People are taken over from a CompreFace that answers when it is told to.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";

import { NAME, PURPOSE, recordOnPaper } from "./desk.mjs";
import { Visitor } from "./visitor.mjs";

const AGREED = "Ann Lee";
const PEOPLE = { "Aaron <b>": 1, [AGREED]: 3, Bo: 2, [NAME]: 1, Zu: 1 };

export async function imports({ browser, owner, root, shots }) {
  const page = await owner.open("/console/people");
  await page.getByLabel("Somebody new").fill(AGREED);
  await owner.press("Add");
  await recordOnPaper(owner, new URL(page.url()).pathname);
  const other = await compreface(join(root, "demo/obama.jpg"));
  try {
    await owner.open("/console/people");
    await owner.press("Import from CompreFace");
    await owner.shot("console-17-import");
    await page.getByLabel("For which purpose").fill(PURPOSE);
    await page.getByLabel("Key of its recognition service").fill("k-1");
    await page.getByLabel("Address of the CompreFace server").fill(other.url);
    await owner.press("Begin the import");
    await page.getByText("3 / 8").waitFor();
    await owner.shot("console-18-import-under-way");
    const desk = await owner.context.cookies();
    const chinese = await Visitor.arrive(browser, owner.origin, shots, { lang: "zh", dark: true });
    await chinese.context.addCookies(desk);
    await chinese.open("/console/import");
    await chinese.shot("console-18-import-under-way-zh-dark");
    await owner.press("Stop");
    await page.getByText("It stops after the person").waitFor();
    await owner.shot("console-19-import-stopping");
    other.release();
    await page.getByText("The import was stopped.").waitFor();
    await page.getByLabel("For which purpose").fill(PURPOSE);
    await page.getByLabel("Key of its recognition service").fill("k-1");
    await page.getByLabel("Address of the CompreFace server").fill(other.url);
    await owner.press("Begin the import");
    await page.getByText("The import is done.").waitFor();
    assert.equal(await page.locator("tbody tr").count(), Object.keys(PEOPLE).length);
    assert.equal(await page.locator("tbody b").count(), 0);
    await owner.shot("console-20-import-work-list");
    await chinese.open("/console/import");
    await chinese.shot("console-20-import-work-list-zh-dark");
    await chinese.leave();
  } finally {
    other.end();
  }
}

/** Each person's first example has a picture, the second none; the third waits. */
async function compreface(picture) {
  let release;
  const waits = new Promise((resolve) => (release = resolve));
  const faces = Object.entries(PEOPLE).flatMap(([subject, count], at) =>
    Array.from({ length: count }, (_, n) => ({ subject, image_id: `${at}-${n}` })),
  );
  const server = createServer(async (request, answer) => {
    const path = request.url.replace("/api/v1/recognition", "");
    if (path === "/subjects") answer.end(JSON.stringify({ subjects: Object.keys(PEOPLE) }));
    else if (path.startsWith("/faces?")) answer.end(JSON.stringify({ faces, total_pages: 1 }));
    else {
      if (path.includes("-2/")) await waits;
      answer.end(path.includes("-0/") ? readFileSync(picture) : "");
    }
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return { url: `http://127.0.0.1:${server.address().port}`, release, end: () => server.close() };
}
