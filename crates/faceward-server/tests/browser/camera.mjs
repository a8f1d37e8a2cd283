// A camera that shows two people, one of whom is to be enrolled, made by the browser's own decoders:
// from a clip where the test data lie beside the project, or else from the portraits of the demo.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const CLIP = "../shared/testdata/clips-dev/head-pose-face-detection-female-and-male.gif";

/** Writes `camera.mjpeg` and `portrait.jpg` into the folder; says what they were made of. */
export async function makeCamera(page, root, folder) {
  await page.route("**/*", (route) => route.fulfill({ contentType: "text/html", body: "" }));
  await page.goto("http://localhost/"); // decoders are for secure places
  const clip = join(root, CLIP);
  const made = existsSync(clip) ? await fromClip(page, clip) : await fromPortraits(page, join(root, "demo"));
  const bytes = (text) => Buffer.from(text, "base64");
  writeFileSync(join(folder, "camera.mjpeg"), Buffer.concat(made.frames.map(bytes)));
  writeFileSync(join(folder, "portrait.jpg"), bytes(made.portrait));
  return existsSync(clip) ? "a clip" : "two portraits";
}

async function fromClip(page, clip) {
  return page.evaluate(async (gif) => {
    const data = Uint8Array.from(atob(gif), (c) => c.charCodeAt(0));
    const decoder = new ImageDecoder({ data, type: "image/gif" });
    await decoder.tracks.ready;
    const canvas = document.createElement("canvas");
    const jpeg = () => canvas.toDataURL("image/jpeg", 0.92).split(",")[1];
    const draw = (image, [x, y, width, height], scale) => {
      [canvas.width, canvas.height] = [width * scale, height * scale];
      canvas.getContext("2d").drawImage(image, x, y, width, height, 0, 0, canvas.width, canvas.height);
      return jpeg();
    };
    const frames = [];
    let portrait;
    for (let frameIndex = 0; frameIndex < decoder.tracks.selectedTrack.frameCount; frameIndex++) {
      const { image } = await decoder.decode({ frameIndex });
      const [width, height] = [image.displayWidth, image.displayHeight];
      const whole = draw(image, [0, 0, width, height], 2);
      frames.push(whole, whole);
      portrait ??= draw(image, [0, 0, width / 2, height], 3);
      image.close();
    }
    return { frames, portrait };
  }, readFileSync(clip, "base64"));
}

async function fromPortraits(page, demo) {
  const picture = (name) => readFileSync(join(demo, name), "base64");
  return page.evaluate(
    async ({ left, right, portrait }) => {
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [1280, 720];
      const pen = canvas.getContext("2d");
      for (const [place, text] of [left, right].entries()) {
        const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
        const image = await createImageBitmap(new Blob([bytes]));
        const scale = Math.min(640 / image.width, 720 / image.height);
        pen.drawImage(image, place * 640, 0, image.width * scale, image.height * scale);
      }
      const frame = canvas.toDataURL("image/jpeg", 0.92).split(",")[1];
      return { frames: Array(10).fill(frame), portrait };
    },
    { left: picture("obama2.jpg"), right: picture("biden.jpg"), portrait: picture("obama.jpg") },
  );
}
