// CompreFace's own JavaScript SDK against a house: the first argument is the program that serves
// it, the second the folder where the SDK is installed. Where Faceward answers differently on
// purpose, the difference is what is asserted.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative } from "node:path";
import { createInterface } from "node:readline";

const [, , program, installed] = process.argv;
const require = createRequire(join(installed, "index.js"));
const { CompreFace } = await import(require.resolve("@exadel/compreface-js-sdk"));
const NOBODY = "00000000-0000-4000-8000-000000000000";

async function main(house) {
  const compreface = () => new CompreFace("http://127.0.0.1", house.port);
  const recognition = compreface().initFaceRecognitionService(house.recognition);
  const verification = compreface().initFaceVerificationService(house.verification);
  const detection = compreface().initFaceDetectionService(house.detection);
  // A handle adds to its address with every call: each call takes a fresh one.
  const subjects = () => recognition.getSubjects();
  const faces = () => recognition.getFaceCollection();
  const bytes = (name) => readFileSync(join(house.pictures, name));
  const base64 = (name) => bytes(name).toString("base64");
  // Only what begins with a dot is taken for a path.
  const path = (name) => {
    const found = relative(".", join(house.pictures, name));
    return found.startsWith(".") ? found : `./${found}`;
  };
  const code = async (asked, expected) => {
    const error = await asked.then(
      (answer) => assert.fail(JSON.stringify(answer)),
      (error) => error,
    );
    const said = error.response?.data ?? error;
    assert.equal(said.code, expected, JSON.stringify(said));
  };
  const quietly = async (ask) => {
    // The SDK prints the key when it lists subjects.
    const log = console.log;
    console.log = () => {};
    return ask().finally(() => (console.log = log));
  };

  const known = () => quietly(() => subjects().list());
  assert.deepEqual(await known(), { subjects: ["Ann Lee", "Bob"] });
  assert.deepEqual(await subjects().add("Cleo"), { subject: "Cleo" });
  await code(subjects().add("cleo"), 43);
  assert.deepEqual(await subjects().rename("Cleo", "Dora"), { updated: true });
  await code(subjects().rename("Nobody", "Somebody"), 42);

  // Options without a limit are joined by question marks: they are still options.
  const options = { det_prob_threshold: 0.3 };
  const added = await faces().add(path("a1.jpg"), "Ann Lee", options);
  assert.equal(added.subject, "Ann Lee");
  const second = await faces().add(base64("a2.jpg"), "Ann Lee", options);
  await code(faces().add(path("a1.jpg"), "Dora", options), 1001);
  await code(faces().add(path("two.bmp"), "Ann Lee", options), 31);
  await code(faces().add(path("nobody.bmp"), "Ann Lee", options), 28);
  assert.equal((await faces().list()).total_elements, 2);
  const checked = await faces().verify(path("a2.jpg"), added.image_id, { limit: 0 });
  assert.ok(checked.result[0].similarity > 0.9);
  assert.equal(checked.result[0].subject, "Ann Lee");
  await code(faces().verify(path("a2.jpg"), NOBODY, { limit: 0 }), 44);

  const all = { limit: 0, prediction_count: 2, face_plugins: "age,gender,pose,calculator", status: "true" };
  for (const picture of [path("a2.jpg"), base64("a2.jpg"), bytes("a2.jpg")]) {
    const told = await recognition.recognize(picture, all);
    const [face] = told.result;
    assert.deepEqual(face.subjects.map((one) => one.subject), ["Ann Lee", "Ann Lee"]);
    assert.equal(face.embedding.length, 512);
    assert.ok(Number.isFinite(face.pose.yaw) && told.plugins_versions.pose);
    assert.ok(!("age" in face || "gender" in face));
  }
  await code(recognition.recognize(path("nobody.bmp"), {}), 28);

  const glued = { det_prob_threshold: 0.3, face_plugins: "landmarks,pose", status: "true" };
  for (const picture of [path("two.bmp"), base64("two.bmp")]) {
    const found = await detection.detect(picture, glued);
    assert.equal(found.result.length, 2);
    assert.equal(found.result[0].landmarks.length, 5);
    assert.ok(found.plugins_versions.detector);
  }
  const same = await verification.verify(path("a1.jpg"), path("a2.jpg"), { limit: 1, status: "true" });
  assert.equal(same.result.length, 1);
  assert.ok(same.result[0].face_matches[0].similarity > 0.9);
  assert.ok(same.result[0].plugins_versions);
  const other = await verification.verify(base64("a1.jpg"), base64("b1.jpg"), { limit: 1 });
  assert.ok(other.result[0].face_matches[0].similarity < 0.5);
  await code(verification.verify(path("two.bmp"), path("a2.jpg"), { limit: 0 }), 31);

  await faces().add(path("b1.jpg"), "Bob", options);
  await code(subjects().rename("Bob", "Ann Lee"), 1003);
  const deleted = await faces().delete_multiple_images([added.image_id, NOBODY]);
  assert.deepEqual(deleted, [{ image_id: added.image_id, subject: "Ann Lee" }]);
  await code(faces().delete(added.image_id), 44);
  assert.deepEqual(await faces().delete(second.image_id), { image_id: second.image_id, subject: "Ann Lee" });
  assert.deepEqual(await faces().delete_all_subject("Ann Lee"), { deleted: 0 });
  assert.deepEqual(await faces().delete_all(), { deleted: 1 });
  assert.deepEqual(await known(), { subjects: ["Ann Lee", "Bob", "Dora"] });
  assert.deepEqual(await subjects().delete("Dora"), { subject: "Dora" });
  const careful = compreface().initFaceRecognitionService(house.careful);
  await code(careful.getSubjects().deleteAll(), 1011);
  assert.deepEqual(await subjects().deleteAll(), { deleted: 2 });
  const wrong = compreface().initFaceRecognitionService(house.detection);
  await code(wrong.getFaceCollection().list(), 10);
}

const served = spawn(program, { stdio: ["pipe", "pipe", "inherit"] });
try {
  const [line] = await once(createInterface({ input: served.stdout }), "line");
  await main(JSON.parse(line));
} finally {
  served.stdin.end();
}
console.log("@exadel/compreface-js-sdk 1.0.0: conforms");
