// Somebody with a browser, who notices whatever a page should not do.
import assert from "node:assert/strict";
import { join } from "node:path";

/** What any visitor noticed. */
export const wrongs = [];

export class Visitor {
  /** Somebody new: their own cookies, language, colours and size of window. */
  static async arrive(browser, origin, shots, { lang = "en", dark = false, phone = false, camera = false } = {}) {
    const context = await browser.newContext({
      locale: lang === "zh" ? "zh-CN" : "en-GB",
      colorScheme: dark ? "dark" : "light",
      viewport: phone ? { width: 390, height: 844 } : { width: 1280, height: 900 },
      permissions: camera ? ["camera"] : [],
    });
    return new Visitor(context, await context.newPage(), origin, shots, { lang, dark });
  }

  constructor(context, page, origin, shots, how) {
    Object.assign(this, { context, page, origin, shots, ...how, expected: null });
    page.on("request", (request) => this.#asked(request.url()));
    page.on("response", (response) => this.#answered(response));
    page.on("dialog", (dialog) => this.#wrong(`a dialog: ${dialog.message()}`, dialog.dismiss()));
    page.on("pageerror", (error) => this.#wrong(`a script failed: ${error.message}`));
    page.on("console", (message) => {
      const known = this.expected !== null && message.location().url === this.expected;
      if (["error", "warning"].includes(message.type()) && !known) this.#wrong(message.text());
    });
  }

  #wrong(what) {
    wrongs.push(`${this.page.url()}: ${what}`);
  }

  #asked(url) {
    const inside = url.startsWith("data:") || url.startsWith("blob:") || url.startsWith(`${this.origin}/`);
    if (!inside) this.#wrong(`asked for ${url}`);
  }

  #answered(response) {
    if (response.request().resourceType() !== "document" || response.status() >= 300) return;
    const policy = response.headers()["content-security-policy"] ?? "";
    const strict = policy.includes("default-src 'none'") && policy.includes("script-src 'self'") && !policy.includes("unsafe");
    if (!strict) this.#wrong(`its policy is ${policy || "missing"}`);
  }

  async open(path, status = 200) {
    const url = path.startsWith("http") ? path : this.origin + path;
    this.expected = status === 200 ? null : url;
    const answer = await this.page.goto(url);
    assert.equal(answer.status(), status, url);
    return this.page;
  }

  /** Presses a button or follows a link by the words on it. */
  async press(words) {
    const { page } = this;
    const named = { name: words, exact: true };
    await page.getByRole("button", named).or(page.getByRole("link", named)).first().click();
    await page.waitForLoadState();
  }

  /** A picture of the whole page, which must fit its window, read well, and be in its language. */
  async shot(name) {
    const { page } = this;
    await page.evaluate(() => document.fonts.ready);
    const found = await page.evaluate(looks);
    for (const what of found.faults) this.#wrong(`${name}: ${what}`);
    if (found.lang !== (this.lang === "zh" ? "zh-Hans" : "en")) this.#wrong(`${name}: it is in ${found.lang}`);
    if (found.ground < 0.2 !== this.dark) this.#wrong(`${name}: it is ${found.ground.toFixed(2)} light`);
    await page.screenshot({ path: join(this.shots, `${name}.png`), fullPage: true, animations: "disabled" });
  }

  async leave() {
    await this.context.close();
  }
}

// Runs in the page: what does not fit, what can hardly be read, what has no name.
function looks() {
  const faults = [];
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) faults.push(`wider than its window by ${root.scrollWidth - root.clientWidth}`);
  const parse = (colour) => {
    const [red, green, blue, alpha = 1] = colour.match(/[\d.]+/g).map(Number);
    return { rgb: [red, green, blue], alpha };
  };
  const light = ({ rgb }) => {
    const [red, green, blue] = rgb.map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.alpha === 1) return colour;
    }
    return parse("rgb(255, 255, 255)");
  };
  for (const element of document.querySelectorAll("body *")) {
    const written = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!written || !element.checkVisibility() || element.matches(":disabled, .skip, noscript")) continue;
    const [front, back] = [light(parse(getComputedStyle(element).color)), light(behind(element))];
    const contrast = (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
    if (contrast < 4.5) faults.push(`contrast ${contrast.toFixed(1)} of “${element.textContent.trim().slice(0, 40)}”`);
  }
  for (const field of document.querySelectorAll("input:not([type=hidden], [hidden]), select, textarea")) {
    if (!field.labels?.length && !field.ariaLabel) faults.push(`a field without a label: ${field.outerHTML}`);
  }
  const depths = [...document.querySelectorAll("h1, h2, h3")].map((heading) => Number(heading.tagName[1]));
  if (depths.filter((depth) => depth === 1).length !== 1) faults.push("not one main heading");
  if (depths.some((depth, at) => at > 0 && depth > depths[at - 1] + 1)) faults.push("headings skip a level");
  return { faults, lang: root.lang, ground: light(behind(document.body)) };
}
