// Shows how far the import is, and loads the page again when it is over.
const every = 1000;

async function look() {
  const answer = await fetch(location.pathname);
  if (answer.redirected) return location.reload(); // signed out meanwhile
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const [shown, now] = [document, page].map((one) => one.getElementById("progress"));
  if (!now?.hasAttribute("data-running")) return location.reload();
  shown.replaceWith(now);
  setTimeout(watch, every);
}

function watch() {
  look().catch(() => setTimeout(watch, 5 * every)); // the server does not answer just now
}

setTimeout(watch, every);
