// Checks the signature of the receipt on this page, in this browser, with the key shown beside it.
const shown = document.getElementById("checked");
const button = document.getElementById("check");

function bytes(base64url) {
  const text = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

async function holds(jws, jwk) {
  const [header, payload, signature] = jws.split(".");
  const { kty, crv, x } = JSON.parse(jwk);
  const key = await crypto.subtle.importKey("jwk", { kty, crv, x }, "Ed25519", false, ["verify"]);
  const signed = new TextEncoder().encode(`${header}.${payload}`);
  return crypto.subtle.verify("Ed25519", key, bytes(signature), signed);
}

if (shown && button && globalThis.crypto?.subtle) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    let good = false;
    try {
      good = await holds(shown.dataset.jws, shown.dataset.key);
    } catch (error) {
      if (error.name === "NotSupportedError") {
        button.hidden = true; // this browser has no Ed25519
        return;
      }
    }
    shown.textContent = good ? shown.dataset.good : shown.dataset.bad;
    shown.className = good ? "note good" : "note bad";
    shown.hidden = false;
  });
}
