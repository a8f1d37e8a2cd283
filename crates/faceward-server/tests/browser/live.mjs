// The live page before a camera.
import assert from "node:assert/strict";

/** The person is named, everybody else in the picture is not to be recognised. */
export async function named(owner, purpose, name) {
  const { page } = owner;
  await start(owner, purpose);
  const answer = await until(page, ({ faces }) => faces?.some((face) => face.name === name) && faces.some((face) => !face.name));
  await page.locator("#seen a", { hasText: name }).waitFor();
  await page.locator("#seen li", { hasText: "somebody not named" }).waitFor();
  for (const face of answer.faces) assert.ok(face.name === null || face.name === name, face.name);
  const measured = await page.waitForFunction(() => globalThis.measured);
  const { shown, hidden } = await measured.jsonValue();
  assert.ok(hidden * 3 < shown, `the unnamed face has ${hidden} of detail, the named one ${shown}`);
  await owner.shot("console-12-live");
  await stop(owner);
}

/** Faces are found, and none of them has a name. */
export async function nobodyNamed(owner, purpose) {
  const { page } = owner;
  await start(owner, purpose);
  for (let turn = 0; turn < 3; turn++) {
    const { faces } = await until(page, ({ faces }) => faces?.length > 0);
    assert.deepEqual(faces.filter((face) => face.name), []);
  }
  await page.locator("#seen li", { hasText: "somebody not named" }).first().waitFor();
  assert.equal(await page.locator("#seen a").count(), 0);
  await owner.shot("console-13-live-afterwards");
  await stop(owner);
}

async function start(owner, purpose) {
  const page = await owner.open("/console/live");
  await page.evaluate(watchDrawing);
  await page.getByLabel("Purpose").selectOption(purpose);
  await owner.press("Start the camera");
}

async function stop(owner) {
  await owner.press("Stop");
  await owner.page.getByText("The camera is off.").waitFor();
}

async function until(page, wanted) {
  for (;;) {
    const response = await page.waitForResponse((one) => one.url().includes("/console/live/frame"));
    assert.equal(response.status(), 200);
    const answer = await response.json();
    if (wanted(answer)) return answer;
  }
}

// Runs in the page: as each named face is labelled, which comes last, measures how much detail there
// is in the middle of it and of one without a name.
function watchDrawing() {
  const { fetch } = globalThis;
  let faces = [];
  globalThis.fetch = async (...said) => {
    const answer = await fetch(...said);
    ({ faces = [] } = await answer.clone().json());
    return answer;
  };
  const view = document.getElementById("view");
  const pen = new OffscreenCanvas(64, 64).getContext("2d", { willReadFrequently: true });
  const detail = ([x, y, width, height]) => {
    pen.drawImage(view, x + width * 0.2, y + height * 0.2, width * 0.6, height * 0.6, 0, 0, 64, 64);
    const { data } = pen.getImageData(0, 0, 64, 64);
    let sum = 0;
    for (let at = 4; at < data.length; at += 4) sum += Math.abs(data[at] - data[at - 4]);
    return (sum / data.length) * 4;
  };
  const { fillText } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.fillText = function (...said) {
    fillText.apply(this, said);
    const [known, other] = [faces.find((face) => face.name), faces.find((face) => !face.name)];
    if (known && other) globalThis.measured = { shown: detail(known.box), hidden: detail(other.box) };
  };
}
