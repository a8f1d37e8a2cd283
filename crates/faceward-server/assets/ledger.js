// Checks in the browser that an entry is in the ledger: RFC 6962 hashes, RFC 9162 2.1.3.2 for the
// path, the C2SP signed note for the checkpoint. Nothing but WebCrypto.
"use strict";

const held = document.getElementById("proof").dataset;
const zh = held.lang === "zh";
const say = (en, chinese) => (zh ? chinese : en);
const encoder = new TextEncoder();

const unbase64 = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
const base64 = (bytes) => btoa(String.fromCharCode(...bytes));
const same = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);

function join(...parts) {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

async function sha256(...parts) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", join(...parts)));
}

const leafHash = (entry) => sha256([0], entry);
const nodeHash = (left, right) => sha256([1], left, right);

function readProof(text) {
  const [version, index, size, ...path] = text.trimEnd().split("\n");
  const number = (line, name) => {
    const found = line.match(new RegExp(`^${name} (0|[1-9][0-9]*)$`));
    if (!found) throw new Error(say("the proof is malformed", "证明格式有误"));
    return BigInt(found[1]);
  };
  if (version !== "faceward/inclusion-proof@v1") {
    throw new Error(say("the proof is of an unknown version", "证明版本未知"));
  }
  return { index: number(index, "index"), size: number(size, "size"), path: path.map(unbase64) };
}

// The root that the path leads to from the leaf.
async function climb(proof, leaf, told) {
  let node = proof.index;
  let last = proof.size - 1n;
  let hash = leaf;
  for (const sibling of proof.path) {
    if (last === 0n) throw new Error(say("the path is too long", "路径过长"));
    const right = (node & 1n) === 1n || node === last;
    if (right) {
      hash = await nodeHash(sibling, hash);
      while ((node & 1n) === 0n && node !== 0n) {
        node >>= 1n;
        last >>= 1n;
      }
    } else {
      hash = await nodeHash(hash, sibling);
    }
    told(sibling, right, hash);
    node >>= 1n;
    last >>= 1n;
  }
  if (last !== 0n) throw new Error(say("the path is too short", "路径过短"));
  return hash;
}

function readKey(text) {
  const [name, id, ...encoded] = text.split("+");
  const bytes = unbase64(encoded.join("+"));
  if (bytes[0] !== 1 || bytes.length !== 33) throw new Error(say("the key is no Ed25519 key", "密钥不是 Ed25519"));
  return { name, id, point: bytes.slice(1) };
}

// The signed text of a note, and whether this key signed it.
async function openNote(note, key) {
  const blank = note.lastIndexOf("\n\n");
  const text = note.slice(0, blank + 1);
  const digest = await sha256(encoder.encode(key.name), [10, 1], key.point);
  const id = digest.slice(0, 4);
  if ([...id].map((b) => b.toString(16).padStart(2, "0")).join("") !== key.id) {
    throw new Error(say("the key's identifier does not fit it", "密钥标识不符"));
  }
  const imported = await crypto.subtle.importKey("raw", key.point, { name: "Ed25519" }, false, ["verify"]);
  let signed = false;
  for (const line of note.slice(blank + 2).split("\n").filter(Boolean)) {
    const [dash, name, encoded] = line.split(" ");
    if (dash !== "—" || name !== key.name) continue;
    const bytes = unbase64(encoded);
    if (!same(bytes.slice(0, 4), id)) continue;
    signed = await crypto.subtle.verify({ name: "Ed25519" }, imported, bytes.slice(4), encoder.encode(text));
    if (!signed) break;
  }
  const [origin, size, root] = text.split("\n");
  return { signed, origin, size: BigInt(size), root: unbase64(root) };
}

const list = document.getElementById("checked");
const result = document.getElementById("result");

function step(good, text, value) {
  const item = document.createElement("li");
  const mark = document.createElement("span");
  mark.className = `tag ${good === null ? "" : good ? "good" : "bad"}`;
  mark.textContent = good === null ? say("worked out", "计算") : good ? say("holds", "成立") : say("does not hold", "不成立");
  item.append(mark, ` ${text} `);
  if (value) {
    const code = document.createElement("code");
    code.textContent = value;
    item.append(code);
  }
  list.append(item);
  return good !== false;
}

async function check(entry) {
  list.replaceChildren();
  const proof = readProof(held.proof);
  const leaf = await leafHash(entry);
  step(null, say("Hash of the entry, SHA-256(0x00 ‖ entry):", "条目的哈希 SHA-256(0x00 ‖ 条目)："), base64(leaf));
  const root = await climb(proof, leaf, (sibling, right, hash) =>
    step(null, right ? say("joined with the hash on its left gives:", "与左侧哈希合并得：") : say("joined with the hash on its right gives:", "与右侧哈希合并得："), base64(hash)));
  const note = await openNote(held.checkpoint, readKey(held.key));
  const holds = [
    step(note.size === proof.size, say("The checkpoint speaks of as many entries as the path:", "检查点与路径的条目数一致："), String(note.size)),
    step(same(root, note.root), say("The path leads to the root in the checkpoint:", "路径通向检查点中的根："), base64(note.root)),
    step(note.signed, say("The checkpoint is signed (Ed25519) by the key of", "检查点由以下账本的密钥签名（Ed25519）："), note.origin),
  ];
  return holds.every(Boolean);
}

function tell(tone, text) {
  result.className = `note ${tone}`;
  result.textContent = text;
}

async function run(entry) {
  try {
    if (await check(entry)) {
      tell("good", say("Proven: this entry is in the signed ledger, unchanged.", "已证明：此条目在签名账本中，且未被更改。"));
    } else {
      tell("bad", say("Not proven: this entry is not what the signed ledger holds.", "未能证明：此条目与签名账本的内容不符。"));
    }
  } catch (error) {
    const missing = error.name === "NotSupportedError";
    tell("bad", missing ? say("This browser does not know Ed25519; use a newer one.", "此浏览器不支持 Ed25519，请使用较新的浏览器。") : `${say("Not proven:", "未能证明：")} ${error.message}`);
  }
}

if (!globalThis.crypto?.subtle) {
  tell("warn", say("The browser offers its cryptography only over HTTPS or on this machine itself.", "浏览器仅在 HTTPS 或本机访问时提供加密功能。"));
} else {
  const entry = unbase64(held.entry);
  const shown = document.getElementById("shown");
  const written = shown.textContent;
  const tamper = document.getElementById("tamper");
  const restore = document.getElementById("restore");
  document.getElementById("controls").hidden = false;
  tamper.addEventListener("click", async () => {
    const changed = entry.slice();
    // The last digit of the moment: the smallest lie there is.
    const at = new TextDecoder("latin1").decode(entry).search(/[0-9]Z"/);
    const place = at < 0 ? Math.floor(entry.length / 2) : at;
    changed[place] ^= 1;
    shown.textContent = new TextDecoder().decode(changed);
    await run(changed);
    tamper.hidden = true;
    restore.hidden = false;
    restore.focus();
  });
  restore.addEventListener("click", async () => {
    shown.textContent = written;
    await run(entry);
    restore.hidden = true;
    tamper.hidden = false;
    tamper.focus();
  });
  run(entry);
}
