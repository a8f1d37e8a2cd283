// A school, whose pupils' parents decide: on the child's link, after saying who they are.
import assert from "node:assert/strict";
import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";

import { asksFairly, byKeyboard } from "./consent.mjs";
import { linkFor, signUp } from "./desk.mjs";
import { serve } from "./house.mjs";
import { Visitor } from "./visitor.mjs";

const PURPOSE = "reading-room";
const WAYS = [
  { lang: "en", dark: true, older: "18 or older", under: "Under 14", open: "Open my page", read: "Read and answer", on: "To the question", name: "Your name", parent: "mother or father" },
  { lang: "zh", dark: false, older: "已满十八周岁", under: "未满十四周岁", open: "打开我的页面", read: "阅读并答复", on: "查看问题", name: "您的姓名", parent: "父亲或母亲" },
];

export async function guardianDecides({ browser, root, folder, shots, program }) {
  const home = join(folder, "school");
  mkdirSync(home);
  copyFileSync(join(root, "examples/deployments/school.toml"), join(home, "deployment.toml"));
  const house = await serve(program, home);
  try {
    const owner = await Visitor.arrive(browser, house.url, shots);
    await signUp(owner, house.setup);
    for (const way of WAYS) await decides(browser, house.url, shots, owner, way);
    await owner.leave();
  } finally {
    await house.end();
  }
}

async function decides(browser, origin, shots, owner, way) {
  const mark = `${way.lang}-${way.dark ? "dark" : "light"}`;
  const child = `Pupil ${way.lang}`;
  const page = await owner.open("/console/people");
  await page.getByLabel("Somebody new").fill(child);
  await owner.press("Add");
  const link = await linkFor(owner, new URL(page.url()).pathname, PURPOSE);
  const family = await Visitor.arrive(browser, origin, shots, { ...way, phone: true });
  await family.open(link);
  await family.press(way.open);
  await family.press(way.read);
  await family.page.getByRole("button", { name: way.older }).waitFor();
  await family.shot(`child-1-age-${mark}`);
  await family.press(way.under);
  await family.shot(`child-2-who-decides-${mark}`);
  await family.page.getByLabel(way.name).fill("Maria <b> Lindt");
  await family.page.getByLabel(way.parent).check();
  await family.press(way.on);
  assert.ok((await family.page.locator("main").textContent()).includes(child));
  await asksFairly(family.page);
  await family.shot(`child-3-question-${mark}`);
  await byKeyboard(family.page, "agree");
  assert.match(new URL(family.page.url()).pathname, /^\/me\/receipt\//);
  await family.shot(`child-4-receipt-${mark}`);
  await family.leave();
}
