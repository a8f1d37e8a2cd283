// The live page: one frame at a time goes to the server; it is drawn once the answer is here, with
// everybody blurred who is not named. A frame without an answer is never shown.
"use strict";

const form = document.getElementById("live");
if (form) {
  const zh = form.dataset.lang === "zh";
  const say = (en, chinese) => (zh ? chinese : en);
  const [start, stop, told, view, who, seen] = ["start", "stop", "told", "view", "who", "seen"].map((id) => document.getElementById(id));
  const purpose = document.getElementById("purpose");
  const video = document.createElement("video");
  video.muted = true;
  video.playsInline = true;
  const grabbed = document.createElement("canvas");
  const APART = 200;
  const AROUND = 0.35;
  let stream = null;
  let names = "";

  const tell = (tone, text) => {
    told.hidden = !text;
    told.className = `note gap ${tone}`;
    if (told.textContent !== text) told.textContent = text;
  };

  function grab() {
    grabbed.width = video.videoWidth;
    grabbed.height = video.videoHeight;
    grabbed.getContext("2d").drawImage(video, 0, 0);
    return new Promise((resolve) => grabbed.toBlob(resolve, "image/jpeg", 0.85));
  }

  async function ask(frame) {
    const answer = await fetch(`/console/live/frame?purpose=${encodeURIComponent(purpose.value)}`, {
      method: "POST",
      headers: { "content-type": "image/jpeg", "x-csrf-token": form.dataset.csrf },
      body: frame,
      redirect: "error",
    });
    const body = await answer.json();
    if (!answer.ok) throw Object.assign(new Error(body.detail), { wait: Number(answer.headers.get("retry-after")) });
    return body;
  }

  // Down to a few squares and up again, so that nothing of the face is left in the picture.
  function hide(pen, source, [x, y, width, height]) {
    const left = Math.max(0, x - width * AROUND);
    const top = Math.max(0, y - height * AROUND);
    const wide = Math.min(view.width, x + width * (1 + AROUND)) - left;
    const high = Math.min(view.height, y + height * (1 + AROUND)) - top;
    if (wide < 1 || high < 1) return;
    const small = document.createElement("canvas");
    small.width = small.height = 6;
    small.getContext("2d").drawImage(source, left, top, wide, high, 0, 0, 6, 6);
    pen.drawImage(small, 0, 0, 6, 6, left, top, wide, high);
  }

  function draw(faces) {
    view.width = grabbed.width;
    view.height = grabbed.height;
    view.hidden = who.hidden = false;
    const pen = view.getContext("2d");
    pen.drawImage(grabbed, 0, 0);
    for (const face of faces.filter((one) => !one.name)) hide(pen, grabbed, face.box);
    pen.font = `600 ${Math.max(14, view.width / 36)}px system-ui, sans-serif`;
    pen.lineWidth = Math.max(2, view.width / 320);
    for (const face of faces.filter((one) => one.name)) {
      const [x, y, width, height] = face.box;
      pen.strokeStyle = "#2fbf8f";
      pen.strokeRect(x, y, width, height);
      pen.fillStyle = "#0d2a20cc";
      const text = pen.measureText(face.name).width;
      const size = parseInt(pen.font.match(/([0-9.]+)px/)[1], 10);
      pen.fillRect(x, y - size * 1.5, text + size, size * 1.5);
      pen.fillStyle = "#ffffff";
      pen.fillText(face.name, x + size / 2, y - size * 0.4);
    }
  }

  function blank() {
    view.getContext("2d").clearRect(0, 0, view.width, view.height);
    view.hidden = who.hidden = true;
    seen.replaceChildren();
    names = "";
  }

  function list(faces) {
    const now = JSON.stringify(faces.map((face) => [face.name, face.liveness > 0.5]));
    if (now === names) return;
    names = now;
    seen.replaceChildren(...faces.map((face) => {
      const item = document.createElement("li");
      if (face.name) {
        const link = document.createElement("a");
        link.href = face.href;
        link.textContent = face.name;
        item.append(link);
      } else {
        item.textContent = say("somebody not named", "未具名者");
      }
      const live = document.createElement("span");
      live.className = "soft small";
      live.textContent = ` ${say("liveness", "活体分数")} ${face.liveness.toFixed(2)}`;
      item.append(live);
      return item;
    }));
  }

  async function once() {
    const frame = await grab();
    if (!frame) return 0;
    const answer = await ask(frame);
    if (!stream) return 0;
    if (answer.outcome === "done") {
      draw(answer.faces);
      list(answer.faces);
      tell("", `${say("People who agreed and can be found:", "已同意且可被识别的人数：")} ${answer.people}`);
    } else {
      // Where faces were not found one by one, none can be hidden: the picture stays away.
      blank();
      const grounds = (answer.grounds || []).map((ground) => ground.article).join("; ");
      const refused = answer.outcome === "refused";
      tell(refused ? "bad" : "warn", refused ? `${say("Refused by law:", "依法拒绝：")} ${grounds || answer.detail}` : answer.detail);
    }
    return answer.outcome === "refused" ? 5000 : 0;
  }

  async function run() {
    while (stream) {
      const began = performance.now();
      let wait = 0;
      try {
        wait = await once();
      } catch (error) {
        blank();
        tell("bad", error.message || say("The server did not answer.", "服务器没有响应。"));
        wait = (error.wait || 2) * 1000;
      }
      const rest = Math.max(wait, APART - (performance.now() - began));
      await new Promise((resolve) => setTimeout(resolve, rest));
    }
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (stream) return;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { width: { ideal: 1280 }, height: { ideal: 720 } }, audio: false });
      video.srcObject = stream;
      await video.play();
    } catch (error) {
      stream = null;
      tell("bad", `${say("The camera cannot be used:", "无法使用摄像头：")} ${error.message}`);
      return;
    }
    start.hidden = true;
    stop.hidden = false;
    stop.focus();
    run();
  });

  const end = () => {
    if (!stream) return;
    for (const track of stream.getTracks()) track.stop();
    stream = null;
    blank();
    tell("", say("The camera is off.", "摄像头已关闭。"));
    stop.hidden = true;
    start.hidden = false;
    start.focus();
  };
  stop.addEventListener("click", end);
  globalThis.addEventListener("pagehide", end);
}
