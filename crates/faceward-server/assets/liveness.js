// Shows the camera and one instruction at a time, and sends frames. Nothing is decided here.
const watch = document.getElementById("watch");
const camera = document.getElementById("camera");
const told = document.getElementById("told");
const progress = document.getElementById("progress");
const start = document.getElementById("start");
const canvas = document.createElement("canvas");

function say(standing) {
  const text = watch.dataset[standing] ?? "";
  if (told.textContent !== text) told.textContent = text;
  told.hidden = false;
}

function frame() {
  const scale = Math.min(1, 640 / Math.max(camera.videoWidth, camera.videoHeight));
  canvas.width = Math.round(camera.videoWidth * scale);
  canvas.height = Math.round(camera.videoHeight * scale);
  canvas.getContext("2d").drawImage(camera, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
}

async function send() {
  const path = `/liveness/${watch.dataset.token}/frame`;
  const answer = await fetch(path, { method: "POST", body: await frame(), headers: { "content-type": "image/jpeg" } });
  if (answer.status === 429) return { wait: 1000 };
  if (answer.status === 422) return { wait: 200 };
  if (!answer.ok) return { standing: answer.status === 404 ? "over" : "failed" };
  return answer.json();
}

function end(stream, standing) {
  for (const track of stream.getTracks()) track.stop();
  camera.hidden = true;
  progress.hidden = true;
  say(standing);
}

async function run() {
  start.hidden = true;
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "user", width: { ideal: 640 } }, audio: false });
    camera.srcObject = stream;
    await camera.play();
  } catch {
    start.hidden = false;
    say("camera");
    return;
  }
  document.getElementById("before").hidden = true;
  camera.hidden = false;
  progress.hidden = false;
  say("straight");
  for (;;) {
    let next;
    try {
      next = await send();
    } catch {
      next = { wait: 1000 };
    }
    if (["passed", "failed", "over"].includes(next.standing)) {
      end(stream, next.standing);
      return;
    }
    if (next.standing) {
      progress.max = next.of;
      progress.value = next.done;
      say(next.standing);
    }
    await new Promise((done) => setTimeout(done, next.wait ?? 60));
  }
}

start.hidden = false;
start.addEventListener("click", run);
