// What makes a question a fair one: nothing is answered beforehand, and no is as easy as yes.
import assert from "node:assert/strict";

const answer = (page, word) => page.locator(`button[name=answer][value=${word}]`);

export async function asksFairly(page) {
  assert.equal(await page.locator("input:not([type=hidden]), select, textarea").count(), 0, "nothing is to be ticked");
  assert.equal(await page.locator("[autofocus]").count(), 0);
  assert.equal(await page.locator("form.answer").count(), 1, "one purpose at a time");
  const [yes, no] = await Promise.all(["agree", "refuse"].map((word) => look(answer(page, word))));
  assert.deepEqual(yes, no, "both answers have one size and one look");
}

async function look(button) {
  const { width, height } = await button.boundingBox();
  const style = await button.evaluate((element) => {
    const { color, backgroundColor, borderColor, fontSize, fontWeight, opacity } = getComputedStyle(element);
    return { color, backgroundColor, borderColor, fontSize, fontWeight, opacity };
  });
  return { width: Math.round(width), height: Math.round(height), ...style };
}

/** Answers with Tab and one key, from the top of the page, and leaves the page with it. */
export async function byKeyboard(page, word) {
  const stops = [];
  const here = () => page.evaluate(() => document.activeElement?.value ?? "");
  await page.evaluate(() => document.activeElement?.blur());
  for (let turn = 0; turn < 20 && !stops.includes("refuse"); turn++) {
    await page.keyboard.press("Tab");
    stops.push(await here());
  }
  const [yes, no] = ["agree", "refuse"].map((one) => stops.indexOf(one));
  assert.ok(yes >= 0 && no === yes + 1, `the answers are reached one after the other: ${stops}`);
  if (word === "agree") await page.keyboard.press("Shift+Tab");
  assert.equal(await here(), word);
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  assert.notEqual(outline, "none", "what has the focus shows it");
  const from = page.url();
  const moved = page.waitForNavigation();
  await page.keyboard.press(word === "agree" ? "Enter" : "Space");
  await moved;
  assert.ok(word === "refuse" || page.url() !== from);
}
