// Every main page, as it looks in the middle of the story.
import { Visitor } from "./visitor.mjs";

const CONSOLE = {
  overview: "/console",
  due: "/console/due",
  people: "/console/people",
  links: "/console/links",
  live: "/console/live",
  ledger: "/console/ledger",
  entry: "/console/ledger/0",
  deployment: "/console/deployment",
  keys: "/console/keys",
  accounts: "/console/accounts",
  settings: "/console/settings",
  import: "/console/import",
};

const ME = { page: "/me", history: "/me/history", correct: "/me/correct", delete: "/me/delete" };

const WAYS = [
  { lang: "en", dark: false },
  { lang: "zh", dark: true },
];

export async function tour(browser, origin, shots, { desk: signedIn, me: opened, zoe, liveness, purpose }) {
  for (const how of WAYS) {
    const mark = `${how.lang}-${how.dark ? "dark" : "light"}`;
    const outside = await Visitor.arrive(browser, origin, shots, how);
    await outside.open("/login");
    await outside.shot(`tour-login-${mark}`);
    await refusedSignIn(outside, `tour-login-refused-${mark}`);
    await outside.open("/docs");
    await outside.shot(`tour-docs-${mark}`);
    await outside.open(liveness);
    await outside.shot(`tour-liveness-${mark}`);
    await outside.leave();
    const desk = await Visitor.arrive(browser, origin, shots, how);
    await desk.context.addCookies(signedIn);
    for (const [name, path] of Object.entries({ ...CONSOLE, person: zoe })) {
      await desk.open(path);
      if (name === "entry") await desk.page.locator("#result.good").waitFor();
      await desk.shot(`tour-${name}-${mark}`);
    }
    await desk.leave();
    for (const phone of [true, false]) {
      const person = await Visitor.arrive(browser, origin, shots, { ...how, phone });
      await person.context.addCookies(opened);
      for (const [name, path] of Object.entries({ ...ME, answered: `/me/ask/${purpose}`, withdraw: `/me/withdraw/${purpose}` })) {
        await person.open(path);
        await person.shot(`tour-me-${name}-${phone ? "phone" : "wide"}-${mark}`);
      }
      await person.leave();
    }
  }
}

async function refusedSignIn(outside, shot) {
  const { page } = outside;
  outside.expected = `${outside.origin}/login`;
  await page.locator("input[name=name]").fill("owner");
  await page.locator("input[name=password]").fill("not the password");
  await page.locator("main button").click();
  await page.getByRole("alert").waitFor();
  await outside.shot(shot);
}
