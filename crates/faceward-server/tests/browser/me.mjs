// What people do on their own pages.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { asksFairly, byKeyboard } from "./consent.mjs";
import { MARKUP } from "./desk.mjs";
import { verifyReceipt } from "./house.mjs";

export async function agree(person, link, folder, program) {
  const { page } = person;
  await person.open(link);
  await person.shot("me-02-arrive");
  await person.press("Open my page");
  await person.shot("me-03-asked");
  await person.press("Read and answer");
  await asksFairly(page);
  await person.shot("me-04-consent");
  await byKeyboard(page, "agree");
  await person.shot("me-05-receipt");
  const saved = page.waitForEvent("download");
  await person.press("Save the signed receipt");
  const file = join(folder, "receipt.jws");
  await (await saved).saveAs(file);
  await checkInPage(person);
  await page.getByText("How anybody can check it").click();
  const told = await page.locator("details .mono").textContent();
  const keys = [...told.matchAll(/(--\S+) '([^']+)'/g)].flatMap(([, flag, key]) => [flag, key]);
  assert.match(verifyReceipt(program, file, keys), /the receipt holds: gym-access/);
  await person.shot("me-06-receipt-checked");
}

export async function refuse(other, link) {
  await other.open(link);
  await other.press("打开我的页面");
  assert.ok((await other.page.locator("main").textContent()).includes(MARKUP));
  await other.shot("me-07-asked-zh-dark");
  await other.press("阅读并答复");
  await asksFairly(other.page);
  await other.shot("me-08-consent-zh-dark");
  await byKeyboard(other.page, "refuse");
  await other.shot("me-09-refused-zh-dark");
}

export async function withdraw(person, home) {
  const { page } = person;
  await person.open("/me");
  await person.press("Take it back");
  await person.shot("me-10-withdraw");
  await person.press("Take it back");
  await person.shot("me-11-withdrawn");
  const offered = await page.getByText("Save the certificate of erasure").getAttribute("href");
  const folder = join(home, "erasures");
  const [kept, ...others] = readdirSync(folder);
  assert.deepEqual(others, []);
  assert.equal(offered.split(",")[1], readFileSync(join(folder, kept), "utf8").trimEnd());
}

export async function readOn(person) {
  const { page } = person;
  await person.open("/me");
  await person.shot("me-12-afterwards");
  await person.open("/me/history");
  assert.ok((await page.getByText("The search ended with a match").count()) > 0);
  await person.shot("me-13-history");
  await person.open("/me");
  await person.press("Receipt");
  await person.press("Make out the signed receipt");
  await checkInPage(person);
  await person.shot("me-14-receipt-afterwards");
}

/** Says that something is wrong, and then has everything deleted. */
export async function leave(person, home) {
  const { page } = person;
  await person.open("/me/correct");
  await page.getByLabel("What should be corrected").fill("My name is spelt with an accent.");
  await person.press("Send");
  await page.getByRole("heading", { level: 1, name: "Your request is on record" }).waitFor();
  await person.shot("me-15-corrected");
  await person.open("/me/delete");
  await person.press("Delete everything about me");
  await page.getByRole("heading", { level: 1, name: "You are deleted here" }).waitFor();
  await page.getByText("nothing is left").waitFor();
  await person.shot("me-16-deleted");
  assert.equal(readdirSync(join(home, "erasures")).length, 2);
  await person.open("/me");
  assert.equal(new URL(page.url()).pathname, "/me/over");
}

async function checkInPage(person) {
  await person.press("Check the signature here");
  await person.page.locator("#checked.good").waitFor();
}
