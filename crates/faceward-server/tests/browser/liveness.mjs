// A liveness session before a camera that shows two people, who are not let through.
import assert from "node:assert/strict";

import { Visitor } from "./visitor.mjs";

const WAYS = [
  { lang: "en", dark: true, start: "Start the camera", told: "Look straight ahead", over: "That did not work" },
  { lang: "zh", dark: false, start: "打开摄像头", told: "请正视前方", over: "检测未通过" },
];

export async function watched({ browser, origin, shots, key }) {
  for (const way of WAYS) {
    const mark = `${way.lang}-${way.dark ? "dark" : "light"}`;
    const { session, token } = await begin(origin, key);
    const somebody = await Visitor.arrive(browser, origin, shots, { ...way, phone: true, camera: true });
    const page = await somebody.open(`/liveness/${token}`);
    await page.evaluate(listen);
    await somebody.press(way.start);
    await page.getByText(way.over).waitFor();
    const [first] = await page.evaluate(() => globalThis.said);
    assert.equal(first, way.told);
    await somebody.shot(`liveness-outcome-${mark}`);
    const outcome = await ask(origin, key, `/v1/liveness/sessions/${session}`);
    assert.equal(outcome.status, "failed");
    assert.equal(outcome.reason, "several-faces");
    await somebody.open(`/liveness/${token}`);
    assert.equal(await page.locator("video").count(), 0, "a session is used once");
    await somebody.shot(`liveness-over-${mark}`);
    await somebody.leave();
  }
}

/** A session's identifier and the token of its page. */
export async function begin(origin, key) {
  const body = JSON.stringify({ statement: "the person agreed at the desk, form 17" });
  return ask(origin, key, "/v1/liveness/sessions", { method: "POST", body });
}

async function ask(origin, key, path, how = {}) {
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const answer = await fetch(origin + path, { ...how, headers });
  assert.ok(answer.ok, `${path}: ${answer.status}`);
  return answer.json();
}

// Runs in the page: what is told, in order.
function listen() {
  globalThis.said = [];
  const told = document.getElementById("told");
  new MutationObserver(() => said.push(told.textContent)).observe(told, { childList: true });
}
